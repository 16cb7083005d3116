"""Paid hours per month and arm, by months since the draw."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from evaluation.models import PaidHours
from evaluation.outcomes.period import OutcomePeriod
from randomization.models import Arm


@dataclass(frozen=True, slots=True)
class ArmMonth:
    """An arm so many months after the draw: citizens with delivered hours, those who have any, their mean."""

    citizens: int
    with_hours: int
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
