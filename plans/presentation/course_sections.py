"""The sections of plans on the course page: the activity plan with its bars, and the plan for job."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cases.extension_points import CourseOnDay, CourseSection
from cases.gap_closers import GapCloser
from cases.models import Course, CoursePause
from cases.presentation.timeline import TimelineBar
from cases.rules.gaps import empty_weeks
from cases.rules.weekly_contact import Week
from jobfirst.dates import DAY, DateSpan
from plans.deadlines import empty_week_ahead
from plans.models import ActivityLine
from plans.rules.sniffing import sniffing_span
from plans.rules.timing import earliest_day

#: What the bars on the timeline show, and no more.
BARS = Prefetch(
    "activities", ActivityLine.objects.only("course", "what", "starts_on", "ends_on", "done", "cancelled")
)


def activity_bars(course: Course) -> Iterator[TimelineBar]:
    """Yield a bar for each activity that fills its days."""
    for activity in course.activities.all():
        if activity.fills_days:
            yield TimelineBar("activity", activity.what, activity.span)


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


ACTIVITY_PLAN = CourseSection(
    key="activities",
    title=_("Activity plan"),
    template="plans/activities_panel.html",
    order=20,
    context=_activities,
    prefetch=("activities",),
    bars=activity_bars,
    bars_prefetch=(BARS,),
)
PLAN_FOR_JOB = CourseSection(
    key="plan",
    title=_("Plan for job"),
    template="plans/plan_panel.html",
    order=40,
    context=_plans,
    prefetch=("plans",),
)
CLOSES_GAPS = GapCloser("activity", _("Activity"), "plans:new_activity", "cases.manage_activities", order=10)
