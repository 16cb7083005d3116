"""The plan for job is to be made: the course owner, before the first weeks of internship end (D21, D33)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from cases.deadlines.courses import Subjects, course_days, of_courses, owed_by, section_of_page, terms_periods
from cases.models import CourseFunction
from jobfirst.dates import DAY
from plans.models import PlanForJob
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(
    continued_from: datetime.date | None, made_on: datetime.date | None, *, lead_days: int
) -> list[DueDate]:
    """Return the last day of the first weeks, shown from `lead_days` before until a plan is made.

    `continued_from` is the first day of the continued effort; none is due without one.
    """
    if continued_from is None:
        return []
    due_on = continued_from - DAY
    shown = DueDate(due_on, due_on - lead_days * DAY, None if made_on is None else made_on - DAY)
    return [] if shown.is_empty else [shown]


def find(subjects: Subjects) -> Iterator[Owed]:
    """Yield what the courses owe."""
    plans = of_courses(PlanForJob.objects.order_by(), subjects)
    first_plans = dict(plans.values_list("course_id").annotate(first=Min("made_on")))
    periods = terms_periods()
    for course in course_days(subjects):
        made_on = first_plans.get(course.pk)
        yield from owed_by(
            course,
            (
                (period, due_dates(course.continued_from, made_on, lead_days=period.terms.plan_lead_days))
                for period in periods
            ),
            paused=course.paused(KIND.code),
        )


KIND = DeadlineKind(
    code="plan_for_job_due",
    label=_("The plan for job is to be made"),
    task=_("Plan for job"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.COURSE_OWNER,),
    find=find,
    link=section_of_page("plan"),
    in_pause=InPause.MAY_BE_SUSPENDED,
    demanded=True,
)
