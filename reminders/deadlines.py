"""Deadlines kept true: what the rules find owed is compared with the rows, and the rows are made the same.

Actions call `bring_up_to_date` for the subjects whose facts they changed, in the same transaction. Facts are
read under the lock that the action holds (a course's row, or a project's), so that of two actions the later
one sees what the earlier did. The nightly check (`differences`) locks everybody else out meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from django.db import transaction

from accounts.models import Project
from jobfirst.database import advisory_locks
from jobfirst.database.advisory_locks import LockKey
from jobfirst.database.batches import batches
from jobfirst.stored import checks as stored_checks
from jobfirst.stored.rows import DerivedTable, Difference
from reminders import extension_points
from reminders.fact_cache import facts_read_once
from reminders.models import Deadline, SubjectType

#: Their name among the stored rows.
NAME = "deadlines"


def lock(*, shared: bool = False) -> None:
    """Until the end of the transaction: the round and the check alone, or (shared) the actions together."""
    advisory_locks.lock(LockKey.DEADLINES, shared=shared)


class DeadlineKey(NamedTuple):
    """What makes a deadline the same one."""

    kind: str
    subject_type: str
    subject: str
    due_on: date
    shown_from: date


#: The rows of deadlines; `DueDate` has the days.
ROWS = DerivedTable(
    Deadline, DeadlineKey, ("project_id", "functions", "shown_to", "every_days", "shown_days")
)
DeadlineDifference = Difference[DeadlineKey, Deadline]


def bring_up_to_date(
    subject_type: SubjectType, subjects: Collection[object], kinds: Collection[str] | None = None
) -> None:
    """Make the deadlines about the subjects those that follow from their facts, of some kinds or of all.

    For the actions of other apps, as the last thing in their transaction, once: rows are never locked after
    the deadlines. ValueError for a kind that is not registered. Three queries beside those of the kinds when
    nothing changes, for projects four.
    """
    bring_all_up_to_date({subject_type: subjects}, kinds)


def bring_all_up_to_date(
    subjects: Mapping[SubjectType, Collection[object]], kinds: Collection[str] | None = None
) -> None:
    """Do what `bring_up_to_date` does for subjects of several types."""
    if stored_checks.is_recomputed_afterwards(NAME):
        return
    _lock_projects(subjects.get(SubjectType.PROJECT, []))
    lock(shared=True)
    for subject_type, of_type in subjects.items():
        for batch in batches(str(subject) for subject in of_type):
            ROWS.repair(_differences(subject_type, batch, kinds))


def bring_projects_up_to_date(slugs: Collection[str]) -> None:
    """Make the deadlines of the projects those that follow from their facts; called when they are saved."""
    bring_up_to_date(SubjectType.PROJECT, slugs)


def described_differences() -> Iterator[str]:
    """Yield every difference as a line: the deadline by kind, subject and days, and what is wrong with it."""
    for difference in differences():
        key, state = difference.key, difference.state("not owed")
        yield f"{key.kind} {key.subject} {key.due_on} shown from {key.shown_from}: {state}"


def differences() -> Iterator[DeadlineDifference]:
    """Yield every difference between what the rules find owed and what is stored, for all subjects.

    In the caller's transaction (TransactionManagementError without), under the lock alone: nothing can change
    meanwhile.
    """
    lock()
    for subject_type in SubjectType:
        for batch in batches(extension_points.all_subjects(subject_type)):
            yield from _differences(subject_type, batch, None)
        yield from _of_deleted_subjects(subject_type)


@transaction.atomic
def recompute() -> int:
    """Make all deadlines those that follow from the facts; returns how many differed."""
    return ROWS.repair_all(differences())


def _lock_projects(slugs: Collection[object]) -> None:
    """Lock the projects' rows in order of their ids: the draw and the import change facts of the same one."""
    projects = Project.objects.filter(slug__in=slugs).order_by("pk")  # no query when there are none
    list(projects.select_for_update(no_key=True).values_list("pk"))


def _differences(
    subject_type: SubjectType, subjects: Collection[str], kinds: Collection[str] | None
) -> list[DeadlineDifference]:
    registered = extension_points.kinds_about(subject_type, kinds)
    with facts_read_once():
        owed_rows = [_deadline(kind, owed) for kind in registered for owed in kind.find(subjects)]
    rows = Deadline.objects.of_subjects(subject_type, subjects).order_by()
    if kinds is not None:
        rows = rows.filter(kind__in=[kind.code for kind in registered])
    return ROWS.compare(rows, owed_rows)


def _of_deleted_subjects(subject_type: SubjectType) -> Iterator[DeadlineDifference]:
    """Yield the deadlines about subjects that do not exist any more."""
    existing = set(extension_points.all_subjects(subject_type))
    for row in Deadline.objects.filter(subject_type=subject_type).iterator():
        if row.subject not in existing:
            yield Difference(ROWS.key_of(row), row, None)


def _deadline(kind: extension_points.DeadlineKind, owed: extension_points.Owed) -> Deadline:
    return Deadline(
        kind=kind.code,
        subject_type=kind.subject_type.value,
        subject=owed.subject,
        project_id=owed.project_id,
        functions=[str(function) for function in kind.functions],
        **vars(owed.due_date),
    )
