"""How alike the arms are, and how guessable the next one is: plain functions over plain values (D4).

Differences are shown against the band that chance alone gives at that size; there is no limit that a trial
passes or fails. One omnibus test draws the whole trial again, many times, with the trial's own generator.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, pvariance, variance

from randomization.draw.blocks import PARTICIPANT, arms

REPLICATES = 499
NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Unit:
    """A drawn citizen: where on which list, the arm, and what was known before the draw, as numbers."""

    stratum: str
    slot: int
    arm: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Difference:
    """One baseline value: both means, the standardised difference, and chance's 95 % band around 0.

    `standardised` and `band` are None while an arm has fewer than two citizens or nothing varies.
    """

    participants: float | None
    controls: float | None
    standardised: float | None
    band: float | None


def differences(units: Sequence[Unit]) -> list[Difference]:
    """A Difference for each of the units' values: (mean of participants − mean of controls) over the root of
    the mean of both variances."""
    ours = [unit.values for unit in units if unit.arm == PARTICIPANT]
    theirs = [unit.values for unit in units if unit.arm != PARTICIPANT]
    width = len(units[0].values) if units else 0
    return [_difference([v[n] for v in ours], [v[n] for v in theirs]) for n in range(width)]


def _difference(ours: list[float], theirs: list[float]) -> Difference:
    means = (fmean(ours) if ours else None, fmean(theirs) if theirs else None)
    if len(ours) < 2 or len(theirs) < 2:
        return Difference(*means, standardised=None, band=None)
    spread = sqrt((variance(ours) + variance(theirs)) / 2)
    if not spread:
        return Difference(*means, standardised=None, band=None)
    band = NORMAL_95 * sqrt(1 / len(ours) + 1 / len(theirs))
    return Difference(*means, standardised=(fmean(ours) - fmean(theirs)) / spread, band=band)


def omnibus(units: Sequence[Unit], seed: bytes, replicates: int = REPLICATES) -> float | None:
    """The share of trials drawn anew whose arms differ at least as much as this one's: near 0 would be odd.

    The statistic is the sum over the values of the squared difference of means in standard deviations. Each
    replicate draws every stratum's slots again from a key of its own, by the trial's generator, so the test
    knows of strata and blocks. The same `seed` gives the same answer. None while it cannot be reckoned.
    """
    columns = _standardised(units)
    if not columns or len({unit.arm for unit in units}) < 2:
        return None
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, unit in enumerate(units):
        places[unit.stratum].append((unit.slot, at))
    observed = _distance(columns, [at for at, unit in enumerate(units) if unit.arm == PARTICIPANT])
    as_far = 0
    for replicate in range(replicates):
        drawn: list[int] = []
        for stratum, slots in places.items():
            key = hashlib.sha256(b"%s/%d/%s" % (seed, replicate, stratum.encode())).digest()
            again = arms(key, max(slot for slot, _ in slots))
            drawn += [at for slot, at in slots if again[slot - 1] == PARTICIPANT]
        as_far += _distance(columns, drawn) >= observed - 1e-12
    return (as_far + 1) / (replicates + 1)


def _standardised(units: Sequence[Unit]) -> list[list[float]]:
    """The values that vary, each with mean 0 and standard deviation 1."""
    columns = []
    for values in zip(*(unit.values for unit in units), strict=True):
        spread = sqrt(pvariance(values))
        if spread:
            middle = fmean(values)
            columns.append([(value - middle) / spread for value in values])
    return columns


def _distance(columns: list[list[float]], participants: list[int]) -> float:
    """The sum of squared differences of means; the columns have mean 0, so one arm's sum gives both."""
    here, there = len(participants), len(columns[0]) - len(participants)
    if not here or not there:
        return 0.0
    sums = (sum(map(column.__getitem__, participants)) for column in columns)
    return sum((one / here + one / there) ** 2 for one in sums)


def guessed(strata: Iterable[Sequence[str]]) -> tuple[float, int]:
    """How often somebody who knows all draws so far guesses the next arm right, and of how many draws.

    The guess is the arm that is behind in the stratum; when they are level it is a coin, counted as half
    right. 0.5 is blind chance; with this trial's blocks about 0.68 is to be expected.
    """
    right, count = 0.0, 0
    for stratum in strata:
        lead = 0
        for arm in stratum:
            step = 1 if arm == PARTICIPANT else -1
            right += 0.5 if lead == 0 else float(step * lead < 0)
            lead += step
            count += 1
    return (right / count if count else 0.0), count
