"""The reasonableness requirement (rimelighedskrav) of a workplace, computed but never enforced (D24).

At most one person in internship or wage subsidy per five ordinary employees up to fifty, at least one, and
above that one per ten. The trial may waive it: a person with few weekly hours is then left out. The result is
a warning with its numbers; the user decides, and the waiver is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from jobfirst.values.dates import DateSpan

#: The figures of the law: one place per `SMALL_SHARE` employees up to `SMALL_UP_TO`, then per `LARGE_SHARE`.
SMALL_SHARE = 5
SMALL_UP_TO = 50
LARGE_SHARE = 10

#: The kinds of placement that take up a place.
COUNTING_KINDS = frozenset({"internship", "wage_subsidy"})


@dataclass(frozen=True)
class PlacementStay:
    """One person's days at a company; `is_left_out` by the waiver for few weekly hours. `workplace` is its
    P-number, or another key of a workplace without one; None while it is not known."""

    person: int
    span: DateSpan
    is_left_out: bool = False
    workplace: str | None = None


@dataclass(frozen=True)
class Headcount:
    """The ordinary employees that give the places: those of a workplace, or (None) of the whole company.
    `employees` is None while the number is not known."""

    employees: int | None
    workplace: str | None = None

    def counted(self, stays: Iterable[PlacementStay]) -> list[PlacementStay]:
        """Return the stays at the company that are counted against these employees: of a workplace those at
        it, and those whose workplace is not known; of the company all."""
        return [stay for stay in stays if self.workplace is None or stay.workplace in {None, self.workplace}]


@dataclass(frozen=True)
class PlaceCount:
    """The places that the employees give: those of the first fifty, and those above them."""

    employees: int

    @property
    def up_to_fifty(self) -> int:
        """The places of the first fifty employees, at least one."""
        return max(1, min(self.employees, SMALL_UP_TO) // SMALL_SHARE)

    @property
    def above_fifty(self) -> int:
        """The places of the employees above fifty."""
        return max(0, self.employees - SMALL_UP_TO) // LARGE_SHARE

    @property
    def total(self) -> int:
        """How many persons in internship or wage subsidy the workplace may have at once."""
        return self.up_to_fifty + self.above_fifty


@dataclass(frozen=True)
class ReasonablenessAssessment:
    """The places (None while the number of employees is unknown), and which other persons take one on the
    fullest day; `left_out` are those whom the waiver leaves out on that day."""

    count: PlaceCount | None
    day: date
    persons: Sequence[int] = ()
    left_out: Sequence[int] = ()

    @property
    def places(self) -> int | None:
        """The number of places; None while the number of employees is unknown."""
        return None if self.count is None else self.count.total

    @property
    def others(self) -> int:
        """How many other persons take a place."""
        return len(self.persons)

    @property
    def exceeded(self) -> bool:
        """Whether one more person would be too many."""
        return self.places is not None and self.others + 1 > self.places


def assess(
    headcount: Headcount, others: Iterable[PlacementStay], *, within: DateSpan
) -> ReasonablenessAssessment:
    """Return the requirement for one more person on these days, beside the `others` at the company, on their
    fullest day.

    Of days that are equally full it is the first one.
    """
    stays = [stay for stay in headcount.counted(others) if stay.span.overlaps(within)]
    # The number only rises on a first day.
    days = sorted({within.first} | {max(stay.span.first, within.first) for stay in stays})
    day = max(days, key=lambda candidate: (len(_present(stays, candidate)), -candidate.toordinal()))
    return ReasonablenessAssessment(
        count=None if headcount.employees is None else PlaceCount(headcount.employees),
        day=day,
        persons=_present(stays, day),
        left_out=_present(stays, day, left_out=True),
    )


def _present(stays: Iterable[PlacementStay], day: date, *, left_out: bool = False) -> list[int]:
    """Return the different persons on the day: those who count, or those who are left out."""
    counting = {stay.person for stay in stays if day in stay.span and not stay.is_left_out}
    if not left_out:
        return sorted(counting)
    waived = {stay.person for stay in stays if day in stay.span and stay.is_left_out}
    return sorted(waived - counting)
