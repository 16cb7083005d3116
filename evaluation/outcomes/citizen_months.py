"""The outcome of each drawn citizen: the months after the draw, and what was delivered of them (D6).

Everyone is counted in the arm and the stratum of the draw, whatever happened later: who withdrew, moved, died
or never began a course as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum

from evaluation.models import PaidHours
from evaluation.outcomes.period import OutcomePeriod
from evaluation.rules.effects import CitizenOutcome
from evaluation.rules.missing_outcomes import DeliveredMonths
from evaluation.rules.randomisation_test import DrawnOutcome
from randomization.draw.blocks import stratum_label
from randomization.models import Allocation


class CitizenMonths(NamedTuple):
    """A drawn citizen and the months of the period after the draw: how many, how many of them delivered, and
    the paid hours of these in all. `over_on` is the last day of the course or of the project, whichever is
    first."""

    allocation_id: int
    project_id: int
    municipality_code: str
    target_group: str
    slot: int
    arm: str
    months: int
    delivered: int
    total_hours: float
    drawn_on: datetime.date
    over_on: datetime.date

    @property
    def stratum(self) -> str:
        """The label of the stratum of the draw."""
        return stratum_label(self.municipality_code, self.target_group)

    @property
    def missing(self) -> int:
        """How many months have not been delivered."""
        return self.months - self.delivered

    @property
    def hours(self) -> float | None:
        """The mean of paid hours per month; None without any delivered month."""
        return self.total_hours / self.delivered if self.delivered else None


def citizen_months(
    period: OutcomePeriod, allocations: QuerySet[Allocation, Any] | None = None
) -> list[CitizenMonths]:
    """Return the drawn citizens in the order of the ledger with their months in the period; two queries.

    A citizen drawn in the last month or later has no months yet and is left out. `allocations` narrows whom
    it is about; by default everybody.
    """
    drawn = Allocation.objects.all() if allocations is None else allocations
    delivered = _delivered(period, allocations)
    rows = drawn.filter(allocated_on__lt=period.last).order_by("sequence")
    months_since = cache(period.months_since)  # many are drawn on the same day
    nothing = (0, 0.0)
    # The fields of `CitizenMonths` up to the arm, in their order.
    drawn_fields = ("pk", "project_id", "stratum__municipality_id", "stratum__target_group", "slot", "arm")
    days = ("allocated_on", "project__ends_on", "citizen__course__ended_on")
    return [
        CitizenMonths._make(
            [
                *drawn_as,
                months_since(drawn_on),
                *delivered.get(citizen, nothing),
                drawn_on,
                min(project_ends_on, ended_on or project_ends_on),
            ]
        )
        for citizen, drawn_on, project_ends_on, ended_on, *drawn_as in rows.values_list(
            "citizen_id", *days, *drawn_fields
        )
    ]


def _delivered(
    period: OutcomePeriod, allocations: QuerySet[Allocation, Any] | None
) -> dict[int, tuple[int, float]]:
    """Return by citizen how many months after the draw have been delivered, and their hours in all."""
    months = PaidHours.objects.filter(
        month__range=(period.first, period.last), month__gt=F("citizen__allocation__allocated_on")
    )
    if allocations is not None:
        months = months.filter(citizen__allocation__in=allocations.order_by().values("pk"))
    sums = months.order_by().values_list("citizen").annotate(count=Count("pk"), hours_in_all=Sum("hours"))
    return {citizen: (count, float(hours)) for citizen, count, hours in sums}


def outcomes_of(
    citizens: Sequence[CitizenMonths], arms: Mapping[int, str] | None = None
) -> list[CitizenOutcome]:
    """Return the outcomes of those with a delivered month.

    `arms` are other arms than those drawn, by allocation id, for an analysis beside that as drawn.
    """
    other = arms or {}
    return [
        CitizenOutcome(citizen.stratum, other.get(citizen.allocation_id, citizen.arm), citizen.hours)
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


def delivered_months_of(citizens: Sequence[CitizenMonths]) -> list[DeliveredMonths]:
    """Return the months of all, as the bounds of missing outcomes need them."""
    return [
        DeliveredMonths(citizen.stratum, citizen.arm, citizen.months, citizen.delivered, citizen.total_hours)
        for citizen in citizens
    ]
