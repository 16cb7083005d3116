"""The effect of the trial on paid hours (D6): the difference and the ratio of the arms, with 95 % intervals.

Plain functions over the outcomes of citizens, everyone in the arm as drawn. Both models have a fixed effect
for each stratum (municipality × target group):

- difference: least squares of the outcome on the arm, HC2 variance;
- ratio: Poisson regression of the outcome on the arm, robust (sandwich, HC0) variance.

Both are reckoned from sums within strata, so that no matrix of strata is built. They give what statsmodels
gives with a dummy for each stratum (`tests/evaluation/test_effects.py`):

1. Least squares. x is 1 for participants; d is x less its mean in the stratum. The difference is Σdy / Σd². A
   citizen's leverage is h = 1/n + d²/Σd², with n the citizens of the stratum; e is the residual. The HC2
   variance is Σ d²e²/(1 − h) / (Σd²)².
2. Poisson. The stratum's effect is replaced by its best value given the ratio r: of the stratum's hours Y the
   participants are expected to have Y·p with p = r·t/(c + r·t), where t and c are the stratum's participants
   and controls. r solves Σ(hours of participants) = ΣY·p. With d = x − p and fitted value m, the variance of
   log r is Σ d²(y − m)² / (Σ m·d²)².

A stratum with one arm only, or (ratio) without any hours, says nothing of the effect and has no weight. Where
the numbers allow no estimate the result is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING

from randomization.draw.blocks import PARTICIPANT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NORMAL_95 = 1.959964
#: Where the logarithm of the ratio is sought: from e^-30 to e^30.
WIDEST_LOG_RATIO = 30.0
STEPS = 200
#: What rounding leaves of a number that is 0.
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class CitizenOutcome:
    """The outcome of a drawn citizen: stratum and arm as drawn, and the mean of paid hours per month."""

    stratum: str
    arm: str
    hours: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect with its 95 % interval. `error` is the standard error, of a ratio that of its logarithm."""

    estimate: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class _Columns:
    """The outcomes as columns: 1 for participants, the hours, the number of the stratum, and by stratum the
    citizens and the participants."""

    arm: Floats
    hours: Floats
    stratum: NDArray[np.intp]
    sizes: Floats
    participants: Floats

    @property
    def within(self) -> Floats:
        """The arm less its mean in the stratum."""
        return self.arm - (self.participants / self.sizes)[self.stratum]

    @property
    def centred(self) -> Floats:
        """The hours less their mean in the stratum."""
        return self.hours - (self.by_stratum(self.hours) / self.sizes)[self.stratum]

    def by_stratum(self, values: Floats) -> Floats:
        """Return the sum of the values in each stratum."""
        import numpy as np

        sums = np.bincount(self.stratum, weights=values, minlength=len(self.sizes))
        return sums.astype(np.float64)


def difference(outcomes: Sequence[CitizenOutcome]) -> Estimate | None:
    """Return the participants' hours less the controls', per month, by least squares with HC2 variance.

    None when no stratum has both arms, or when a citizen's own hours decide the fit (leverage 1): then the
    variance is open, and `estimated_difference` is known all the same.
    """
    import numpy as np

    columns = _columns(outcomes)
    if columns is None:
        return None
    within, centred = columns.within, columns.centred
    information = float(within @ within)
    if information < TINY:
        return None
    estimate = float(within @ centred) / information
    slack = 1 - 1 / columns.sizes[columns.stratum] - within**2 / information
    weighed = np.abs(within) > TINY
    if (slack[weighed] < TINY).any():
        return None
    scores = within[weighed] * (centred - estimate * within)[weighed]
    error = sqrt(float(np.sum(scores**2 / slack[weighed]))) / information
    return Estimate(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)


def estimated_difference(outcomes: Sequence[CitizenOutcome]) -> float | None:
    """Return the difference without its interval; None when no stratum has both arms."""
    columns = _columns(outcomes)
    if columns is None:
        return None
    information = float(columns.within @ columns.within)
    return None if information < TINY else float(columns.within @ columns.centred) / information


