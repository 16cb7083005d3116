"""What missing months could change (D6): the best and the worst case for the course.

A month that was not delivered enters no mean. The bounds say how far the result could move if it were known:
in the best case the participants worked full time in every missing month and the controls not at all, in the
worst case the other way round. They are no estimate; they show what cannot be excluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from evaluation.rules.effects import CitizenOutcome
from randomization.draw.blocks import PARTICIPANT


class MissingCase(Enum):
    """What is assumed of the missing months."""

    BEST = "best"
    WORST = "worst"


@dataclass(frozen=True, slots=True)
class FilledMonths:
    """The outcome of a citizen, or of an arm of a stratum, over all months, also of who has none delivered:
    with `full_time` hours in every missing month, and with `nothing` in them."""

    full_time: CitizenOutcome
    nothing: CitizenOutcome


def filled_outcomes(filled: Iterable[FilledMonths], case: MissingCase) -> list[CitizenOutcome]:
    """Return the outcomes of all: `full_time` of the arm that the case favours, `nothing` of the other."""
    return [
        months.full_time
        if (months.full_time.arm == PARTICIPANT) == (case is MissingCase.BEST)
        else months.nothing
        for months in filled
    ]
