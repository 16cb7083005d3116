"""The effect of the trial on paid hours (D6): the difference and the ratio of the arms, with 95 % intervals.

Plain functions over the outcomes of citizens, everyone in the arm as drawn. Both models have a fixed effect
for each stratum (municipality × target group):

- difference: least squares of the outcome on the arm, HC2 variance;
- ratio: Poisson regression of the outcome on the arm, robust (sandwich, HC0) variance.

Both need of a stratum's arm only its size, mean and sum of squares (`CitizenOutcome` of several citizens),
so that neither a matrix of strata is built nor citizens are gone through. They give what statsmodels gives
with a dummy for each stratum (`tests/evaluation/test_effects.py`). Of a stratum with t participants and c
controls of n, and the means m(t) and m(c):

1. Least squares. The difference is Σ tc/n·(m(t) − m(c)) / I with the information I = Σ tc/n. x is 1 for
   participants; d is x less its mean in the stratum: c/n or −t/n. A citizen's leverage is h = 1/n + d²/I; e
   is the residual. The HC2 variance is Σ d²e²/(1 − h) / I².
2. Poisson. The stratum's effect is replaced by its best value given the ratio r: of the stratum's hours Y
   the participants are expected to have Y·p with p = r·t/(c + r·t). r solves Σ(hours of participants) = ΣY·p.
   With d = x − p and fitted value m, the variance of log r is Σ d²(y − m)² / (Σ m·d²)². Σ m·d² is
   ΣY·p(1 − p).

In an arm of a stratum d, h and m are the same for all: Σe² is the sum of squares around the arm's mean, and
the size times the squared distance of that mean from the fitted value.

A stratum with one arm only, or (ratio) without any hours, says nothing of the effect and has no weight. Where
the numbers allow no estimate the result is None.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, inf, log, sqrt
from typing import TYPE_CHECKING, NamedTuple

from randomization.draw.blocks import PARTICIPANT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bits = NDArray[np.bool_]

NORMAL_95 = 1.959964
#: Where the logarithm of the ratio is sought: from e^-30 to e^30.
WIDEST_LOG_RATIO = 30.0
STEPS = 200
#: What rounding leaves of a number that is 0.
TINY = 1e-9


@dataclass(frozen=True, slots=True)
class CitizenOutcome:
    """The outcome of a drawn citizen: stratum and arm as drawn, and the mean of paid hours per month.

    Or of several `citizens` of the same stratum and arm: the mean of their hours, and the sum of the
    `squares` of what they differ from it.
    """

    stratum: str
    arm: str
    hours: float
    citizens: int = 1
    squares: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect with its 95 % interval. `error` is the standard error, of a ratio that of its logarithm."""

    estimate: float
    low: float
    high: float
    error: float


class ArmSums(NamedTuple):
    """The citizens of an arm in a stratum, the mean of their hours, and the sum of squares around it."""

    citizens: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def joined(self, outcome: CitizenOutcome) -> ArmSums:
        """Return the arm with these citizens as well (the parallel algorithm of Chan et al.)."""
        citizens = self.citizens + outcome.citizens
        if not citizens:
            return self
        apart = outcome.hours - self.mean
        return ArmSums(
            citizens,
            self.mean + apart * outcome.citizens / citizens,
            self.squares + outcome.squares + apart**2 * self.citizens * outcome.citizens / citizens,
        )


class StratumSums(NamedTuple):
    """The arms of a stratum."""

    participants: ArmSums = ArmSums()
    controls: ArmSums = ArmSums()


def strata_of(outcomes: Iterable[CitizenOutcome]) -> list[StratumSums]:
    """Return the strata of the outcomes."""
    strata: dict[str, StratumSums] = defaultdict(StratumSums)
    for outcome in outcomes:
        stratum = strata[outcome.stratum]
        if outcome.arm == PARTICIPANT:
            strata[outcome.stratum] = stratum._replace(participants=stratum.participants.joined(outcome))
        else:
            strata[outcome.stratum] = stratum._replace(controls=stratum.controls.joined(outcome))
    return list(strata.values())


