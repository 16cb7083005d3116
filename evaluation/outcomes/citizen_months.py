"""The outcome of each drawn citizen: what was delivered of the months after the draw (D6).

Everyone is counted in the arm and the stratum of the draw, whatever happened later: who withdrew, moved, died
or never began a course as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum

from evaluation.outcomes.period import OutcomePeriod
from evaluation.rules.effects import CitizenOutcome
from evaluation.rules.randomisation_test import DrawnOutcome
from randomization.draw.blocks import stratum_label
from randomization.models import Allocation


class CitizenMonths(NamedTuple):
    """A drawn citizen, how many months of the period after the draw have been delivered, and the paid hours
    of these in all."""

    allocation_id: int
    municipality_code: str
    target_group: str
    slot: int
    arm: str
    delivered: int
    total_hours: float

    @property
    def stratum(self) -> str:
        """The label of the stratum of the draw."""
        return stratum_label(self.municipality_code, self.target_group)

    @property
    def hours(self) -> float | None:
        """The mean of paid hours per month; None without any delivered month."""
        return self.total_hours / self.delivered if self.delivered else None


def citizen_months(period: OutcomePeriod) -> list[CitizenMonths]:
    """Return the drawn citizens in the order of the ledger with their months in the period; one query.

    A citizen drawn in the last month or later has no months yet and is left out. What needs sums only takes
    `evaluation.outcomes.stratum_arms`.
    """
    months = Q(
        citizen__paid_hours__month__range=(period.first, period.last),
        citizen__paid_hours__month__gt=F("allocated_on"),
    )
    columns = ("pk", "stratum__municipality_id", "stratum__target_group", "slot", "arm")
    rows = (
        Allocation.objects.filter(allocated_on__lt=period.last)
        .order_by("sequence")
        .values_list(*columns)
        .annotate(
            delivered=Count("citizen__paid_hours", filter=months),
            hours_in_all=Sum("citizen__paid_hours__hours", filter=months),
        )
    )
    return [CitizenMonths._make([*drawn_as, float(hours or 0)]) for *drawn_as, hours in rows]


def outcomes_of(citizens: Iterable[CitizenMonths]) -> list[CitizenOutcome]:
    """Return the outcomes of those with a delivered month."""
    return [
        CitizenOutcome(citizen.stratum, citizen.arm, citizen.hours)
        for citizen in citizens
        if citizen.hours is not None
    ]


def drawn_outcomes_of(citizens: Sequence[CitizenMonths]) -> list[DrawnOutcome]:
    """Return the outcomes of those with a delivered month, with their slots in the draw."""
    return [
        DrawnOutcome(citizen.stratum, citizen.slot, citizen.arm, citizen.hours)
        for citizen in citizens
        if citizen.hours is not None
    ]
