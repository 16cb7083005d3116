"""The randomisation test of the difference in paid hours (D6): no model, only the draw.

If the course made no difference, each citizen would have the same hours in either arm. The test draws the
arms again many times, with the trial's own generator, and compares the difference of each repetition with
the trial's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.rules.redraws import redrawn_participants
from randomization.draw.blocks import PARTICIPANT

#: How much rounding may hide of a difference that is as large as the trial's.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class DrawnOutcome:
    """The outcome of a drawn citizen: stratum, slot and arm of the draw, and mean paid hours a month."""

    stratum: str
    slot: int
    arm: str
    hours: float


def randomisation_test(outcomes: Sequence[DrawnOutcome], seed: bytes, draws: int) -> float | None:
    """Return (1 + the number of repetitions whose difference is at least as large, either way) / (1 + draws).

    The difference is that of least squares with a fixed effect for each stratum. The same `seed` gives the
    same result. None when no stratum has both arms, or when all have the same hours.

    1. Of each stratum take the hours less their mean, y.
    2. A repetition's difference is Σy(participants) / Σtc/n, with t participants and c controls of n.
    3. A repetition in which no stratum has both arms has the difference 0.
    """
    import numpy as np

    strata: dict[str, list[DrawnOutcome]] = defaultdict(list)
    for outcome in outcomes:
        strata[outcome.stratum].append(outcome)
    sums, weights = np.zeros(draws + 1), np.zeros(draws + 1)  # the trial itself, then its repetitions
    spread = 0.0
    for stratum, rows in strata.items():
        hours = np.array([row.hours for row in rows])
        hours -= hours.mean()
        spread += float(hours @ hours)
        slots = np.array([row.slot for row in rows]) - 1
        as_drawn = np.array([[row.arm == PARTICIPANT for row in rows]])
        redrawn = redrawn_participants(seed, draws, stratum, int(slots.max()) + 1)[:, slots]
        participants = np.concatenate([as_drawn, redrawn])
        counts = participants.sum(axis=1)
        sums += participants @ hours
        weights += counts * (len(rows) - counts) / len(rows)
    if not outcomes or weights[0] == 0 or spread < TOLERANCE:
        return None
    differences = np.abs(np.divide(sums, weights, out=np.zeros(draws + 1), where=weights > 0))
    as_large = int((differences[1:] >= differences[0] - TOLERANCE).sum())
    return (1 + as_large) / (1 + draws)
