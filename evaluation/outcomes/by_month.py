"""Paid hours per month and arm, by months since the draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from evaluation.models import PaidHours
from evaluation.outcomes.period import OutcomePeriod
from evaluation.rules.suppression import is_small
from randomization.models import Arm


@dataclass(frozen=True, slots=True)
class ArmMonth:
    """An arm so many months after the draw: citizens with delivered hours, those who have any, their mean.
    None: withheld."""

    citizens: int | None
    with_hours: int | None
    mean_hours: float | None


@dataclass(frozen=True, slots=True)
class MonthSinceDraw:
    """Both arms so many months after the draw: 1 is the first month after it."""

    number: int
    participants: ArmMonth
    controls: ArmMonth


def months_since_draw(period: OutcomePeriod) -> list[MonthSinceDraw]:
    """Return the months of the period in order; one query."""
    drawn = F("citizen__allocation__allocated_on")
    since = 12 * (ExtractYear("month") - ExtractYear(drawn)) + ExtractMonth("month") - ExtractMonth(drawn)
    rows = (
        PaidHours.objects.filter(month__range=(period.first, period.last), month__gt=drawn)
        .order_by()
        .annotate(since=since)
        .values_list("since", "citizen__allocation__arm")
        .annotate(citizens=Count("pk"), with_hours=Count("pk", filter=Q(hours__gt=0)), total=Sum("hours"))
    )
    by_arm = {
        (number, arm): ArmMonth(citizens, with_hours, float(total) / citizens)
        for number, arm, citizens, with_hours, total in rows
    }
    nobody = ArmMonth(0, 0, None)
    return [
        MonthSinceDraw(
            number,
            by_arm.get((number, Arm.PARTICIPANT), nobody),
            by_arm.get((number, Arm.CONTROL), nobody),
        )
        for number in sorted({number for number, _arm in by_arm})
    ]


def shown_months(months: Sequence[MonthSinceDraw], limit: int) -> list[MonthSinceDraw]:
    """Return the months without the numbers of few citizens; the others are at least so many: rounded down to
    the limit, since the ledger tells how many were drawn so long ago.

    When those withheld of an arm are few together, its smallest month beside them is withheld as well: they
    could be reckoned from the arm's mean otherwise.
    """
    participants = _shown_arm_months([month.participants for month in months], limit)
    controls = _shown_arm_months([month.controls for month in months], limit)
    return [
        MonthSinceDraw(month.number, of_participants, of_controls)
        for month, of_participants, of_controls in zip(months, participants, controls, strict=True)
    ]


def _shown_arm_months(months: Sequence[ArmMonth], limit: int) -> list[ArmMonth]:
    counts = [month.citizens or 0 for month in months]
    withheld = {place for place, count in enumerate(counts) if is_small(count, limit)}
    if is_small(sum(counts[place] for place in withheld), limit):
        others = [place for place, count in enumerate(counts) if count and place not in withheld]
        withheld |= set(sorted(others, key=lambda place: counts[place])[:1])
    nothing = ArmMonth(None, None, None)
    return [
        nothing if place in withheld else replace(month, citizens=count // limit * limit, with_hours=None)
        for place, (month, count) in enumerate(zip(months, counts, strict=True))
    ]
