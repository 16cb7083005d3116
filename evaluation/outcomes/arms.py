"""What each arm has of paid hours: citizens, months, mean, share with any hours, months that are missing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import fsum

from evaluation.outcomes.stratum_arms import StratumArm
from randomization.models import Arm


@dataclass(frozen=True, slots=True)
class ArmOutcomes:
    """An arm in the period. `drawn` citizens have `citizen_months` delivered months and `missing_months` that
    are not; `analysed` have a delivered month, `with_hours` have paid hours in any (None: withheld), and
    `mean_hours` is the mean of the analysed citizens' own means."""

    drawn: int = 0
    analysed: int = 0
    citizen_months: int = 0
    missing_months: int = 0
    with_hours: int | None = 0
    mean_hours: float | None = None

    @property
    def share_any(self) -> float | None:
        """The share of the analysed citizens with any paid hours; None without any citizen, or withheld."""
        return None if self.with_hours is None or not self.analysed else self.with_hours / self.analysed

    @property
    def percent_any(self) -> float | None:
        """The same share in per cent."""
        return None if self.share_any is None else 100 * self.share_any

    @property
    def without_outcome(self) -> int:
        """How many citizens have no delivered month at all, and enter no mean."""
        return self.drawn - self.analysed


def outcomes_by_arm(strata: Collection[StratumArm]) -> dict[str, ArmOutcomes]:
    """Return the outcomes of both arms, of all these strata together."""
    return {arm: _arm_outcomes([row for row in strata if row.arm == arm]) for arm in Arm.values}


def _arm_outcomes(strata: Collection[StratumArm]) -> ArmOutcomes:
    analysed = sum(row.analysed for row in strata)
    hours = fsum(row.outcome.hours * row.analysed for row in strata)
    return ArmOutcomes(
        drawn=sum(row.drawn for row in strata),
        analysed=analysed,
        citizen_months=sum(row.delivered for row in strata),
        missing_months=sum(row.missing for row in strata),
        with_hours=sum(row.with_hours for row in strata),
        mean_hours=hours / analysed if analysed else None,
    )
