"""The states of the core elements kept true (D7): what the rules find is compared with the rows.

Actions bring the states of the courses whose facts they changed up to date in the same transaction, together
with the deadlines (`cases.actions.deadlines`) and under the same lock: shared by the actions, alone for the
nightly check. Since a state belongs to days, nothing is to be done when time passes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import transaction

from cases import extension_points
from cases.deadlines.facts import CourseDays, TermsPeriod, course_days, of_courses, terms_periods
from cases.deadlines.subjects import course_keys
from cases.models import CourseElement
from cases.rules.fidelity import ElementPeriod, joined, periods, within
from jobfirst.database.batches import batches
from jobfirst.stored import checks as stored_checks
from jobfirst.stored.rows import DerivedTable, Difference
from reminders import deadlines
from reminders.fact_cache import facts_read_once

#: Their name among the stored rows.
NAME = "core elements"


class ElementKey(NamedTuple):
    """What identifies a row."""

    course_id: int
    element: int
    from_on: date


ROWS = DerivedTable(CourseElement, ElementKey, ("until_on", "state", "since", "reasons", "due_on"))
ElementDifference = Difference[ElementKey, CourseElement]


def bring_up_to_date(
    public_ids: Collection[object],
    *,
    kinds: Collection[str] | None = None,
    numbers: Collection[int] | None = None,
) -> None:
    """Make the states of the courses those that follow from their facts.

    Of the elements with the numbers, or those that rest on the facts of these kinds of deadlines, or all.
    Call under the courses' locks and the lock on the deadlines (shared), as the last thing in the
    transaction.
    """
    affected = [
        element
        for element in extension_points.core_elements()
        if element.is_affected_by(kinds) and (numbers is None or element.number in numbers)
    ]
    if not affected or not public_ids or stored_checks.is_recomputed_afterwards(NAME):
        return
    for batch in batches(str(public_id) for public_id in public_ids):
        ROWS.repair(_differences(batch, affected))


def derive_rows(
    keys: Collection[str], elements: Iterable[extension_points.ElementRule]
) -> Iterator[CourseElement]:
    """Yield the rows that follow from the facts of the courses, unsaved, in a fixed number of queries."""
    with facts_read_once():
        all_terms = terms_periods()
        courses = course_days(keys)
        for element in elements:
            judge = element.judge_of(keys)
            for course in courses:
                for period in _periods(course, judge, all_terms):
                    yield _row(course.pk, element.number, period)


def described_differences() -> Iterator[str]:
    """Yield every difference as a line: the course by its public id, the element, and what is wrong."""
    for difference in differences():
        key, course = difference.key, (difference.stored or difference.expected)
        public_id = None if course is None else course.course.public_id
        yield f"{public_id} element {key.element} from {key.from_on}: {difference.state('does not follow')}"


def differences() -> Iterator[ElementDifference]:
    """Yield every difference between what the rules find and what is stored, for all courses.

    In the caller's transaction, under the lock alone: nothing can change meanwhile.
    """
    deadlines.lock()
    for batch in batches(course_keys()):
        yield from _differences(batch, extension_points.core_elements())


@transaction.atomic
def recompute() -> int:
    """Make all states those that follow from the facts; return how many rows differed."""
    return ROWS.repair_all(differences())


def _differences(
    keys: Collection[str], elements: Collection[extension_points.ElementRule]
) -> list[ElementDifference]:
    numbers = [element.number for element in elements]
    stored = of_courses(CourseElement.objects.filter(element__in=numbers).order_by(), keys)
    return ROWS.compare(stored, derive_rows(keys, elements))


def _periods(
    course: CourseDays, judge: extension_points.ElementJudge, all_terms: Iterable[TermsPeriod]
) -> list[ElementPeriod]:
    """Return the states of an element of a course; each row of terms counts on its own days."""
    return joined(
        piece
        for terms, days in all_terms
        for piece in within(periods(judge(course, terms), course.started_on, course.ended_on), days)
    )


def _row(course_id: int, element: int, period: ElementPeriod) -> CourseElement:
    return CourseElement(
        course_id=course_id,
        element=element,
        from_on=period.from_on,
        until_on=period.until_on,
        state=period.state.value,
        since=period.since,
        reasons=list(period.reasons),
        due_on=period.due_on,
    )
