"""The pages and the nightly work of the evaluation against their bare SQL, in a filled data folder.

Run it as `python -m bench.evaluation`. Of each page: its processor time, of this process and of the
database's process that serves it (as `bench.walls`: it depends little on what else the machine does), as a
multiple of its own SELECTs sent bare to the database, one after the other, with their rows fetched; how many
queries it makes; and its time as a multiple of the bare page's (`bench.bare`). All take turns. The database
works without helper processes, whose time would not be counted. Prints one JSON object.

The leader's page is drawn once for as long as nothing changes. It is measured twice: drawn each time, and
from the cache; both as multiples of the SELECTs that count its figures.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple
from unittest import mock

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

from accounts.models import Project, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from cases.models import Course, MentorContact  # noqa: E402
from evaluation.models import PaidHours  # noqa: E402
from evaluation.outcomes.citizen_months import citizen_months  # noqa: E402
from evaluation.outcomes.period import chosen_period  # noqa: E402
from evaluation.outcomes.report import make_outcomes  # noqa: E402
from evaluation.publication.actions import publish_due  # noqa: E402
from evaluation.summaries import facts, stored  # noqa: E402
from jobfirst import clock  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402

#: Seconds after which a page is not measured again.
PATIENCE = 60
BARE = "bare page"
DRAWN, FROM_CACHE = "leader's page, drawn", "leader's page"
SELECTS = ("SELECT", "WITH")


class MeasuredPage(NamedTuple):
    """The median time of a page in milliseconds; as a multiple of that of the bare SQL of its figures and of
    that of the bare page; its queries."""

    milliseconds: float
    to_sql: float
    to_page: float
    queries: int


def client(**conditions: object) -> Client:
    """A signed-in browser of the first user who fulfils the conditions."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(User.objects.filter(**conditions).order_by("email")[0])
    return browser


def largest_project() -> Project:
    """The project with the most courses."""
    return max(Project.objects.all(), key=lambda project: Course.objects.filter(project=project).count())


def pages() -> dict[str, Callable[[], None]]:
    """The measured pages, by name: those of a leader are of the largest project."""
    leader = client(memberships__role=Role.PROJECT_LEADER, memberships__project=largest_project())
    agency = client(memberships__role=Role.AGENCY)
    dashboard = page(leader, reverse("evaluation:dashboard"))
    return {
        BARE: page(leader, "/bare/"),
        DRAWN: partial(as_after_a_change, dashboard),
        FROM_CACHE: dashboard,
        "measures, weekly contact": page(leader, reverse("evaluation:measure", args=["weekly_contact"])),
        "nine elements": page(leader, reverse("evaluation:elements")),
        "nine elements, all projects": page(agency, reverse("evaluation:trial_elements")),
        "projects side by side": page(agency, reverse("evaluation:comparison")),
        "the trial, drawn": partial(as_after_a_change, page(agency, reverse("evaluation:trial"))),
        "the trial, from the cache": page(agency, reverse("evaluation:trial")),
        "results, drawn": partial(as_after_a_change, page(agency, reverse("evaluation:results"))),
        "results, from the cache": page(agency, reverse("evaluation:results")),
        "paid hours": page(agency, reverse("evaluation:paid_hours")),
        "citizen-months of the outcomes": months_of_outcomes,
    }


def as_after_a_change(fetch: Callable[[], None]) -> None:
    """Fetch a page while nothing drawn before holds."""
    with mock.patch.object(facts, "position", return_value=None):
        fetch()


def months_of_outcomes() -> None:
    """The data step of `outcomes`: every drawn citizen with the delivered months."""
    period = chosen_period(None, None)
    assert period is not None
    citizen_months(period)


def outcomes() -> None:
    """The command `outcomes`, without what it prints."""
    period = chosen_period(None, None)
    make_outcomes(period, projects=list(Project.objects.all()), on=clock.today())


def refresh_figures() -> None:
    """The figures of the night, all months anew."""
    stored.refresh(clock.today())


#: What runs in the worker or as a command, in this order: the pages show what it stores. It takes seconds to
#: minutes, and is measured once.
WORK: dict[str, Callable[[], None]] = {"refresh_figures": refresh_figures, "outcomes": outcomes}


def page(browser: Client, address: str) -> Callable[[], None]:
    """A call that fetches the page and makes sure it was the page."""

    def fetch() -> None:
        response = browser.get(address)
        assert response.status_code == 200, (address, response.status_code)

    return fetch


def selects(call: Callable[[], None]) -> tuple[list[str], int]:
    """Return the SELECTs that the call sends, and how many queries it makes in all."""
    with CaptureQueriesContext(connection) as captured:
        call()
    statements = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in statements if sql.lstrip("( ").upper().startswith(SELECTS)], len(statements)


def send(statements: list[str]) -> None:
    """Send the statements and fetch their rows."""
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            cursor.fetchall()


def medians(calls: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median seconds of processor time of each call, taken in turn so that a change of pace hits all alike;
    fewer rounds, but two, when they take longer than `PATIENCE` by the clock."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    for number in range(rounds):
        if number > 1 and time.perf_counter() - start > PATIENCE:
            break
        for name, call in calls.items():
            times[name].append(seconds_of(call))
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def processor_seconds() -> float:
    """Return the processor time of this process and of its connection's process of the server."""
    connection.ensure_connection()
    schedule = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return time.process_time() + int(schedule.split()[0]) / 1e9


def seconds_of(call: Callable[[], object]) -> float:
    """How much processor time the call takes."""
    begin = processor_seconds()
    call()
    return processor_seconds() - begin


def measured_once(call: Callable[[], None], bare: Callable[[], None]) -> MeasuredPage:
    """Work that takes long, its SELECTs and a bare page, one after the other."""
    begin = processor_seconds()
    statements, queries = selects(call)
    seconds = processor_seconds() - begin
    return MeasuredPage(
        seconds * 1e3, seconds / seconds_of(partial(send, statements)), seconds / seconds_of(bare), queries
    )


def measured_pages(calls: dict[str, Callable[[], None]], rounds: int) -> dict[str, MeasuredPage]:
    """The pages, each in turns with its SELECTs and the bare page."""
    measured = {}
    statements: list[str] = []
    for name, call in calls.items():
        call()  # the first one compiles templates and draws charts
        sent, queries = selects(call)
        statements = statements if name == FROM_CACHE else sent  # those of the page drawn, just before
        turns: dict[str, Callable[[], None]] = {
            "page": call,
            "sql": partial(send, statements),
            BARE: calls[BARE],
        }
        seconds = medians(turns, rounds)
        page_seconds = seconds["page"]
        measured[name] = MeasuredPage(
            page_seconds * 1e3, page_seconds / seconds["sql"], page_seconds / seconds[BARE], queries
        )
        print(name, *measured[name], file=sys.stderr, flush=True)
    return measured


@all_projects("the whole trial is measured")
def main(rounds: int) -> None:
    """Print what was measured."""
    # Not setup_test_environment: it copies the context of every template rendered, which no server does.
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "bench.bare"
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    publish_due(clock.today())  # as the night does
    calls = pages()
    calls[BARE]()
    work = {}
    for name, call in WORK.items():
        work[name] = measured_once(call, calls[BARE])
        print(name, *work[name], file=sys.stderr, flush=True)
    sizes = {
        "courses": Course.objects.count(),
        "contacts": MentorContact.objects.count(),
        "months": PaidHours.objects.count(),
    }
    print(json.dumps({**sizes, "pages": {**measured_pages(calls, rounds), **work}}))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
