"""What has been delivered of the paid hours (D20): for how many citizens of each arm, month by month."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, replace

from django.db.models import Count

from evaluation.models import PaidHours
from evaluation.rules.rounding import at_least
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class DeliveredMonth:
    """How many citizens of each arm have hours in a month, of how many who are drawn by its end."""

    month: datetime.date
    participants: int
    participants_drawn: int
    controls: int
    controls_drawn: int

    @property
    def missing(self) -> int:
        """How many drawn citizens have no hours in the month."""
        return max(0, self.participants_drawn - self.participants) + max(
            0, self.controls_drawn - self.controls
        )

    def rounded(self, limit: int) -> DeliveredMonth:
        """Return at least how many have hours: the ledger tells how many are drawn."""
        return replace(
            self,
            participants=at_least(self.participants, self.participants_drawn, limit),
            controls=at_least(self.controls, self.controls_drawn, limit),
        )


def delivered_months() -> list[DeliveredMonth]:
    """Return the months with hours, the newest first; two queries."""
    delivered = {
        (month, arm): number
        for month, arm, number in PaidHours.objects.order_by()
        .values_list("month", "citizen__allocation__arm")
        .annotate(number=Count("pk"))
    }
    drawn = list(Allocation.objects.order_by().values_list("allocated_on", "arm"))
    months = sorted({month for month, _arm in delivered}, reverse=True)
    rows = []
    for month in months:
        following = (month.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
        by_arm = Counter(arm for day, arm in drawn if day < following)
        rows.append(
            DeliveredMonth(
                month=month,
                participants=delivered.get((month, Arm.PARTICIPANT), 0),
                participants_drawn=by_arm[Arm.PARTICIPANT],
                controls=delivered.get((month, Arm.CONTROL), 0),
                controls_drawn=by_arm[Arm.CONTROL],
            )
        )
    return rows
