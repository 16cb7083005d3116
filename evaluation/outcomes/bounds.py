"""How far the missing months could move the difference (D6): the best and the worst case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.outcomes.citizen_months import CitizenMonths, delivered_months_of
from evaluation.rules.effects import Estimate, difference
from evaluation.rules.missing_outcomes import MissingCase, filled_outcomes


@dataclass(frozen=True)
class OutcomeBounds:
    """The difference when every missing month is favourable to the course, and when none is."""

    full_time: float
    missing_months: int
    best: Estimate | None
    worst: Estimate | None


def outcome_bounds(citizens: Sequence[CitizenMonths], full_time: float) -> OutcomeBounds:
    """Return the bounds; `full_time` is what a missing month has at most, in hours."""
    months = delivered_months_of(citizens)
    return OutcomeBounds(
        full_time,
        missing_months=sum(citizen.missing for citizen in citizens),
        best=difference(filled_outcomes(months, MissingCase.BEST, full_time=full_time)),
        worst=difference(filled_outcomes(months, MissingCase.WORST, full_time=full_time)),
    )
