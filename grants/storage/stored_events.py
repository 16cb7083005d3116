"""Earned events kept true: what the rule gives is compared with the rows, and the rows are made the same.

What changes the facts of the rule brings the events up to date in its own transaction: placements and ledger
events through the extension points of their apps, terms and projects below. Locks, in this order: the
courses, then the advisory lock on the terms (`LockKey.GRANT_TERMS`; the application may only read and add
terms, and so cannot lock their rows), shared by the actions on courses and exclusive for terms and periods.
So of two actions the later one reads what the earlier wrote. The nightly check (`differences`) takes the lock
on the terms alone: meanwhile no event can change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from cases.models import Course
from grants.models import EarnedEvent, GrantTerms
from grants.reckoning.spells import CourseSpells, fetch_course_spells
from grants.rules.settlement import SettledEvent, settle
from grants.rules.values import EntitlementTerms
from grants.storage import serialization
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.database.batches import batches
from jobfirst.stored.rows import DerivedTable, Difference


class EventKey(NamedTuple):
    """What identifies an event: each kind is earned once per course (D26)."""

    course_id: int
    kind: str


ROWS = DerivedTable(
    EarnedEvent, EventKey, ("project_id", "earned_on", "settled_on", "amount", "terms_id", "basis")
)
EventDifference = Difference[EventKey, EarnedEvent]


def bring_up_to_date(courses: Collection[int]) -> int:
    """Make the events of the courses (ids) those that their facts give; return how many differed. Idempotent.

    Call under the courses' locks, as the last thing in the transaction that changes the facts. When nothing
    differs: the lock, the terms, and two queries for each thousand courses.
    """
    if not courses:
        return 0
    lock(LockKey.GRANT_TERMS, shared=True)
    terms = _Terms.fetch()
    count = 0
    for batch in batches(sorted(set(courses))):
        different = _differences(Course.objects.filter(pk__in=batch), terms)
        ROWS.repair(different)
        count += len(different)
    return count


def bring_projects_up_to_date(slugs: Collection[str]) -> None:
    """Make the events of the projects' courses those that their periods give; called when they are saved."""
    courses = lock_courses(Course.objects.filter(project__slug__in=slugs))
    if courses:
        lock(LockKey.GRANT_TERMS)
        bring_up_to_date(courses)


def lock_for_terms() -> list[int]:
    """Lock everything that new terms change, until the transaction ends; return the ids of all courses."""
    courses = lock_courses(Course.objects.all())
    lock(LockKey.GRANT_TERMS)
    return courses


@transaction.atomic
def differences() -> list[str]:
    """Return every difference between rule and rows as a line: pseudonym, kind of event, what is wrong.

    Changes nothing. Under the lock on the terms alone: no event can change meanwhile.
    """
    lock(LockKey.GRANT_TERMS)
    terms = _Terms.fetch()
    lines = []
    for batch in batches(Course.objects.order_by("pk").values_list("pk", flat=True)):
        lines += _described(_differences(Course.objects.filter(pk__in=batch), terms))
    return lines


def recompute() -> int:
    """Make all events those that the facts give; return how many differed.

    Each batch has its own transaction and locks its courses, as an action does.
    """
    count = 0
    for batch in batches(Course.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            count += bring_up_to_date(lock_courses(Course.objects.filter(pk__in=batch)))
    return count


@dataclass(frozen=True)
class _Terms:
    """All terms as the rule takes them, and their ids by the day they begin."""

    rows: list[EntitlementTerms]
    ids: dict[date, int]

    @classmethod
    def fetch(cls) -> _Terms:
        rows = list(GrantTerms.objects.order_by("valid_from"))
        return cls([row.as_values() for row in rows], {row.valid_from: row.pk for row in rows})


def lock_courses(courses: QuerySet[Course]) -> list[int]:
    """Lock the courses in order of id, until the transaction ends; return their ids."""
    return list(
        courses.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    )


def _differences(courses: QuerySet[Course], terms: _Terms) -> list[EventDifference]:
    earned = (
        row for course_spells in fetch_course_spells(courses) for row in _earned_events(course_spells, terms)
    )
    return ROWS.compare(EarnedEvent.objects.filter(course__in=courses).order_by(), earned)


def _earned_events(course_spells: CourseSpells, terms: _Terms) -> Iterator[EarnedEvent]:
    """Yield the unsaved rows of one course."""
    course = course_spells.course
    for settled in settle(course_spells.standing, course_spells.window, terms.rows):
        yield _row(settled, course.course_id, course.course__project_id, terms)


def _row(settled: SettledEvent, course_id: int, project_id: int, terms: _Terms) -> EarnedEvent:
    event = settled.event
    return EarnedEvent(
        course_id=course_id,
        project_id=project_id,
        kind=event.kind.value,
        earned_on=event.on,
        settled_on=settled.settled_on,
        amount=event.amount,
        terms_id=terms.ids[event.terms_valid_from],
        basis=serialization.of_event(event),
    )


def _described(differences: Collection[EventDifference]) -> list[str]:
    """Return each difference as a line that names the course by its citizen's pseudonym."""
    courses = Course.objects.filter(pk__in={difference.key.course_id for difference in differences})
    pseudonyms = dict(courses.values_list("pk", "citizen__pseudonym"))
    return [
        f"{pseudonyms[difference.key.course_id]} {difference.key.kind}: {difference.state('not earned')}"
        for difference in differences
    ]
