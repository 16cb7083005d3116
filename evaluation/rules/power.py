"""Power, said beforehand (D6): which difference in paid hours the trial can find with the citizens it has.

The smallest difference that a two-sided test finds with the given power is (z of the significance + z of the
power) × standard deviation / √information. Of a stratum with t participants and c controls the information is
tc / (t + c): only comparisons within strata count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, inf, sqrt
from statistics import NormalDist

from evaluation.rules.effects import CitizenOutcome, strata_of

#: With fewer controls to compare, a standard deviation is assumed.
FEWEST_CONTROLS = 30


@dataclass(frozen=True, slots=True)
class ArmSizes:
    """How many citizens of a stratum are in each arm."""

    participants: int
    controls: int

    @property
    def information(self) -> float:
        """What the stratum adds to the comparison: half of an arm when both are alike, 0 with one arm."""
        total = self.participants + self.controls
        return self.participants * self.controls / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Certainty:
    """The test that is planned: its power, and its two-sided significance level, in per cent."""

    power: int
    significance: int

    @property
    def factor(self) -> float:
        """How many standard errors the difference must be."""
        normal = NormalDist()
        return normal.inv_cdf(1 - self.significance / 200) + normal.inv_cdf(self.power / 100)


def detectable_difference(strata: Iterable[ArmSizes], deviation: float, certainty: Certainty) -> float | None:
    """Return the smallest difference that is found, in the unit of `deviation`; None without a comparison."""
    information = sum(stratum.information for stratum in strata)
    smallest = certainty.factor * deviation / sqrt(information) if information > 0 else inf
    return smallest if smallest < inf else None


def deviation_within_strata(outcomes: Iterable[CitizenOutcome]) -> float | None:
    """Return the standard deviation of the controls' hours around the mean of their stratum.

    None with fewer than FEWEST_CONTROLS controls beyond one a stratum, or when they do not differ.
    """
    controls = [stratum.controls for stratum in strata_of(outcomes) if stratum.controls.citizens]
    freedom = sum(arm.citizens - 1 for arm in controls)
    if freedom < FEWEST_CONTROLS:
        return None
    return sqrt(fsum(arm.squares for arm in controls) / freedom) or None
