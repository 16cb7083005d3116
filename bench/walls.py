"""Measures the main pages with the wall between projects and without it (jobfirst/row_security), in one run.

In turn the owner takes the wall of every table away and puts it up again, and each page is fetched some
times; without it nothing is told to the server either. What is measured is the processor time of this process
and of the database's process that serves it (Linux, the database on this machine): it depends less than the
clock on what else the machine does. Prints one JSON object: the numbers of citizens and courses, and
`WallCost` by page.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from bench.pages import BARE, client, leader_of_all, page, queries  # begins Django

from django.conf import settings  # isort: skip
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from cases.course_pages import CoursePage, page_url
from cases.models import Citizen, Course
from jobfirst.database.owner import as_owner
from jobfirst.row_security.context import all_projects
from jobfirst.row_security.postgresql.base import DatabaseWrapper
from jobfirst.row_security.rules import walled_models

TURNS, WARM_UP = 6, 2


class WallCost(NamedTuple):
    """A page's median milliseconds with and without the wall, their ratio, and the page's queries."""

    with_wall: float
    without: float
    ratio: float
    queries: int


@contextmanager
def without_walls() -> Iterator[None]:
    """Take the walls away inside the block; the server is told nothing meanwhile."""
    tell = DatabaseWrapper.tell_projects
    switch_walls("DISABLE")
    DatabaseWrapper.tell_projects = lambda self: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        DatabaseWrapper.tell_projects = tell  # type: ignore[method-assign]
        switch_walls("ENABLE")


def switch_walls(way: str) -> None:
    with as_owner() as owner, owner.cursor() as cursor:
        for model in walled_models():
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {way} ROW LEVEL SECURITY')


def pages() -> dict[str, Callable[[], None]]:
    """Lists and the pages of a course, of the leader of the largest project, and of one who leads all."""
    leader = client(Role.PROJECT_LEADER)
    leads = User.objects.get(pk=leader.session["_auth_user_id"]).project_ids(Role.PROJECT_LEADER)
    course = Course.objects.filter(project__in=leads, plans__isnull=False).first()
    return {
        BARE: page(leader, "/bare/"),
        "course list": page(leader, reverse("cases:courses")),
        "course list, search": page(leader, f"{reverse('cases:courses')}?q=an"),
        "all courses": page(leader_of_all(), reverse("cases:courses")),
        "company list": page(leader, reverse("companies:companies")),
        "referrals": page(leader, reverse("cases:referrals")),
        "course overview": page(leader, page_url(course.public_id)),
        "course meetings": page(leader, page_url(course.public_id, CoursePage.MEETINGS)),
        "my week": page(client(Role.MENTOR), reverse("cases:my_week")),
        "leader dashboard": page(leader, reverse("evaluation:dashboard")),
    }


def processor_seconds() -> float:
    """Return the processor time of this process and of its connection's process of the server."""
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(schedule.split()[0]) / 1e9


def times_of(calls: dict[str, Callable[[], None]], rounds: int, times: dict[str, list[float]]) -> None:
    """Add the milliseconds of each call, in turn; the first rounds warm up."""
    for number in range(rounds + WARM_UP):
        for name, call in calls.items():
            began = processor_seconds()
            call()
            if number >= WARM_UP:
                times[name].append((processor_seconds() - began) * 1e3)


@all_projects("the whole trial is measured")
def main(rounds: int) -> None:
    """Print what was measured."""
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "bench.bare"
    calls = pages()
    counts = {name: queries(call) for name, call in calls.items()}
    with_walls: dict[str, list[float]] = {name: [] for name in calls}
    without: dict[str, list[float]] = {name: [] for name in calls}
    for _turn in range(TURNS):
        times_of(calls, rounds // TURNS, with_walls)
        with without_walls():
            times_of(calls, rounds // TURNS, without)
    measured = {}
    for name in calls:
        walled, bare = statistics.median(with_walls[name]), statistics.median(without[name])
        measured[name] = WallCost(walled, bare, walled / bare, counts[name])
    sizes = {"citizens": Citizen.objects.count(), "courses": Course.objects.count()}
    sys.stdout.write(json.dumps({**sizes, "pages": measured}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
