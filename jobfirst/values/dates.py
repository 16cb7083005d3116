"""Calendar days: one day, one week, one month, spans of days, and which of several dated rows is in force.

Plain values without a clock: "today" is always an argument. For working days see `working_days`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
#: To the same day of the next month, or its last one.
MONTH = relativedelta(months=1)

#: The days that a date in the system can be.
EARLIEST, LATEST = date(1900, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Calendar days from a first to a last one, both included; open-ended without a last day.

    A span whose last day is before its first is empty.
    """

    first: date
    last: date | None = None

    @classmethod
    def from_iso(cls, first: str, last: str | None) -> DateSpan:
        """Return the span between two days written as in JSON."""
        return cls(date.fromisoformat(first), date.fromisoformat(last) if last else None)

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def last_day(self) -> date:
        """The last day; ValueError when the span is open-ended."""
        if self.last is None:
            raise ValueError("a span without a last day goes on")
        return self.last

    @property
    def days(self) -> int:
        """The number of days; ValueError when the span is open-ended."""
        if self.last is None:
            raise ValueError("a span without a last day has no number of days")
        return max(0, (self.last - self.first).days + 1)

    @property
    def is_empty(self) -> bool:
        """Whether the span has no days."""
        return self.last is not None and self.last < self.first

    def until(self, day: date) -> DateSpan:
        """Return the part up to and including the day; empty when the span begins later."""
        return DateSpan(self.first, day if self.last is None else min(self.last, day))

    def overlaps(self, other: DateSpan) -> bool:
        """Whether the two spans have a day in common."""
        return (
            not self.is_empty
            and not other.is_empty
            and (self.last is None or other.first <= self.last)
            and (other.last is None or self.first <= other.last)
        )


def merged(spans: Iterable[DateSpan]) -> list[DateSpan]:
    """Return the same days as disjoint spans in order, without empty ones; adjacent ones are one."""
    disjoint: list[DateSpan] = []
    for span in sorted((span for span in spans if not span.is_empty), key=lambda span: span.first):
        previous = disjoint[-1] if disjoint else None
        if previous is None or (previous.last is not None and span.first > previous.last + DAY):
            disjoint.append(span)
        elif previous.last is not None:
            last = None if span.last is None else max(previous.last, span.last)
            disjoint[-1] = DateSpan(previous.first, last)
    return disjoint


def months_after(day: date, months: int) -> date:
    """Return the day on which `months` full months have passed since `day`.

    The same day of the month, or the first of the next month where there is no such day (29 February plus a
    year is 1 March).
    """
    landed = day + relativedelta(months=months)
    return landed if landed.day == day.day else landed + DAY


class Dated(Protocol):
    """A row that is in force from a day until the next row's day."""

    @property
    def valid_from(self) -> date: ...


DatedT = TypeVar("DatedT", bound=Dated)


def in_force(rows: Iterable[DatedT], day: date) -> DatedT | None:
    """Return the row in force on the day: the latest that has begun; None before the first."""
    begun = (row for row in rows if row.valid_from <= day)
    return max(begun, key=lambda row: row.valid_from, default=None)


def in_force_or_first(rows: Sequence[DatedT], day: date) -> DatedT:
    """Return the row in force on the day; before the first row, the first one. ValueError without rows.

    Gives the same result as `jobfirst.models.DatedQuerySet.in_force`, from rows in memory.
    """
    return in_force(rows, day) or min(rows, key=lambda row: row.valid_from)
