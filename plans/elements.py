"""The core elements of the plans (D7): 3 sniffing, 8 plan for job."""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys
from cases.extension_points import ElementJudge, ElementReason, ElementRule
from cases.rules.core_elements import SNIFFING_TOO_LONG
from cases.rules.fidelity import Indicator
from companies.models import PlacementKind
from companies.placement_facts import placements_of
from plans.deadlines import empty_week_ahead, plan_for_job_due
from plans.models import ActivityKind, ActivityLine
from plans.rules import core_elements as rules
from plans.rules.core_elements import SniffingFacts

#: Activities at a workplace; of other kinds only those with a company are.
AT_WORKPLACES = (ActivityKind.VISIT, ActivityKind.SNIFFING, ActivityKind.CONVERSATION)


def _sniffing(keys: CourseKeys) -> ElementJudge:
    facts: dict[int, SniffingFacts] = defaultdict(lambda: SniffingFacts([], {}))
    for activity in empty_week_ahead.activities_of(keys):
        if activity.fills_days:
            facts[activity.course_id].planned.append(activity.span)
            _add_workplace(facts[activity.course_id], _workplace(activity), activity.starts_on)
    for placement in placements_of(keys):
        facts[placement.course_id].planned.append(placement.span)
        if placement.kind == PlacementKind.SNIFFING:
            _add_workplace(facts[placement.course_id], placement.company_id, placement.starts_on)

    def judge(course: CourseDays, terms: TrialTerms) -> Indicator:
        of_course = facts.get(course.pk, SniffingFacts([], {}))
        paused = course.paused(empty_week_ahead.KIND.code)
        return rules.sniffing(
            course.started_on,
            course.internship_from,
            SniffingFacts([*of_course.planned, *paused], of_course.workplaces),
            weeks=terms.sniffing_weeks,
        )

    return judge


def _workplace(activity: ActivityLine) -> int | str:
    """Return the workplace of an activity: its company's id, or where it was, in words; empty for none."""
    if activity.company_id is not None:
        return activity.company_id
    return " ".join(activity.where.split()).casefold() if activity.kind in AT_WORKPLACES else ""


def _add_workplace(facts: SniffingFacts, workplace: int | str, day: datetime.date) -> None:
    """Note the first day at a workplace."""
    if workplace:
        facts.workplaces[workplace] = min(day, facts.workplaces.get(workplace, day))


def _plan_for_job(keys: CourseKeys) -> ElementJudge:
    made = plan_for_job_due.first_plan_days(keys)

    def judge(course: CourseDays, _terms: TrialTerms) -> Indicator:
        return rules.plan_for_job(
            course.continued_from, made.get(course.pk), course.paused(plan_for_job_due.KIND.code)
        )

    return judge


SNIFFING = ElementRule(
    number=3,
    judge_of=_sniffing,
    section="activities",
    follows=(empty_week_ahead.KIND.code,),
    reasons=(
        ElementReason(rules.FEW_WORKPLACES, _("Fewer than two workplaces so far."), "activities"),
        ElementReason(rules.EMPTY_WEEK, _("A week of the sniffing period had no activity."), "activities"),
        ElementReason(SNIFFING_TOO_LONG, _("The sniffing period was too long."), "placements"),
    ),
)
PLAN_FOR_JOB = ElementRule(
    number=8,
    judge_of=_plan_for_job,
    section="plan",
    follows=(plan_for_job_due.KIND.code,),
    reasons=(ElementReason(rules.PLAN_MISSING, _("The plan for job is missing."), "plan"),),
)
ELEMENTS = (SNIFFING, PLAN_FOR_JOB)
