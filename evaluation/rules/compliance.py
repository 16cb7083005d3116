"""The effect on those who follow the draw: the second analysis, beside that of everyone as drawn (D59).

The draw is an instrument for the course. Among the citizens who would follow whatever was drawn the effect is
the effect of the draw on the hours divided by the effect of the draw on having the course (Wald; two-stage
least squares), both with a fixed effect for each stratum:

1. z is 1 for participants as drawn, d is 1 for who had the course, y are the hours; each less its mean in the
   stratum.
2. The estimate is Σzy / Σzd. The residual is e = y − estimate · d.
3. The variance is Σ z²e²/(1 − h) / (Σzd)², with the leverage h = 1/n + z²/Σz² of the citizen and n the
   citizens of the stratum. Where everybody follows the draw this is least squares with HC2 variance, as
   `effects.difference`.

The draw is taken to act through the course alone, and nobody to do the opposite of what was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from evaluation.rules.effects import NORMAL_95, TINY, Estimate
from randomization.draw.blocks import PARTICIPANT


@dataclass(frozen=True, slots=True)
class TreatedOutcome:
    """The outcome of a drawn citizen: stratum and arm as drawn, whether she had the course, and the mean of
    paid hours per month."""

    stratum: str
    arm: str
    had_course: bool
    hours: float


@dataclass(frozen=True, slots=True)
class ComplierEffect:
    """The effect on those who follow the draw, and how much more often participants had the course: `uptake`,
    a share with strata held equal."""

    effect: Estimate
    uptake: float


def complier_effect(outcomes: Sequence[TreatedOutcome]) -> ComplierEffect | None:
    """Return the effect in hours per month; None when no stratum has both arms, or the draw changed nothing
    about who had the course."""
    import numpy as np

    if not outcomes:
        return None
    numbers: dict[str, int] = {}
    stratum = np.array([numbers.setdefault(outcome.stratum, len(numbers)) for outcome in outcomes])
    sizes = np.bincount(stratum).astype(np.float64)
    columns = np.array(
        [(outcome.arm == PARTICIPANT, outcome.had_course, outcome.hours) for outcome in outcomes],
        dtype=np.float64,
    )
    means = np.column_stack([np.bincount(stratum, weights=column) / sizes for column in columns.T])
    drawn, treated, hours = (columns - means[stratum]).T
    information, together = float(drawn @ drawn), float(drawn @ treated)
    if information < TINY or together < TINY:
        return None
    estimate = float(drawn @ hours) / together
    slack = 1 - 1 / sizes[stratum] - drawn**2 / information
    weighed = np.abs(drawn) > TINY
    if (slack[weighed] < TINY).any():
        return None
    scores = drawn[weighed] * (hours - estimate * treated)[weighed]
    error = sqrt(float(np.sum(scores**2 / slack[weighed]))) / together
    interval = Estimate(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)
    return ComplierEffect(interval, together / information)
