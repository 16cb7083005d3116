"""A function of the course has no holder: the project's leaders (D8, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from cases.deadlines.courses import Subjects, course_days, of_courses, owed_by, section_of_page, terms_periods
from cases.models import CourseFunction, FunctionHolding
from jobfirst.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, Owed
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


def find(subjects: Subjects) -> Iterator[Owed]:
    """Yield what the courses owe; functions without a holder since the same day are one deadline."""
    holdings, periods = _holdings(subjects), terms_periods()
    for course in course_days(subjects):
        vacancies = [
            vacancy
            for function in CourseFunction.values
            for vacancy in due_dates(course.started_on, holdings.get((course.pk, function), ()))
        ]
        yield from owed_by(course, ((period, vacancies) for period in periods))


def _holdings(subjects: Subjects) -> dict[tuple[int, str], list[DateSpan]]:
    holdings: dict[tuple[int, str], list[DateSpan]] = defaultdict(list)
    rows = of_courses(FunctionHolding.objects.order_by("from_on"), subjects)
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
