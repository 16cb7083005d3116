"""The dates that its internships give a course: phases (D12) and retention window (D19).

Computed from all internships each time, so that the order of recording makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cases.rules.phases import continued_from
from cases.rules.retention_window import retention_window_end
from jobfirst.values.dates import DateSpan


@dataclass(frozen=True)
class CourseDates:
    """The columns of a course that depend on its internships: all set, or all None."""

    internship_from: date | None = None
    continued_from: date | None = None
    retention_until: date | None = None


@dataclass(frozen=True)
class TrialDurations:
    """The trial's durations that the dates depend on."""

    weeks: int
    months: int


def internship_from(started_on: date, internships: Iterable[DateSpan]) -> date | None:
    """Return the first day of the internship phase: the earliest internship day within the course.

    An internship that runs at the draw counts from the draw; one that ended before it does not count.
    """
    course = DateSpan(started_on)
    firsts = [max(internship.first, started_on) for internship in internships if internship.overlaps(course)]
    return min(firsts, default=None)


def dates(first: date, durations: TrialDurations, *, extended_to: date | None = None) -> CourseDates:
    """Return the course's dates when its internship phase begins on `first`.

    `extended_to` is the day until which a plan for job continues the mentor support (D19, D21).
    """
    return CourseDates(
        internship_from=first,
        continued_from=continued_from(first, weeks=durations.weeks),
        retention_until=retention_window_end(
            first, weeks=durations.weeks, months=durations.months, extended_to=extended_to
        ),
    )


def extension(current: CourseDates, durations: TrialDurations) -> date | None:
    """Return the day to which a plan for job has extended the window, derived from the dates; None if not.

    `durations` are those in force on the first internship day.
    """
    if current.internship_from is None or current.retention_until is None:
        return None
    plain = dates(current.internship_from, durations).retention_until
    return current.retention_until if plain is None or current.retention_until > plain else None
