"""The core elements of the work at a company (D7): 5 match and work agreement, 7 ordinary hours."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses
from cases.extension_points import ElementJudge, ElementReason, ElementRule
from cases.rules.fidelity import Indicator
from companies.deadlines import agreement_ending
from companies.models import (
    EMPLOYMENT_KINDS,
    Match,
    PlacementKind,
    WorkAgreement,
)
from companies.placement_facts import placements_of
from companies.rules import core_elements as rules
from jobfirst.values.dates import DAY, DateSpan


def _match_and_agreement(keys: CourseKeys) -> ElementJudge:
    matches = of_courses(Match.objects.order_by(), keys)
    matched = dict(matches.values_list("course_id").annotate(first=Min("matched_on")))
    agreements = WorkAgreement.objects.signed_by_all().filter(
        placement__course__public_id__in=keys,
        placement__kind=PlacementKind.INTERNSHIP,
        placement__withdrawn_at__isnull=True,
    )
    signed = agreements.order_by().values_list("placement__course_id")
    agreed = dict(signed.annotate(first=Min("seal__sealed_on")))

    def judge(course: CourseDays, _terms: TrialTerms) -> Indicator:
        return rules.match_and_agreement(
            course.internship_from, matched.get(course.pk), agreed.get(course.pk)
        )

    return judge


def _ordinary_hours(keys: CourseKeys) -> ElementJudge:
    """The rule with the days of work; every day of an employment has ordinary hours."""
    work: dict[int, list[DateSpan]] = defaultdict(list)
    paid: dict[int, list[DateSpan]] = defaultdict(list)
    for placement in placements_of(keys):
        if placement.kind == PlacementKind.SNIFFING:
            continue
        work[placement.course_id].append(placement.span)
        if placement.kind in EMPLOYMENT_KINDS:
            paid[placement.course_id].append(placement.span)
        else:
            spans = placement.hours_spans()
            paid[placement.course_id] += [span.span for span in spans if span.hours.ordinary > 0]

    def judge(course: CourseDays, _terms: TrialTerms) -> Indicator:
        first_weeks = None
        if course.internship_from is not None and course.continued_from is not None:
            first_weeks = DateSpan(course.internship_from, course.continued_from - DAY)
        return rules.ordinary_hours(first_weeks, work.get(course.pk, ()), paid.get(course.pk, ()))

    return judge


MATCH_AND_AGREEMENT = ElementRule(
    number=5,
    judge_of=_match_and_agreement,
    section="placements",
    follows=(agreement_ending.KIND.code,),
    reasons=(
        ElementReason(rules.MATCH_MISSING, _("No match is recorded."), "placements"),
        ElementReason(
            rules.AGREEMENT_MISSING, _("The internship has begun without a work agreement."), "placements"
        ),
    ),
)
ORDINARY_HOURS = ElementRule(
    number=7,
    judge_of=_ordinary_hours,
    section="placements",
    follows=(agreement_ending.KIND.code,),
    reasons=(
        ElementReason(rules.NO_ORDINARY_HOURS, _("No ordinary hours beside the internship."), "placements"),
        ElementReason(rules.INTERNSHIP_SHORT, _("The internship did not last its weeks."), "placements"),
    ),
)
ELEMENTS = (MATCH_AND_AGREEMENT, ORDINARY_HOURS)
