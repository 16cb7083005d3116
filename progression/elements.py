"""The core elements that need the answers of the progression tool (D7): 2 job goal, 4 adjusting."""

from __future__ import annotations

import datetime

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines import meeting_overdue
from cases.deadlines.facts import CourseDays, CourseKeys, meeting_days, of_courses
from cases.elements.window import support_window
from cases.extension_points import ElementJudge, ElementReason, ElementRule
from cases.models import Cv, JobGoal
from cases.rules.fidelity import Indicator
from progression.deadlines import progression_missing
from progression.rules import core_elements as rules
from reminders.fact_cache import read_once

CvHistory = Cv.pgh_event_model  # type: ignore[attr-defined]  # added by audit.history.tracked


@read_once
def first_cv_days(keys: CourseKeys) -> dict[int, datetime.date]:
    """Return the first day on which something was written in a course's CV, by course id; one query.

    The CV itself keeps the day of the last change alone; its history has the days before.
    """
    written = CvHistory.objects.filter(pgh_obj__course__public_id__in=keys, changed_on__isnull=False)
    return dict(written.order_by().values_list("course_id").annotate(first=Min("changed_on")))


def _first_goal_days(keys: CourseKeys) -> dict[int, datetime.date]:
    goals = of_courses(JobGoal.objects.order_by(), keys)
    return dict(goals.values_list("course_id").annotate(first=Min("set_on")))


def _job_goal(keys: CourseKeys) -> ElementJudge:
    held = meeting_days(keys)
    answered = progression_missing.answered_days(keys)
    cv, goals = first_cv_days(keys), _first_goal_days(keys)

    def judge(course: CourseDays, terms: TrialTerms) -> Indicator:
        done = {
            rules.ANSWERS_MISSING: min(answered.get(course.pk, ()), default=None),
            rules.CV_MISSING: cv.get(course.pk),
            rules.GOALS_MISSING: goals.get(course.pk),
        }
        return rules.job_goal(
            course.started_on,
            done,
            held.get(course.pk, ()),
            course.paused(meeting_overdue.KIND.code),
            interval_days=terms.meeting_interval_days,
        )

    return judge


def _adjusting(keys: CourseKeys) -> ElementJudge:
    held, answered = meeting_days(keys), progression_missing.answered_days(keys)

    def judge(course: CourseDays, terms: TrialTerms) -> Indicator:
        return rules.adjusting(
            support_window(course),
            held.get(course.pk, ()),
            answered.get(course.pk, ()),
            course.paused(meeting_overdue.KIND.code),
            course.paused(progression_missing.KIND.code),
            interval_days=terms.meeting_interval_days,
        )

    return judge


OF_REVIEWS = (meeting_overdue.KIND.code, progression_missing.KIND.code)
JOB_GOAL = ElementRule(
    number=2,
    judge_of=_job_goal,
    section="goals",
    follows=OF_REVIEWS,
    reasons=(
        ElementReason(
            rules.ANSWERS_MISSING, _("No progression answers before the first meeting."), "progression"
        ),
        ElementReason(rules.CV_MISSING, _("No CV before the first meeting."), "cv"),
        ElementReason(rules.GOALS_MISSING, _("No job goals before the first meeting."), "goals"),
    ),
)
ADJUSTING = ElementRule(
    number=4,
    judge_of=_adjusting,
    section="meetings",
    follows=OF_REVIEWS,
    reasons=(
        ElementReason(rules.MEETING_LATE, _("A follow-up meeting was not held in time."), "meetings"),
        ElementReason(
            rules.REVIEW_MISSING, _("A meeting was held without new progression answers."), "progression"
        ),
    ),
)
ELEMENTS = (JOB_GOAL, ADJUSTING)
