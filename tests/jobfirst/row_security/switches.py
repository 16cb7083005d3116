"""Switches between persons on shared connections, in threads, mixed with everything that goes wrong.

    python -m pytest tests/jobfirst/row_security/test_connections.py --switches 10000

(`make switches`). A pool of fewer connections than threads hands each connection to another person again and
again; what the database shows after a switch is compared with what the person may see.
"""

import random
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connections, transaction

from jobfirst.row_security.context import Working, no_project

SEEN = "SELECT DISTINCT project_id FROM cases_course"


@dataclass
class Persons:
    """What each person may see: the block, and the projects whose courses the database must show."""

    workings: Mapping[str, Working]
    projects: Mapping[str, frozenset[int]]


@dataclass
class Outcome:
    """How many switches were made and looked at, and the leaks: who saw what else."""

    switches: int = 0
    leaks: list[str] = field(default_factory=list)


class Rolled(Exception):
    """Ends a transaction or a savepoint by an error."""


def seen() -> frozenset[int]:
    with connections["default"].cursor() as cursor:
        cursor.execute(SEEN)
        return frozenset(project for (project,) in cursor.fetchall())


def plainly(look: Callable[[], None], _other: Working) -> None:
    look()


def in_a_transaction(look: Callable[[], None], _other: Working) -> None:
    with transaction.atomic():
        look()
    look()


def rolled_back(look: Callable[[], None], other: Working) -> None:
    """Another person works in the same transaction, which is rolled back."""
    with suppress(Rolled), transaction.atomic():
        look()
        with other._recreate_cm():
            seen()
        look()
        raise Rolled
    look()


def with_a_savepoint(look: Callable[[], None], other: Working) -> None:
    """Another person works within a savepoint that is rolled back, and so is what the server was told."""
    with transaction.atomic():
        with suppress(Rolled), transaction.atomic(), other._recreate_cm():
            seen()
            raise Rolled
        look()
        with other._recreate_cm(), suppress(Rolled), transaction.atomic():
            seen()
            raise Rolled
        look()


def after_an_error(look: Callable[[], None], other: Working) -> None:
    """A statement fails within another person's block."""
    connection = connections["default"]
    with (
        suppress(DatabaseError),
        transaction.atomic(),
        other._recreate_cm(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT 1 / 0")
    look()


def after_an_error_outside(look: Callable[[], None], other: Working) -> None:
    with suppress(DatabaseError), other._recreate_cm(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    look()


def after_closing(look: Callable[[], None], other: Working) -> None:
    """The connection goes back to the pool, and another one comes, told whatever."""
    with other._recreate_cm():
        seen()
        connections["default"].close()
    look()


def on_a_used_cursor(look: Callable[[], None], other: Working) -> None:
    """A cursor that was made within another person's block."""
    with other._recreate_cm():
        cursor = connections["default"].cursor()
        cursor.execute(SEEN)
    look()
    cursor.close()


def rolled_back_by_hand(look: Callable[[], None], other: Working) -> None:
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SAVEPOINT by_hand")
        with other._recreate_cm():
            seen()
        cursor.execute("ROLLBACK TO SAVEPOINT by_hand")
        look()


HAPPENINGS = (
    plainly,
    in_a_transaction,
    rolled_back,
    with_a_savepoint,
    after_an_error,
    after_an_error_outside,
    after_closing,
    on_a_used_cursor,
    rolled_back_by_hand,
)


def switch(persons: Persons, times: int, seed: int) -> Outcome:
    """Let one thread work for many persons in turn; return what was seen that should not be."""
    rng, outcome = random.Random(seed), Outcome()
    names = sorted(persons.workings)
    for _time in range(times):
        name, other = rng.choice(names), rng.choice(names)
        happening = rng.choice(HAPPENINGS)
        working = persons.workings[name]._recreate_cm()

        def look(name: str = name, happening: Callable[..., None] = happening) -> None:
            projects = seen()
            if projects != persons.projects[name]:
                outcome.leaks.append(f"{name} in {happening.__name__}: {sorted(projects)}")

        with no_project():
            with working:
                happening(look, persons.workings[other])
            if seen():
                outcome.leaks.append(f"nobody after {happening.__name__}")
        outcome.switches += 1
    connections["default"].close()
    return outcome


def switch_in_threads(persons: Persons, times: int, threads: int) -> Outcome:
    """Make so many switches in all, in threads that share the pool; return all that was seen."""
    outcomes: list[Any] = [None] * threads

    def work(number: int) -> None:
        try:
            outcomes[number] = switch(persons, times // threads, number)
        except BaseException as error:
            outcomes[number] = error

    workers = [threading.Thread(target=work, args=[number]) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    total = Outcome()
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        total.switches += outcome.switches
        total.leaks += outcome.leaks
    return total
