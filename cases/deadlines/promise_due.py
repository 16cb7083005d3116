"""A promise of a meeting is due (D35): to whoever holds its function, from its day until it is done.

One kind for each function, since a kind says who is to act. What the citizen promised is the mentor's to help
with.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CITIZEN, CourseFunction, MeetingDecision
from jobfirst.values.dates import DAY
from reminders.extension_points import DeadlineKind, Owed
from reminders.fact_cache import read_once
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


class Promise(NamedTuple):
    """The days of a promise: when it was made, is due, and was done or lapsed."""

    made_on: datetime.date
    due_on: datetime.date
    done_on: datetime.date | None


def due_dates(promises: Iterable[Promise]) -> Iterator[DueDate]:
    """Yield each promise from its day until the day before it is done; one done in time is never shown."""
    for promise in promises:
        shown_to = None if promise.done_on is None else promise.done_on - DAY
        due_date = DueDate(promise.due_on, max(promise.due_on, promise.made_on), shown_to)
        if not due_date.is_empty:
            yield due_date


@read_once
def _promises(keys: CourseKeys) -> dict[tuple[int, str], list[Promise]]:
    """Return the promises of held meetings by course id and the function that sees to them; one query."""
    rows = of_courses(MeetingDecision.objects.promised(), keys).order_by("due_on", "pk")
    promises: dict[tuple[int, str], list[Promise]] = defaultdict(list)
    values = rows.values_list(
        "course_id",
        "function",
        "meeting__corrected_on",
        "meeting__held_on",
        "due_on",
        "done_on",
        "lapsed_on",
    )
    for course, function, corrected_on, held_on, due_on, done_on, lapsed_on in values:
        made_on = corrected_on or held_on
        if made_on is not None:  # it is set exactly when the meeting is held
            sees_to_it = CourseFunction.MENTOR if function == CITIZEN else function
            promises[course, sees_to_it].append(Promise(made_on, due_on, done_on or lapsed_on))
    return promises


def _code(function: CourseFunction) -> str:
    return f"promise_due_{function.value}"


def _finder(function: CourseFunction) -> Callable[[CourseKeys], Iterator[Owed]]:
    """Return the function that finds what the courses owe by promises of this function."""

    def find(keys: CourseKeys) -> Iterator[Owed]:
        promises = _promises(keys)

        def of_course(course: CourseDays, _terms: TrialTerms) -> Iterator[DueDate]:
            return due_dates(promises.get((course.pk, function.value), ()))

        return owed_by(keys, _code(function), of_course)

    return find


LABELS = {
    CourseFunction.COORDINATING_CASEWORKER: _("A promise is due: coordinating caseworker"),
    CourseFunction.COURSE_OWNER: _("A promise is due: course owner"),
    CourseFunction.JOB_CONSULTANT: _("A promise is due: job consultant"),
    CourseFunction.MENTOR: _("A promise is due: mentor or citizen"),
}
KINDS = tuple(
    DeadlineKind(
        code=_code(function),
        label=LABELS[function],
        task=_("Promise from a meeting"),
        subject_type=SubjectType.COURSE,
        functions=(function,),
        find=_finder(function),
        link=section_of_page("promises"),
    )
    for function in CourseFunction
)
