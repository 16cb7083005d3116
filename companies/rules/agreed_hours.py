"""Agreed weekly hours over time (D20, D38): they hold from a day until the next change.

Plain values. Internship and ordinary hours are kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jobfirst.values.dates import DAY, LATEST, DateSpan


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Hours a week."""

    internship: Decimal = Decimal(0)
    ordinary: Decimal = Decimal(0)

    def __add__(self, other: WeeklyHours) -> WeeklyHours:
        return WeeklyHours(self.internship + other.internship, self.ordinary + other.ordinary)


@dataclass(frozen=True, slots=True)
class HoursSpan:
    """Days on which the same weekly hours hold."""

    span: DateSpan
    hours: WeeklyHours


@dataclass(frozen=True, slots=True)
class HoursFrom:
    """Weekly hours that hold from a day until the next change."""

    from_on: date
    hours: WeeklyHours


def placement_hours(span: DateSpan, changes: Iterable[HoursFrom]) -> list[HoursSpan]:
    """Return the hours of a placement of these days, in order.

    A change before the first day holds from the first day; one after the last day never comes into force.
    """
    begun = [change for change in changes if span.last is None or change.from_on <= span.last]
    begun.sort(key=lambda change: change.from_on)
    spans = []
    for number, change in enumerate(begun):
        last = begun[number + 1].from_on - DAY if number + 1 < len(begun) else span.last
        days = DateSpan(max(change.from_on, span.first), last)
        if not days.is_empty:
            spans.append(HoursSpan(days, change.hours))
    return spans


def hours_over_time(spans: Sequence[HoursSpan]) -> list[HoursSpan]:
    """Return the sum of overlapping spans as disjoint spans in order; days without a span are left out.

    1. Cut time at each first day and after each last day.
    2. Add up the hours of the spans that cover a piece.
    3. Join a piece to the one before when it follows directly with the same hours.
    """
    cuts = {span.span.first for span in spans} | {
        span.span.last + DAY for span in spans if span.span.last is not None and span.span.last < LATEST
    }
    starts = sorted(cuts)
    pieces: list[HoursSpan] = []
    for number, first in enumerate(starts):
        last = starts[number + 1] - DAY if number + 1 < len(starts) else None
        covering = [span.hours for span in spans if first in span.span]
        if not covering:
            continue
        piece = HoursSpan(DateSpan(first, last), sum(covering, WeeklyHours()))
        before = pieces[-1] if pieces else None
        if before is not None and before.hours == piece.hours and before.span.last == first - DAY:
            pieces[-1] = HoursSpan(DateSpan(before.span.first, last), piece.hours)
        else:
            pieces.append(piece)
    return pieces