def ratio(outcomes: Sequence[CitizenOutcome]) -> Estimate | None:
    """Return the participants' hours divided by the controls', by Poisson regression with robust variance.

    None when in the strata that have both arms one arm is without any hours. Where nothing varies within the
    arms of a stratum, the interval has no width.
    """
    import numpy as np

    columns = _columns(outcomes)
    if columns is None:
        return None
    totals = columns.by_stratum(columns.hours)
    telling = (columns.participants > 0) & (columns.participants < columns.sizes) & (totals > 0)
    of_participants = float(columns.by_stratum(columns.arm * columns.hours)[telling].sum())
    of_all = float(totals[telling].sum())
    if of_participants <= 0 or of_all - of_participants <= TINY * of_all:
        return None
    participants, controls = columns.participants[telling], (columns.sizes - columns.participants)[telling]
    log_ratio = _solve_log_ratio(participants, controls, totals[telling], of_participants)
    if log_ratio is None:
        return None
    share = np.zeros_like(columns.sizes)
    share[telling] = _expected_share(participants, controls, log_ratio)
    fitted = _fitted_hours(columns, totals, share)
    within = np.where(telling[columns.stratum], columns.arm - share[columns.stratum], 0)
    information = float(fitted @ within**2)
    error = sqrt(float(np.sum((within * (columns.hours - fitted)) ** 2))) / information
    return Estimate(
        exp(log_ratio), exp(log_ratio - NORMAL_95 * error), _exp(log_ratio + NORMAL_95 * error), error
    )


def difference_between(first: Estimate | None, second: Estimate | None) -> Estimate | None:
    """Return the first effect less the second, of two groups that share no stratum (interaction)."""
    if first is None or second is None:
        return None
    estimate, error = first.estimate - second.estimate, sqrt(first.error**2 + second.error**2)
    return Estimate(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)


def ratio_between(first: Estimate | None, second: Estimate | None) -> Estimate | None:
    """Return the first ratio divided by the second, of two groups that share no stratum (interaction)."""
    if first is None or second is None:
        return None
    middle, error = log(first.estimate / second.estimate), sqrt(first.error**2 + second.error**2)
    return Estimate(exp(middle), exp(middle - NORMAL_95 * error), _exp(middle + NORMAL_95 * error), error)


def _columns(outcomes: Sequence[CitizenOutcome]) -> _Columns | None:
    """Return the outcomes as columns; None when an arm is empty."""
    import numpy as np

    arm = np.array([outcome.arm == PARTICIPANT for outcome in outcomes], dtype=np.float64)
    if not len(arm) or arm.all() or not arm.any():
        return None
    numbers: dict[str, int] = {}
    stratum = np.array([numbers.setdefault(outcome.stratum, len(numbers)) for outcome in outcomes])
    return _Columns(
        arm=arm,
        hours=np.array([outcome.hours for outcome in outcomes], dtype=np.float64),
        stratum=stratum,
        sizes=np.bincount(stratum).astype(np.float64),
        participants=np.bincount(stratum, weights=arm).astype(np.float64),
    )


def _expected_share(participants: Floats, controls: Floats, log_ratio: float) -> Floats:
    """Return the participants' share of the hours of each stratum, as the ratio has it."""
    import numpy as np

    weight: Floats = participants * np.exp(log_ratio)
    share: Floats = weight / (controls + weight)
    return share


def _solve_log_ratio(
    participants: Floats, controls: Floats, totals: Floats, of_participants: float
) -> float | None:
    """Return the logarithm of the ratio at which the participants' expected hours are those they have.

    The expected hours grow with the ratio: Newton's steps, held within bounds that close in. None when there
    is no solution within the bounds.
    """
    low, high, log_ratio = -WIDEST_LOG_RATIO, WIDEST_LOG_RATIO, 0.0
    for _step in range(STEPS):
        share = _expected_share(participants, controls, log_ratio)
        excess = float(totals @ share) - of_participants
        if excess > 0:
            high = log_ratio
        else:
            low = log_ratio
        slope = float(totals @ (share * (1 - share)))
        following = log_ratio - excess / slope if slope > 0 else inf
        if not low <= following <= high:
            following = (low + high) / 2
        if abs(following - log_ratio) < 1e-13:
            break
        log_ratio = following
    return log_ratio if abs(log_ratio) < WIDEST_LOG_RATIO - 1 else None


def _fitted_hours(columns: _Columns, totals: Floats, share: Floats) -> Floats:
    """Return the hours that the model expects of each citizen: the stratum's, shared by arm, then equally."""
    import numpy as np

    controls = columns.sizes - columns.participants
    of_participant = totals * share / np.maximum(columns.participants, 1)
    of_control = totals * (1 - share) / np.maximum(controls, 1)
    of_citizen: Floats = np.where(
        columns.arm > 0, of_participant[columns.stratum], of_control[columns.stratum]
    )
    return of_citizen


def _exp(power: float) -> float:
    return exp(power) if power < 700 else inf
