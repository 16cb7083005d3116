"""The sections of plans on the course page: the activity plan with its bars, and the plan for job."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Prefetch
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
from cases.models import Course
from cases.presentation.meetings import last_held_on
from cases.presentation.timeline import TimelineBar
from cases.rules.phases import Phase
from jobfirst.values.dates import DateSpan
from plans.models import ActivityLine, CitizenWord, PlanForJob, PlanSubject
from plans.policy import SIGN_AS
from plans.presentation import activity_weeks
from plans.presentation.signatures import SIGNATURES, signatures_of
from plans.presentation.words import words_to_take_up
from plans.rules.timing import earliest_day

#: What the bars on the timeline show of a course's activities: those that fill their days
#: (`ActivityLine.fills_days`).
BAR_ROWS = ArraySubquery(
    ActivityLine.objects.filling_days()
    .filter(course=OuterRef("pk"))
    .values(row=JSONObject(what="what", first="starts_on", last="ends_on"))
)


#: The citizen's words (D55), which both sections read: fetched with the first one, as the meetings are, since
#: they stand on one page.
WORDS = Prefetch("citizen_words", CitizenWord.objects.select_related("plan"))


def activity_bars(rows: Iterable[Mapping[str, Any]]) -> Iterator[TimelineBar]:
    """Yield a bar for each activity that fills its days."""
    for row in rows:
        yield TimelineBar("activity", row["what"], DateSpan.from_iso(row["first"], row["last"]))


def _activities(course_on_day: CourseOnDay) -> dict[str, Any]:
    """Return the weeks until the next monthly meeting, what lies before and after them, and the citizen's
    word."""
    course, on = course_on_day.course, course_on_day.on
    period = activity_weeks.period_of(course, on, course_on_day.terms)
    lines = list(course.activities.all())
    weeks = activity_weeks.weeks_of_plan(course, period, on=on, pauses=course_on_day.pauses)
    return {
        "weeks": weeks,
        "empty_weeks": [week.week for week in weeks if week.is_empty],
        "activities_later": [line for line in lines if line.starts_on > period.last_day],
        "activities_behind": [line for line in reversed(lines) if line.ends_on < period.first],
        **_word(course, PlanSubject.ACTIVITY_PLAN),
    }


def _word(course: Course, subject: str) -> dict[str, Any]:
    """Return the citizen's newest word on a plan, and whether the next meeting takes it up (D55).

    Reads `course.citizen_words` and `course.meetings`; prefetch them.
    """
    words = [word for word in course.citizen_words.all() if word.subject == subject]
    taken_up = words_to_take_up(course, last_held_on(course))
    return {
        "word": words[0] if words else None,
        "words_before": words[1:],
        "word_is_taken_up": any(word.subject == subject for word in taken_up),
        "word_subject": subject,
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
        "signatures": signatures_of(plans[0]) if plans else [],
        "may_sign": {party: course_on_day.user.has_perm(perm, course) for party, perm in SIGN_AS.items()},
        **_word(course, PlanSubject.PLAN_FOR_JOB),
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
    prefetch=(
        Prefetch("activities", ActivityLine.objects.select_related("company")),
        "placements",
        "placements__company",
        WORDS,
        "meetings",
    ),
    bars=BarSource(BAR_ROWS, activity_bars),
)
PLAN_FOR_JOB = CourseSection(
    key="plan",
    title=_("Plan for job"),
    template="plans/plan_panel.html",
    page=CoursePage.PLAN,
    order=30,
    context=_plans,
    prefetch=(Prefetch("plans", PlanForJob.objects.prefetch_related(SIGNATURES)),),
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
