"""The reminders about the two plans (D33): the plan for job, and the activity plan of the sniffing period."""

import datetime
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.models import CourseFunction
from cases.reminder_kinds import Subjects, about, course_page, holders, running
from cases.rules.gaps import empty_weeks
from companies.models import Placement
from jobfirst.dates import DAY, DateSpan
from plans.models import ActivityLine, PlanForJob
from plans.rules.sniffing import sniffing_span
from reminders.extension_points import ReminderFact, ReminderKind
from reminders.models import SubjectType


def plan_for_job_due(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the course owner, until a plan is made.

    From 14 days (a term) before it is due, which is the last day of the first weeks of internship (a term,
    D21).
    """
    lead = TrialTerms.objects.in_force_or_first(on).plan_lead_days * DAY
    plans = about(PlanForJob.objects.filter(made_on__lte=on), subjects)
    planned = set(plans.values_list("course_id", flat=True).order_by())
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course in running(on, subjects):
        if course.continued_from is None or course.pk in planned:
            continue
        due = course.continued_from - DAY
        if on >= due - lead:
            yield from (ReminderFact(course.subject, user, due) for user in owners.get(course.pk, ()))


def empty_week_ahead(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33, D13: to the job consultant, for every week of the sniffing period with nothing planned.

    For weeks that begin within the next 7 days (a term). Due on the Monday, before which the week can still
    be filled.
    """
    last = on + TrialTerms.objects.in_force_or_first(on).empty_week_lead_days * DAY
    filled_days: dict[int, list[DateSpan]] = defaultdict(list)
    lines = ActivityLine.objects.filter(cancelled=False, ends_on__gt=on, starts_on__lte=last + 6 * DAY)
    lines = about(lines, subjects).order_by()
    for activity in lines.only("course_id", "starts_on", "ends_on"):
        filled_days[activity.course_id].append(activity.span)
    placements = Placement.objects.alias(last=Coalesce("ended_on", "planned_end_on"))
    placements = placements.filter(Q(last__isnull=True) | Q(last__gt=on), starts_on__lte=last + 6 * DAY)
    current_placements = about(placements, subjects).order_by()
    for placement in current_placements.only("course_id", "starts_on", "ended_on", "planned_end_on"):
        filled_days[placement.course_id].append(placement.span)
    consultants = holders(on, CourseFunction.JOB_CONSULTANT, subjects=subjects)
    for course in running(on, subjects):
        weeks = empty_weeks(
            filled_days.get(course.pk, ()),
            sniffing=sniffing_span(course.started_on, course.internship_from, course.ended_on),
            within=DateSpan(on, last),
        )
        for week in weeks:
            if week.monday > on:
                yield from (
                    ReminderFact(course.subject, user, week.monday) for user in consultants.get(course.pk, ())
                )


KINDS = (
    ReminderKind(
        "plan_for_job_due",
        _("The plan for job is to be made"),
        SubjectType.COURSE,
        plan_for_job_due,
        course_page,
    ),
    ReminderKind(
        "empty_week_ahead",
        _("A week ahead has no activity"),
        SubjectType.COURSE,
        empty_week_ahead,
        course_page,
    ),
)
