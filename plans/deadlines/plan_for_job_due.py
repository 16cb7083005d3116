"""The plan for job is to be made: the course owner, before the first weeks of internship end (D21, D33)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from jobfirst.values.dates import DAY
from plans.models import PlanForJob
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.fact_cache import read_once
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
    due_date = DueDate(due_on, due_on - lead_days * DAY, None if made_on is None else made_on - DAY)
    return [] if due_date.is_empty else [due_date]


@read_once
def first_plan_days(keys: CourseKeys) -> dict[int, datetime.date]:
    """Return the day on which the first plan was made, by course id; one query."""
    plans = of_courses(PlanForJob.objects.order_by(), keys)
    return dict(plans.values_list("course_id").annotate(first=Min("made_on")))


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    first_plans = first_plan_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> list[DueDate]:
        return due_dates(course.continued_from, first_plans.get(course.pk), lead_days=terms.plan_lead_days)

    return owed_by(keys, KIND.code, of_course)


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
