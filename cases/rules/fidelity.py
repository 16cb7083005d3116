"""The nine core elements of a course (D7): met, not yet met, or missed, on every day of it.

A rule of an element looks at the facts of a course and returns an `Indicator`: from which day the element is
met, from which it is missed, and what is lacking on which days. `periods` makes of it what is stored: spans
of days with one state each. Facts of a later day never change the state of an earlier one. What is due on a
day is missed from the day after, since the day may still bring it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jobfirst.values.dates import DAY, DateSpan


class ElementState(StrEnum):
    """How a course stands with a core element on a day."""

    MET = "met"
    NOT_YET = "not_yet"
    MISSED = "missed"


#: The reason of what was not decided when the course ended.
COURSE_ENDED = "course_ended"


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is lacking, by its code, from a day until another (both included; None: onwards)."""

    code: str
    first: date
    last: date | None = None

    @classmethod
    def until_done(cls, code: str, first: date, done_on: date | None) -> Lack:
        """Return what is lacking from a day until it is done."""
        return cls(code, first, None if done_on is None else done_on - DAY)

    @property
    def days(self) -> DateSpan:
        """The days on which it is lacking; none when it was done before."""
        return DateSpan(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Indicator:
    """What decides an element of a course.

    It is met from `met_from` and missed from `missed_from` (None: never). Where both have come, a `mendable`
    element is met: what was late has been done. `due_on` is the day by which it is to be met, as far as it is
    known; it is told while the element is not yet met.
    """

    met_from: date | None = None
    missed_from: date | None = None
    due_on: date | None = None
    lacks: Sequence[Lack] = ()
    mendable: bool = False

    def state_on(self, day: date) -> ElementState:
        """Return the state on a day of the course."""
        is_met = self.met_from is not None and self.met_from <= day
        is_missed = self.missed_from is not None and self.missed_from <= day
        if is_missed and not (is_met and self.mendable):
            return ElementState.MISSED
        return ElementState.MET if is_met else ElementState.NOT_YET

    def reasons_on(self, day: date) -> tuple[str, ...]:
        """Return the codes of what is lacking on the day, each once."""
        return tuple(dict.fromkeys(lack.code for lack in self.lacks if day in lack.days))


@dataclass(frozen=True, slots=True)
class ElementPeriod:
    """Days of a course on which an element has the same state for the same reasons.

    `since` is the day from which it has the state, whatever the reasons were meanwhile.
    """

    from_on: date
    until_on: date | None
    state: ElementState
    since: date
    reasons: tuple[str, ...] = ()
    due_on: date | None = None

    @property
    def days(self) -> DateSpan:
        """The days of the period."""
        return DateSpan(self.from_on, self.until_on)


def periods(indicator: Indicator, started_on: date, ended_on: date | None = None) -> list[ElementPeriod]:
    """Return the states of an element from the course's start onwards, in order and without a break.

    1. The course is cut at every day on which the indicator may change.
    2. From the day of its end nothing changes any more: what was not decided by then is missed.
    """
    cuts = {started_on, indicator.met_from, indicator.missed_from, ended_on}
    for lack in indicator.lacks:
        cuts |= {lack.first, None if lack.last is None else lack.last + DAY}
    last_cut = date.max if ended_on is None else ended_on
    firsts = sorted({max(day, started_on) for day in cuts if day is not None and day <= last_cut})
    lasts: list[date | None] = [first - DAY for first in firsts[1:]]
    pieces = [
        _piece(indicator, DateSpan(first, last), ended_on)
        for first, last in zip(firsts, [*lasts, None], strict=True)
    ]
    return joined(pieces)


def _piece(indicator: Indicator, days: DateSpan, ended_on: date | None) -> ElementPeriod:
    """Return the days, on which nothing changes, as a period."""
    state, reasons = indicator.state_on(days.first), indicator.reasons_on(days.first)
    if ended_on is not None and days.first >= ended_on and state is ElementState.NOT_YET:
        state, reasons = ElementState.MISSED, (*reasons, COURSE_ENDED)
    if state is ElementState.MET:
        reasons = ()
    due_on = indicator.due_on if state is ElementState.NOT_YET else None
    return ElementPeriod(days.first, days.last, state, days.first, reasons, due_on)


def joined(pieces: Iterable[ElementPeriod]) -> list[ElementPeriod]:
    """Return periods that follow one another without a break, the same ones in a row as one."""
    result: list[ElementPeriod] = []
    for piece in pieces:
        before = result[-1] if result else None
        goes_on = before is not None and before.state is piece.state
        period = replace(piece, since=before.since) if before is not None and goes_on else piece
        if before is not None and replace(before, from_on=period.from_on, until_on=period.until_on) == period:
            result[-1] = replace(before, until_on=period.until_on)
        else:
            result.append(period)
    return result


def within(all_periods: Iterable[ElementPeriod], span: DateSpan) -> Iterator[ElementPeriod]:
    """Yield the parts of the periods within a span of days."""
    for period in all_periods:
        if period.days.overlaps(span):
            last = period.days.last if span.last is None else period.days.until(span.last).last
            first = max(period.from_on, span.first)
            yield replace(period, from_on=first, until_on=last, since=first)


def overdue_from(due_on: date, paused: Iterable[DateSpan] = ()) -> date | None:
    """Return the day from which what was due counts as missed: the day after, and not in a pause (D50).

    None when the pause goes on. The pauses are disjoint and in order.
    """
    day = due_on + DAY
    for pause in paused:
        if day in pause:
            if pause.last is None:
                return None
            day = pause.last + DAY
    return day


def earliest(*days: date | None) -> date | None:
    """Return the earliest of the days that are known."""
    return min((day for day in days if day is not None), default=None)
