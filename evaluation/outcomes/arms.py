"""What each arm has of paid hours: citizens, months, mean, share with any hours, months that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from evaluation.outcomes.citizen_months import CitizenMonths


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


def arm_outcomes(citizens: Iterable[CitizenMonths]) -> ArmOutcomes:
    """Return the outcomes of the citizens of one arm."""
    rows = list(citizens)
    hours = [citizen.hours for citizen in rows if citizen.hours is not None]
    return ArmOutcomes(
        drawn=len(rows),
        analysed=len(hours),
        citizen_months=sum(citizen.delivered for citizen in rows),
        missing_months=sum(citizen.missing for citizen in rows),
        with_hours=sum(value > 0 for value in hours),
        mean_hours=fsum(hours) / len(hours) if hours else None,
    )
