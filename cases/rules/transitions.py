"""The dates that a course's internships give it: phases (D12) and retention window (D19).

Everything is reckoned anew from all internships each time, so that one recorded late, or out of order,
leaves the same dates as if it had come first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.rules.phases import continued_from
from cases.rules.retention_window import retention_window_end
from jobfirst.dates import DateSpan


@dataclass(frozen=True)
class Dates:
    """The columns of a course that its internships decide; all empty, or none."""

    internship_from: date | None = None
    continued_from: date | None = None
    retention_until: date | None = None


@dataclass(frozen=True)
class Durations:
    """The trial's durations that go into the dates."""

    weeks: int
    months: int


def internship_from(started_on: date, internships: Iterable[DateSpan]) -> date | None:
    """The day the internship phase begins: the earliest internship's first day in the course.

    An internship that runs at the draw counts from the draw, one that was over before it not at all: nothing
    before `started_on` is part of the course.
    """
    course = DateSpan(started_on)
    firsts = [max(internship.first, started_on) for internship in internships if internship.overlaps(course)]
    return min(firsts, default=None)


def dates(first: date, durations: Durations, *, extended_to: date | None = None) -> Dates:
    """The course's dates when its internship phase begins on `first`.

    `extended_to` is the day until which a plan for job goes on with the mentor (D19, D21).
    """
    return Dates(
        internship_from=first,
        continued_from=continued_from(first, weeks=durations.weeks),
        retention_until=retention_window_end(
            first, weeks=durations.weeks, months=durations.months, extended_to=extended_to
        ),
    )


def extension(current: Dates, durations: Durations) -> date | None:
    """The day to which a plan for job has moved the window's end, read off dates that stand; None if none
    has. `durations` are those in force on the current first internship day."""
    if current.internship_from is None or current.retention_until is None:
        return None
    plain = dates(current.internship_from, durations).retention_until
    return current.retention_until if plain is None or current.retention_until > plain else None
