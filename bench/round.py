"""The morning's round against a bare INSERT…SELECT of its rows, and a contact with and without deadlines.

Prints JSON. On a filled system (`bench.fill`); what is written is taken back.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from django.db import connection, transaction

from bench import (
    pages,  # sets Django up on the data folder  # noqa: F401
    temporary_tables,
)
from cases import actions as case_actions
from cases.models import Course
from jobfirst import clock
from jobfirst.row_security.context import all_projects
from jobfirst.values.dates import DAY
from jobfirst.values.working_days import is_working_day
from reminders import actions, deadlines
from reminders.models import Digest, DigestItem, Reminder

ROUNDS = 7
TABLES = (Reminder, Digest, DigestItem)


@all_projects("the whole trial is measured")
def main() -> None:
    """Measure and print."""
    deadlines.recompute()
    on = clock.today()
    while not is_working_day(on):
        on += DAY
    actions.make_digests(on)
    rows = {model: model.objects.count() for model in TABLES}
    nothing_new = _median(lambda: actions.make_digests(on))
    _keep_as_temporary_tables()
    bare, made = _in_turn(_insert_kept, lambda: actions.make_digests(on))
    contact, contact_alone = _contact()
    figures = {
        "deadlines": deadlines.Deadline.objects.count(),
        "rows": sum(rows.values()),
        "round": {"seconds": made, "ratio": made / bare},
        "nothing new": {"seconds": nothing_new, "ratio": nothing_new / bare},
        "contact": {"seconds": contact, "ratio": contact / contact_alone},
    }
    print(json.dumps(figures))


def _keep_as_temporary_tables() -> None:
    """Move the rows of the round into temporary tables."""
    temporary_tables.allow()
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")
        for model in reversed(TABLES):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("DELETE FROM reminders_round")


def _insert_kept() -> None:
    with connection.cursor() as cursor:
        for model in TABLES:
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")


def _contact() -> tuple[float, float]:
    """Return the seconds of registering a contact with and without its deadlines."""
    course = Course.objects.filter(ended_on=None).latest("pk")
    day = course.started_on

    def register() -> None:
        case_actions.register_contact(course, held_on=day)

    def register_alone() -> None:
        with mock.patch.object(deadlines, "bring_up_to_date"):
            register()

    return _in_turn(register, register_alone, rounds=30)


def _in_turn(*calls: Callable[[], None], rounds: int = ROUNDS) -> tuple[float, ...]:
    """Return the median seconds of each call, taken in turn, each taken back."""
    times: list[list[float]] = [[] for _call in calls]
    for _number in range(rounds):
        for call, seconds in zip(calls, times, strict=True):
            with _taken_back():
                begin = time.perf_counter()
                call()
                seconds.append(time.perf_counter() - begin)
    return tuple(statistics.median(seconds) for seconds in times)


def _median(call: Callable[[], None]) -> float:
    (median,) = _in_turn(call)
    return median


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
