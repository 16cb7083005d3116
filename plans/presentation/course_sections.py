"""The sections of plans on the course page: the activity plan with its bars, and the plan for job."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import (
    BarSource,
    CourseOnDay,
    CourseSection,
    EarlierLine,
    PhaseRequirement,
    section_url,
)
from cases.gap_closers import GapCloser
from cases.models import Course, CoursePause
from cases.presentation.timeline import TimelineBar
from cases.rules.gaps import empty_weeks
from cases.rules.phases import Phase
from cases.rules.weekly_contact import Week
from jobfirst.dates import DAY, DateSpan
from plans.deadlines import empty_week_ahead
from plans.models import ActivityLine, PlanForJob
from plans.rules.sniffing import sniffing_span
from plans.rules.timing import earliest_day

#: What the bars on the timeline show of a course's activities: those that fill their days
#: (`ActivityLine.fills_days`).
BAR_ROWS = ArraySubquery(
    ActivityLine.objects.filter(course=OuterRef("pk"), cancelled=False)
    .exclude(done=False)
    .values(row=JSONObject(what="what", first="starts_on", last="ends_on"))
)


def activity_bars(rows: Iterable[Mapping[str, Any]]) -> Iterator[TimelineBar]:
    """Yield a bar for each activity that fills its days."""
    for row in rows:
        yield TimelineBar("activity", row["what"], DateSpan.from_iso(row["first"], row["last"]))


def empty_weeks_of(
    course: Course, *, within: DateSpan, pauses: Iterable[CoursePause] = ()
) -> tuple[Week, ...]:
    """Return the weeks of the sniffing period within a span that have nothing planned (D13), as the deadline
    of that kind: a pause that suspends it fills its days.

    Reads `course.placements` and `course.activities`; prefetch them.
    """
    spans = [placement.span for placement in course.placements.all()]
    spans += [activity.span for activity in course.activities.all() if activity.fills_days]
    spans += [pause.span for pause in pauses if empty_week_ahead.KIND.code in pause.suspended]
    sniffing = sniffing_span(course.started_on, course.internship_from, course.ended_on)
    return empty_weeks(spans, sniffing=sniffing, within=within)


def _activities(course_on_day: CourseOnDay) -> dict[str, Any]:
    """Return current and past activities, and the empty weeks until the next monthly meeting is due."""
    course, on = course_on_day.course, course_on_day.on
    lines = list(course.activities.all())
    ahead = DateSpan(on, on + course_on_day.terms.meeting_interval_days * DAY)
    return {
        "activities_ahead": [line for line in lines if line.ends_on >= on],
        "activities_behind": [line for line in reversed(lines) if line.ends_on < on],
        "empty_weeks": empty_weeks_of(course, within=ahead, pauses=course_on_day.pauses),
    }


def _plans(course_on_day: CourseOnDay) -> dict[str, Any]:
    """Return the plan in force, its earlier versions, and the first day on which a plan can be made."""
    course, on = course_on_day.course, course_on_day.on
    plans = list(course.plans.all())
    if plans or course.continued_from is None:
        earliest = None
    else:
        earliest = earliest_day(course.continued_from, lead_days=course_on_day.terms.plan_lead_days)
    return {
        "plan": plans[0] if plans else None,
        "plans_before": plans[1:],
        "plan_earliest": earliest,
        "first_weeks": course_on_day.terms.retention_weeks,
        "plan_possible": bool(plans) or (earliest is not None and earliest <= on),
        "plan_overdue": not plans and course.continued_from is not None and course.continued_from <= on,
    }


def _earlier_plans(course_on_day: CourseOnDay) -> Iterator[EarlierLine]:
    """Yield the versions of the plan for job that a later one has replaced."""
    plans = list(course_on_day.course.plans.all())  # the newest first
    for later, plan in pairwise(plans):
        label = gettext("Plan for job, version %(number)s") % {"number": plan.number}
        yield EarlierLine(label, DateSpan(plan.made_on, later.made_on), "plan")


def _plan_url(course: Course) -> str:
    """Return the section that says from when the plan can be made, and has the button."""
    return section_url(course.public_id, "plan")


ACTIVITY_PLAN = CourseSection(
    key="activities",
    title=_("Activity plan"),
    template="plans/activities_panel.html",
    page=CoursePage.PLAN,
    order=20,
    context=_activities,
    prefetch=("activities", "placements"),
    bars=BarSource(BAR_ROWS, activity_bars),
)
PLAN_FOR_JOB = CourseSection(
    key="plan",
    title=_("Plan for job"),
    template="plans/plan_panel.html",
    page=CoursePage.PLAN,
    order=30,
    context=_plans,
    prefetch=("plans",),
    earlier=_earlier_plans,
)
PLAN_REQUIREMENT = PhaseRequirement(
    key="plan_for_job",
    phase=Phase.CONTINUED,
    order=50,
    label=_("Plan for job"),
    is_met=Exists(PlanForJob.objects.filter(course=OuterRef("pk"))),
    url=_plan_url,
    perm="cases.manage_plans",
)
CLOSES_GAPS = GapCloser("activity", _("Activity"), "plans:new_activity", "cases.manage_activities", order=10)
