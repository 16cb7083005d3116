"""The core elements whose facts are those of `cases`: 1 roles, 6 retention support, 9 kick-start and
duration.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases import extension_points
from cases.deadlines import function_unfilled, weekly_contact_overdue
from cases.deadlines.facts import CourseDays, CourseKeys, contact_days
from cases.elements.window import support_window
from cases.extension_points import ElementJudge, ElementReason, ElementRule
from cases.models import Course, CourseFunction
from cases.rules import core_elements as rules
from cases.rules.fidelity import Indicator
from jobfirst.values.dates import DateSpan
from reminders.fact_cache import read_once


def _roles(keys: CourseKeys) -> ElementJudge:
    holdings = function_unfilled.holding_days(keys)

    def judge(course: CourseDays, _terms: TrialTerms) -> Indicator:
        of_functions = [holdings.get((course.pk, function), []) for function in CourseFunction.values]
        return rules.roles(course.started_on, of_functions)

    return judge


def _retention_support(keys: CourseKeys) -> ElementJudge:
    contacts = contact_days(keys)

    def judge(course: CourseDays, terms: TrialTerms) -> Indicator:
        return rules.retention_support(
            support_window(course),
            contacts.get(course.pk, ()),
            course.paused(weekly_contact_overdue.KIND.code),
            weekday=terms.contact_weekday,
        )

    return judge


@read_once
def filled_days(keys: CourseKeys) -> dict[int, list[DateSpan]]:
    """Return the days that something fills (D22), by course id, without the pauses; one query."""
    courses = Course.objects.filter(public_id__in=keys).order_by().only("pk")
    return {
        course.pk: [bar.span for bar in extension_points.bars_of(course)]
        for course in extension_points.with_bars(courses)
    }


def _duration(keys: CourseKeys) -> ElementJudge:
    filled = filled_days(keys)

    def judge(course: CourseDays, terms: TrialTerms) -> Indicator:
        pauses = [pause.days for pause in course.pauses]
        return rules.duration(
            course.started_on,
            course.internship_from,
            course.continued_from,
            [*filled.get(course.pk, ()), *pauses],
            sniffing_weeks=terms.sniffing_weeks,
        )

    return judge


ROLES = ElementRule(
    number=1,
    judge_of=_roles,
    section="functions",
    follows=(function_unfilled.KIND.code,),
    reasons=(
        ElementReason(rules.VACANT_AT_START, _("A function had no holder from the start."), "functions"),
        ElementReason(rules.VACANT_LATER, _("A function was without a holder for a time."), "functions"),
    ),
)
RETENTION_SUPPORT = ElementRule(
    number=6,
    judge_of=_retention_support,
    section="contacts",
    follows=(weekly_contact_overdue.KIND.code,),
    reasons=(
        ElementReason(
            rules.CONTACT_MISSED, _("A week went by without contact with the citizen."), "contacts"
        ),
    ),
)
#: An activity changes `empty_week_ahead`, all else that fills days changes every kind.
DURATION = ElementRule(
    number=9,
    judge_of=_duration,
    section="timeline",
    follows=("empty_week_ahead",),
    reasons=(
        ElementReason(rules.LATE_START, _("Nothing was planned from the first day."), "activities"),
        ElementReason(rules.GAP, _("There was a gap in the course."), "timeline"),
        ElementReason(rules.SNIFFING_TOO_LONG, _("The sniffing period was too long."), "placements"),
    ),
)
ELEMENTS = (ROLES, RETENTION_SUPPORT, DURATION)