@dataclass(frozen=True, slots=True)
class _Columns:
    """The arms of the strata as columns: citizens, means of hours and sums of squares of the participants (t)
    and of the controls (c)."""

    t: Floats
    c: Floats
    mean_t: Floats
    mean_c: Floats
    squares_t: Floats
    squares_c: Floats

    @property
    def sizes(self) -> Floats:
        """How many citizens each stratum has."""
        return self.t + self.c

    @property
    def weights(self) -> Floats:
        """What each stratum adds to the information of the difference."""
        return self.t * self.c / self.sizes

    @property
    def apart(self) -> Floats:
        """The mean of the participants less that of the controls; weighs nothing with one arm."""
        return self.mean_t - self.mean_c

    @property
    def totals(self) -> Floats:
        """The hours of each stratum."""
        return self.t * self.mean_t + self.c * self.mean_c

    def of(self, chosen: Bits) -> _Columns:
        """Return the chosen strata."""
        return _Columns(
            *(
                getattr(self, name)[chosen]
                for name in ("t", "c", "mean_t", "mean_c", "squares_t", "squares_c")
            )
        )


def difference(outcomes: Iterable[CitizenOutcome]) -> Estimate | None:
    """Return the participants' hours less the controls', per month, by least squares with HC2 variance.

    None when no stratum has both arms, or when a citizen's own hours decide the fit (leverage 1): then the
    variance is open, and `estimated_difference` is known all the same.
    """
    import numpy as np

    columns = _comparable(outcomes)
    if columns is None:
        return None
    information = float(columns.weights.sum())
    estimate = float(columns.weights @ columns.apart) / information
    variance = 0.0
    # Of the participants d is the controls' share of the stratum, and the other way round.
    for citizens, squares, others in (
        (columns.t, columns.squares_t, columns.c),
        (columns.c, columns.squares_c, columns.t),
    ):
        within = others / columns.sizes
        slack = 1 - 1 / columns.sizes - within**2 / information
        if (slack < TINY).any():
            return None
        residuals = squares + citizens * (within * (columns.apart - estimate)) ** 2
        variance += float(np.sum(within**2 * residuals / slack))
    error = sqrt(variance) / information
    return Estimate(estimate, estimate - NORMAL_95 * error, estimate + NORMAL_95 * error, error)


def estimated_difference(outcomes: Iterable[CitizenOutcome]) -> float | None:
    """Return the difference without its interval; None when no stratum has both arms."""
    columns = _comparable(outcomes)
    return None if columns is None else float(columns.weights @ columns.apart / columns.weights.sum())


def ratio(outcomes: Iterable[CitizenOutcome]) -> Estimate | None:
    """Return the participants' hours divided by the controls', by Poisson regression with robust variance.

    None when in the strata that have both arms one arm is without any hours. Where nothing varies within the
    arms of a stratum, the interval has no width.
    """
    import numpy as np

    columns = _comparable(outcomes)
    if columns is None:
        return None
    columns = columns.of(columns.totals > 0)
    totals, of_participants = columns.totals, float(columns.t @ columns.mean_t)
    of_all = float(totals.sum())
    if of_participants <= 0 or of_all - of_participants <= TINY * of_all:
        return None
    log_ratio = _solve_log_ratio(columns.t, columns.c, totals, of_participants)
    if log_ratio is None:
        return None
    share = _expected_share(columns.t, columns.c, log_ratio)
    information = float(totals @ (share * (1 - share)))
    of_t = columns.squares_t + columns.t * (columns.mean_t - totals * share / columns.t) ** 2
    of_c = columns.squares_c + columns.c * (columns.mean_c - totals * (1 - share) / columns.c) ** 2
    error = sqrt(float(np.sum((1 - share) ** 2 * of_t + share**2 * of_c))) / information
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


def _comparable(outcomes: Iterable[CitizenOutcome]) -> _Columns | None:
    """Return the strata that have both arms; None without any."""
    import numpy as np

    strata = [arms for arms in strata_of(outcomes) if arms.participants.citizens and arms.controls.citizens]
    if not strata:
        return None
    rows = np.array([(*zip(*arms, strict=True),) for arms in strata], dtype=np.float64)
    return _Columns(*rows.reshape(len(strata), 6).T)


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


def _exp(power: float) -> float:
    return exp(power) if power < 700 else inf
