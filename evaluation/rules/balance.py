"""Balance of the arms before the draw, and predictability of the next arm: plain functions over values (D4).

Differences are compared with the band expected by chance at that size; there is no pass or fail. An omnibus
test repeats the whole draw many times with the trial's own generator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pvariance, variance
from typing import NamedTuple

from evaluation.rules.redraws import redrawn_arms
from randomization.draw.blocks import PARTICIPANT

REPLICATES = 499
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class DrawnUnit:
    """A drawn citizen: stratum, slot, arm, and the baseline values, known before the draw."""

    stratum: str
    slot: int
    arm: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class ArmDifference:
    """The difference of a baseline value: both means, the standardised difference, and the half width of the
    95 % band around 0 that is expected by chance.

    `standardised` and `band` are None while an arm has fewer than two citizens or nothing varies.
    """

    participants: float | None
    controls: float | None
    standardised: float | None
    band: float | None


def baseline_differences(units: Sequence[DrawnUnit]) -> list[ArmDifference]:
    """Return the difference of each baseline value: (mean of participants − mean of controls) / the root of
    the mean of both variances."""
    participants = [unit.values for unit in units if unit.arm == PARTICIPANT]
    controls = [unit.values for unit in units if unit.arm != PARTICIPANT]
    width = len(units[0].values) if units else 0
    return [_difference([v[n] for v in participants], [v[n] for v in controls]) for n in range(width)]


def _difference(participants: list[float], controls: list[float]) -> ArmDifference:
    means = (fmean(participants) if participants else None, fmean(controls) if controls else None)
    if len(participants) < 2 or len(controls) < 2:
        return ArmDifference(*means, standardised=None, band=None)
    spread = sqrt((variance(participants) + variance(controls)) / 2)
    if not spread:
        return ArmDifference(*means, standardised=None, band=None)
    band = NORMAL_95 * sqrt(1 / len(participants) + 1 / len(controls))
    return ArmDifference(*means, standardised=(fmean(participants) - fmean(controls)) / spread, band=band)


class Share(NamedTuple):
    """A count of those who have something, of all in an arm."""

    having: int
    size: int


def share_difference(participants: Share, controls: Share) -> ArmDifference:
    """Return the difference of a value that is 1 or 0, from the counts alone."""
    arms = ([1.0] * share.having + [0.0] * (share.size - share.having) for share in (participants, controls))
    return _difference(*arms)


#: Where nothing is shown.
NOTHING = ArmDifference(None, None, None, None)


def omnibus_test(units: Sequence[DrawnUnit], seed: bytes, replicates: int = REPLICATES) -> float | None:
    """Return the share of repeated draws whose arms differ at least as much as the trial's (a p-value).

    The statistic is the sum over the values of the squared difference of means in standard deviations. Each
    replicate draws every stratum's slots again from a key of its own, by the trial's generator, so that the
    test respects strata and blocks. The same `seed` gives the same result. None when no value varies, or an
    arm is empty.
    """
    columns = _standardised(units)
    if not columns or len({unit.arm for unit in units}) < 2:
        return None
    strata: dict[str, list[tuple[int, int]]] = defaultdict(list)  # slots, with their indexes in `units`
    for index, unit in enumerate(units):
        strata[unit.stratum].append((unit.slot, index))
    observed = _distance(columns, [index for index, unit in enumerate(units) if unit.arm == PARTICIPANT])
    at_least_as_far = 0
    for replicate in range(replicates):
        participants: list[int] = []
        for stratum, slots in strata.items():
            replicate_arms = redrawn_arms(seed, replicate, stratum, max(slot for slot, _ in slots))
            participants += [index for slot, index in slots if replicate_arms[slot - 1] == PARTICIPANT]
        at_least_as_far += _distance(columns, participants) >= observed - 1e-12
    return (at_least_as_far + 1) / (replicates + 1)


def _standardised(units: Sequence[DrawnUnit]) -> list[list[float]]:
    """Return the values that vary as columns, each with mean 0 and standard deviation 1."""
    columns = []
    for values in zip(*(unit.values for unit in units), strict=True):
        spread = sqrt(pvariance(values))
        if spread:
            mean = fmean(values)
            columns.append([(value - mean) / spread for value in values])
    return columns


def _distance(columns: list[list[float]], participants: list[int]) -> float:
    """Return the sum of squared differences of means. The columns have mean 0: one arm's sum gives both."""
    participant_count, control_count = len(participants), len(columns[0]) - len(participants)
    if not participant_count or not control_count:
        return 0.0
    sums = (sum(map(column.__getitem__, participants)) for column in columns)
    return sum((arm_sum / participant_count + arm_sum / control_count) ** 2 for arm_sum in sums)


class GuessRate(NamedTuple):
    """The share of draws that were guessed right, and the number of draws."""

    share: float
    draws: int


def guess_rate(strata: Iterable[Sequence[str]]) -> GuessRate:
    """Return how often the next arm is guessed right by somebody who knows all earlier draws.

    The guess is the arm that is behind in the stratum; when the arms are level the guess is a coin toss,
    counted as half right. 0.5 is chance; with this trial's blocks about 0.68 is expected.
    """
    right, count = 0.0, 0
    for stratum in strata:
        lead = 0
        for arm in stratum:
            step = 1 if arm == PARTICIPANT else -1
            right += 0.5 if lead == 0 else float(step * lead < 0)
            lead += step
            count += 1
    return GuessRate(right / count if count else 0.0, count)
