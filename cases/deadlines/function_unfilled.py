"""A function of the course has no holder: the project's leaders (D8, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from accounts.roles import Role
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction, FunctionHolding
from jobfirst.values.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, Owed
from reminders.fact_cache import read_once
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(started_on: datetime.date, holdings: Sequence[DateSpan]) -> Iterator[DueDate]:
    """Yield the stretches in which a function has no holder, due on their first day.

    `holdings` are the days of its holders, in order and without overlap.
    """
    first = started_on
    for holding in holdings:
        vacancy = DueDate(first, first, holding.first - DAY)
        if not vacancy.is_empty:
            yield vacancy
        if holding.last is None:
            return
        first = max(first, holding.last + DAY)
    yield DueDate(first, first)


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe; functions without a holder since the same day are one deadline."""
    holdings = holding_days(keys)

    def of_course(course: CourseDays, _terms: TrialTerms) -> Iterator[DueDate]:
        for function in CourseFunction.values:
            yield from due_dates(course.started_on, holdings.get((course.pk, function), ()))

    return owed_by(keys, KIND.code, of_course)


@read_once
def holding_days(keys: CourseKeys) -> dict[tuple[int, str], list[DateSpan]]:
    """Return the days of the holders by course id and function, in order; one query."""
    holdings: dict[tuple[int, str], list[DateSpan]] = defaultdict(list)
    rows = of_courses(FunctionHolding.objects.order_by("from_on"), keys)
    for course, function, first, last in rows.values_list("course_id", "function", "from_on", "until_on"):
        holdings[course, function].append(DateSpan(first, last))
    return holdings


KIND = DeadlineKind(
    code="function_unfilled",
    label=_("A function of the course has no holder"),
    subject_type=SubjectType.COURSE,
    functions=(Role.PROJECT_LEADER,),
    find=find,
    link=section_of_page("functions"),
    demanded=True,
)
