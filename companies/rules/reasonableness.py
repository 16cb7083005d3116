"""The reasonableness requirement (rimelighedskrav) of a company, computed but never enforced (D24).

At most one person in internship or wage subsidy per five ordinary employees up to fifty, at least one, and
above that one per ten. The trial may waive it: a person with few weekly hours is then left out. The result is
a warning with its numbers; the user decides, and the waiver is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jobfirst.dates import DateSpan

#: The figures of the law: one place per `SMALL_SHARE` employees up to `SMALL_UP_TO`, then per `LARGE_SHARE`.
SMALL_SHARE = 5
SMALL_UP_TO = 50
LARGE_SHARE = 10

#: The kinds of placement that take up a place.
COUNTING_KINDS = frozenset({"internship", "wage_subsidy"})


@dataclass(frozen=True)
class PlacementStay:
    """One person's days at the company."""

    person: object
    span: DateSpan


@dataclass(frozen=True)
class ReasonablenessAssessment:
    """The company's places (None while its number of employees is unknown), and how many other persons
    take one on the fullest day."""

    places: int | None
    others: int

    @property
    def exceeded(self) -> bool:
        """Whether one more person would be too many."""
        return self.places is not None and self.others + 1 > self.places


def count_places(ordinary_employees: int) -> int:
    """Return how many persons in internship or wage subsidy the company may have at once (D24)."""
    small = min(ordinary_employees, SMALL_UP_TO) // SMALL_SHARE
    large = max(0, ordinary_employees - SMALL_UP_TO) // LARGE_SHARE
    return max(1, small) + large


def assess(
    ordinary_employees: int | None, others: Iterable[PlacementStay], *, within: DateSpan
) -> ReasonablenessAssessment:
    """Return the requirement for one more person on these days, beside the `others`.

    The `others` must not include persons whom a waiver leaves out.
    """
    return ReasonablenessAssessment(
        places=None if ordinary_employees is None else count_places(ordinary_employees),
        others=_most_at_once(others, within),
    )


def _most_at_once(stays: Iterable[PlacementStay], within: DateSpan) -> int:
    """Return the greatest number of different persons on any one day."""
    stays = [stay for stay in stays if stay.span.overlaps(within)]
    # The number only rises on a first day.
    days = {max(stay.span.first, within.first) for stay in stays}
    return max((len({stay.person for stay in stays if day in stay.span}) for day in days), default=0)
