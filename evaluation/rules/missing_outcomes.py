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
class DeliveredMonths:
    """The months of a drawn citizen: how many there are, how many were delivered, and their hours in all."""

    stratum: str
    arm: str
    months: int
    delivered: int
    hours: float

    @property
    def missing(self) -> int:
        """How many months were not delivered."""
        return self.months - self.delivered


def filled_outcomes(
    citizens: Iterable[DeliveredMonths], case: MissingCase, *, full_time: float
) -> list[CitizenOutcome]:
    """Return the outcomes of all citizens, also of those without any delivered month, with the missing months
    filled: `full_time` hours for the arm that the case favours, 0 for the other."""
    outcomes = []
    for citizen in citizens:
        is_favoured = (citizen.arm == PARTICIPANT) == (case is MissingCase.BEST)
        filled = citizen.hours + (full_time * citizen.missing if is_favoured else 0)
        outcomes.append(CitizenOutcome(citizen.stratum, citizen.arm, filled / citizen.months))
    return outcomes
