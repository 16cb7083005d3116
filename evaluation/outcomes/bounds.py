"""How far the missing months could move the difference (D6): the best and the worst case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.outcomes.stratum_arms import StratumArm
from evaluation.rules.effects import Estimate, difference
from evaluation.rules.missing_outcomes import MissingCase, filled_outcomes


@dataclass(frozen=True)
class OutcomeBounds:
    """The difference when every missing month is favourable to the course, and when none is."""

    full_time: float
    missing_months: int
    best: Estimate | None
    worst: Estimate | None


def outcome_bounds(arms: Sequence[StratumArm], full_time: float) -> OutcomeBounds:
    """Return the bounds; `full_time` is what a missing month has at most, in hours, as in the sums."""
    filled = [arm.filled for arm in arms if arm.drawn]
    return OutcomeBounds(
        full_time,
        missing_months=sum(arm.missing for arm in arms),
        best=difference(filled_outcomes(filled, MissingCase.BEST)),
        worst=difference(filled_outcomes(filled, MissingCase.WORST)),
    )
