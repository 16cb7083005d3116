"""Deadlines kept true: what the rules find owed is compared with the rows, and the rows are made the same.

Actions call `bring_up_to_date` for the subjects whose facts they changed, in the same transaction. Facts are
read under the lock that the action holds (a course's row), so that of two actions the later one sees what
the earlier did. The nightly check (`differences`) locks everybody else out meanwhile.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction

from reminders import extension_points
from reminders.models import Deadline, SubjectType
from reminders.reading import facts_read_once
from reminders.rules.due_dates import DueDate

# Any number will do, as long as nothing else in the house takes an advisory lock by it.
LOCK = 5_337_204
BATCH = 1000


def lock(*, shared: bool = False) -> None:
    """Until the end of the transaction: the round and the check alone, or (shared) the actions together."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


class DeadlineKey(NamedTuple):
    """What makes a deadline the same one."""

    kind: str
    subject_type: str
    subject: str
    due_on: date
    shown_from: date


@dataclass(frozen=True)
class Difference:
    """A deadline that the rules and the rows do not agree on: as stored, and as owed (None: not at all)."""

    key: DeadlineKey
    stored: Deadline | None
    owed: Deadline | None


def bring_up_to_date(
    subject_type: SubjectType, subjects: Collection[object], kinds: Collection[str] | None = None
) -> None:
    """Make the deadlines about the subjects those that follow from their facts, of some kinds or of all.

    For the actions of other apps, as the last thing in their transaction. Three queries beside those of the
    kinds when nothing changes.
    """
    lock(shared=True)
    for batch in _batches(str(subject) for subject in subjects):
        _repair(_differences(subject_type, batch, kinds))


def of_projects(slugs: Collection[str]) -> None:
    """Make the deadlines of the projects those that follow from their facts; called when they are saved."""
    bring_up_to_date(SubjectType.PROJECT, slugs)


def described_differences() -> Iterator[str]:
    """Yield every difference as a line: the deadline by kind, subject and days, and what is wrong with it."""
    for difference in differences():
        key = difference.key
        if difference.stored is None:
            state = "missing"
        elif difference.owed is None:
            state = "not owed"
        else:
            state = "differs"
        yield f"{key.kind} {key.subject} {key.due_on} shown from {key.shown_from}: {state}"


def differences() -> Iterator[Difference]:
    """Yield every difference between what the rules find owed and what is stored, for all subjects.

    In a transaction, under the lock alone: nothing can change meanwhile.
    """
    lock()
    for subject_type in SubjectType:
        for batch in _batches(extension_points.all_subjects(subject_type)):
            yield from _differences(subject_type, batch, None)
        yield from _of_vanished(subject_type)


@transaction.atomic
def recompute() -> int:
    """Make all deadlines those that follow from the facts; returns how many differed."""
    count = 0
    for batch in _batches(differences()):
        count += len(batch)
        _repair(batch)
    return count


def _differences(
    subject_type: SubjectType, subjects: Collection[str], kinds: Collection[str] | None
) -> list[Difference]:
    registered = [
        kind
        for kind in extension_points.registered_kinds()
        if kind.subject_type == subject_type and kind.is_affected_by(kinds)
    ]
    with facts_read_once():
        owed = {
            _key(deadline): deadline
            for kind in registered
            for deadline in (_deadline(kind, owed) for owed in kind.find(subjects))
        }
    rows = Deadline.objects.of_subjects(subject_type, subjects)
    if kinds is not None:
        rows = rows.filter(kind__in=[kind.code for kind in registered])
    stored = {_key(row): row for row in rows}
    return [
        Difference(key, stored.get(key), owed.get(key))
        for key in sorted(owed.keys() | stored.keys())
        if not _same(stored.get(key), owed.get(key))
    ]


def _of_vanished(subject_type: SubjectType) -> Iterator[Difference]:
    """Yield the deadlines about subjects that do not exist any more."""
    existing = set(extension_points.all_subjects(subject_type))
    for row in Deadline.objects.filter(subject_type=subject_type).iterator():
        if row.subject not in existing:
            yield Difference(_key(row), row, None)


def _deadline(kind: extension_points.DeadlineKind, owed: extension_points.Owed) -> Deadline:
    due_date: DueDate = owed.due_date
    return Deadline(
        kind=kind.code,
        subject_type=kind.subject_type,
        subject=owed.subject,
        project_id=owed.project_id,
        functions=[str(function) for function in kind.functions],
        due_on=due_date.due_on,
        shown_from=due_date.shown_from,
        shown_to=due_date.shown_to,
        every_days=due_date.every_days,
        shown_days=due_date.shown_days,
    )


def _key(deadline: Deadline) -> DeadlineKey:
    return DeadlineKey(
        deadline.kind,
        str(deadline.subject_type),
        deadline.subject,
        deadline.due_on,
        deadline.shown_from,
    )


_COMPARED = ("project_id", "functions", "shown_to", "every_days", "shown_days")


def _same(stored: Deadline | None, owed: Deadline | None) -> bool:
    if stored is None or owed is None:
        return False
    return all(getattr(stored, name) == getattr(owed, name) for name in _COMPARED)


def _repair(differences: Iterable[Difference]) -> None:
    """Store what is owed."""
    differences = list(differences)
    gone = [difference.stored.pk for difference in differences if difference.stored and not difference.owed]
    if gone:
        Deadline.objects.filter(pk__in=gone).delete()
    owed = [difference.owed for difference in differences if difference.owed]
    if owed:
        Deadline.objects.bulk_create(
            owed,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["kind", "subject_type", "subject", "due_on", "shown_from"],
            update_fields=["project", "functions", "shown_to", "every_days", "shown_days"],
        )


def _batches(items: Iterable[extension_points.T]) -> Iterator[list[extension_points.T]]:
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch
