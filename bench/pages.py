"""Measures the pages of one data folder against the bare page, round by round in turn.

What is measured is the processor time of this process: it depends less than the clock on what else the
machine does. Prints one JSON object: the numbers of citizens and courses, and `Measured` by page.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import devservices
from devservices.upgrade import bring_up_to_date

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
bring_up_to_date()

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import Membership, Project, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from cases.course_pages import CoursePage, page_url  # noqa: E402
from cases.models import Citizen, Course  # noqa: E402
from grants.reckoning.compute import compute, default_cut_off  # noqa: E402
from jobfirst import clock  # noqa: E402
from jobfirst.kit.pages import PAGE_SIZE  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402

WARM_UP = 5
BARE = "bare page"
LEADER_OF_ALL = "leder.af.alle@demo.invalid"


class Measured(NamedTuple):
    """The median processor time of a page, in milliseconds; as a multiple of the bare page's; its queries."""

    milliseconds: float
    ratio: float
    queries: int


def client(role: str) -> Client:
    """A signed-in browser of somebody with the role, in the project with the most courses."""
    users = User.objects.exclude(email=LEADER_OF_ALL)
    user = users.filter(memberships__role=role).order_by("email").first()
    if role == Role.PROJECT_LEADER:
        largest = Course.objects.values_list("project", flat=True).order_by("project").distinct()
        project = max(largest, key=lambda pk: Course.objects.filter(project=pk).count())
        user = users.get(memberships__role=role, memberships__project=project)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    return browser


def leader_of_all() -> Client:
    """A signed-in browser of somebody who leads every project: the longest list of courses there is."""
    user, _is_new = User.objects.get_or_create(email=LEADER_OF_ALL)
    for project in Project.objects.exclude(memberships__user=user):
        Membership.objects.create(user=user, project=project, role=Role.PROJECT_LEADER)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    return browser


def last_page() -> str:
    """The address of the last page of all courses (at most the 400th), as its link names it."""
    number = min(400, -(-Course.objects.count() // PAGE_SIZE))
    place = (number - 1) * PAGE_SIZE - 1
    before = Course.objects.values_list("public_id", flat=True)[place] if place >= 0 else ""
    return f"{reverse('cases:courses')}?page={number}&after={before}"


def page(browser: Client, address: str) -> Callable[[], None]:
    """A call that fetches the page and makes sure it was the page."""

    def fetch() -> None:
        response = browser.get(address)
        assert response.status_code == 200, (address, response.status_code)

    return fetch


def statement() -> None:
    """The year's statement over all projects, as `grant_statement` reckons it."""
    year = clock.today().year
    compute(year, default_cut_off(year), Project.objects.all())


def queries(call: Callable[[], None]) -> int:
    """How many queries one call makes."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def measure(calls: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median seconds of processor time per call, taken in turn so that a change of pace hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(WARM_UP + rounds):
        for name, call in calls.items():
            if name == "statement" and number % 10:
                continue  # slow, and not a page: a tenth of the rounds is enough
            begin = time.process_time()
            call()
            if number >= WARM_UP:
                times[name].append(time.process_time() - begin)
    return {name: statistics.median(seconds) for name, seconds in times.items() if seconds}


def pages() -> dict[str, Callable[[], None]]:
    """What is measured: the leader's pages, and the statement as a command makes it."""
    leader = client(Role.PROJECT_LEADER)
    leads = User.objects.get(pk=leader.session["_auth_user_id"]).project_ids(Role.PROJECT_LEADER)
    course = Course.objects.filter(project__in=leads, plans__isnull=False).first()
    return {
        BARE: page(leader, "/bare/"),
        "course list": page(leader, reverse("cases:courses")),
        "all courses": page(leader_of_all(), reverse("cases:courses")),
        "all courses, last page": page(leader_of_all(), last_page()),
        "company list": page(leader, reverse("companies:companies")),
        "course overview": page(leader, page_url(course.public_id)),
        "course meetings": page(leader, page_url(course.public_id, CoursePage.MEETINGS)),
        "leader dashboard": page(leader, reverse("evaluation:dashboard")),
        "my week": page(client(Role.MENTOR), reverse("cases:my_week")),
        "my meetings": page(client(Role.COURSE_OWNER), reverse("cases:my_meetings")),
        "my placements": page(client(Role.JOB_CONSULTANT), reverse("companies:my_placements")),
        "statement": statement,
    }


@all_projects("the whole trial is measured")
def main(rounds: int) -> None:
    """Print what was measured."""
    # Not setup_test_environment: it copies the context of every template rendered, which no server does.
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "bench.bare"
    calls = pages()
    counts = {name: queries(call) for name, call in calls.items()}
    medians = measure(calls, rounds)
    measured = {
        name: Measured(seconds * 1e3, seconds / medians[BARE], counts[name])
        for name, seconds in medians.items()
    }
    sizes = {"citizens": Citizen.objects.count(), "courses": Course.objects.count()}
    print(json.dumps({**sizes, "pages": measured}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
