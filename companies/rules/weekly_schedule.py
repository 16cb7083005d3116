"""The weekly schedule of a work agreement: internship hours and ordinary hours apart (D15, D20).

A week is a circle of minutes from Monday 00.00: what begins on Sunday evening may end on Monday morning.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import ROUND_HALF_UP, Decimal

INTERNSHIP = "internship"
ORDINARY = "ordinary"

MIDNIGHT = time(0)
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
#: A period across midnight lasts at most so long: with eleven hours of rest a day, no more than this is left.
#: It tells a night shift from an end that was typed wrong.
LONGEST_NIGHT = 13 * 60


@dataclass(frozen=True, order=True)
class WorkPeriod:
    """A period of one kind that begins on a weekday (1 Monday … 7 Sunday).

    An end at or before the start lies on the next day; an end at 00.00 is midnight, written 24.00.
    """

    weekday: int
    starts_at: time
    ends_at: time
    kind: str

    @property
    def minutes(self) -> int:
        """The length in minutes, across midnight, too."""
        return (_minutes(self.ends_at) - _minutes(self.starts_at)) % DAY_MINUTES

    @property
    def first_minute(self) -> int:
        """The minute of the week in which the period begins, from Monday 00.00."""
        return (self.weekday - 1) * DAY_MINUTES + _minutes(self.starts_at)

    @property
    def is_until_next_day(self) -> bool:
        """Whether a part of the period lies after midnight."""
        return MIDNIGHT < self.ends_at <= self.starts_at

    @property
    def is_until_midnight(self) -> bool:
        """Whether the period ends with the day, at 24.00."""
        return self.ends_at == MIDNIGHT != self.starts_at

    def overlaps(self, other: WorkPeriod) -> bool:
        """Whether the two periods have a minute in common, in any week."""
        return (
            _ahead(self.first_minute, other.first_minute) < self.minutes
            or _ahead(other.first_minute, self.first_minute) < other.minutes
        )


def is_credible(period: WorkPeriod) -> bool:
    """Whether a period can be meant: not empty, and across midnight no longer than `LONGEST_NIGHT`."""
    return period.minutes > 0 and (not period.is_until_next_day or period.minutes <= LONGEST_NIGHT)


def weekly_hours(lines: Iterable[WorkPeriod], kind: str) -> Decimal:
    """Return the weekly hours of one kind, with two decimals."""
    return as_hours(sum(line.minutes for line in lines if line.kind == kind))


def as_hours(minutes: int) -> Decimal:
    """Return minutes as hours with two decimals."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def clashes(lines: Sequence[WorkPeriod]) -> set[int]:
    """Return the weekdays on which a period begins while another one has not ended."""
    weekdays = set()
    for first, second in itertools.combinations(lines, 2):
        if first.overlaps(second):
            second_began_later = _ahead(first.first_minute, second.first_minute) < first.minutes
            weekdays.add((second if second_began_later else first).weekday)
    return weekdays


def _ahead(start: int, minute: int) -> int:
    """Return how many minutes lie from `start` to the next time that the week's minute comes round."""
    return (minute - start) % WEEK_MINUTES


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
