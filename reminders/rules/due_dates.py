"""When something is due and on which days it is shown (D33, "what is owed is stored once").

A due date follows from facts and not from the day on which somebody asks: the contact of a week is due on
its Sunday and shown from Thursday on, whoever looks and whenever. What is owed every week until something
changes is one value that repeats, so that the future needs no rows of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from jobfirst.values.dates import DAY, DateSpan


@dataclass(frozen=True, order=True)
class DueDate:
    """A day on which something is due, and the days on which it is shown.

    Without `every_days` it is shown from `shown_from` to `shown_to` (both included; None: onwards).

    With `every_days` it repeats: the n-th time it is due `n * every_days` later and shown for `shown_days`
    days from as much later; `shown_to` ends the whole series. Showings never overlap (`shown_days` is at most
    `every_days`).
    """

    due_on: date
    shown_from: date
    shown_to: date | None = None
    every_days: int | None = None
    shown_days: int | None = None

    def on(self, day: date) -> date | None:
        """Return what is due of it when it is shown on the day, otherwise None."""
        if day not in DateSpan(self.shown_from, self.shown_to):
            return None
        if self.every_days is None or self.shown_days is None:
            return self.due_on
        times, days_into = divmod((day - self.shown_from).days, self.every_days)
        return self.due_on + times * self.every_days * DAY if days_into < self.shown_days else None

    def occurrences(self, within: DateSpan) -> Iterator[DueDate]:
        """Yield what is due within the span (which has a last day), each time as a due date of its own."""
        if self.every_days is None or self.shown_days is None:
            if self.due_on in within:
                yield self
            return
        times = max(0, -(-(within.first - self.due_on).days // self.every_days))
        while (due_on := self.due_on + times * self.every_days * DAY) <= within.last_day:
            shown_from = self.shown_from + times * self.every_days * DAY
            shown_to = _earlier(shown_from + (self.shown_days - 1) * DAY, self.shown_to)
            occurrence = DueDate(due_on, shown_from, shown_to)
            if occurrence.is_empty:
                return
            yield occurrence
            times += 1

    def is_settled_on(self, day: date) -> bool:
        """Whether it is not shown on the day or later: what it asked for is done, or has passed."""
        return self.shown_to is not None and self.shown_to < day

    @property
    def is_empty(self) -> bool:
        """Whether there is no day on which it is shown."""
        return self.shown_to is not None and self.shown_to < self.shown_from


def shown_within(due_dates: Iterable[DueDate], span: DateSpan) -> Iterator[DueDate]:
    """Yield the due dates as they are shown within the span; those never shown there are left out."""
    for due_date in due_dates:
        for part in _starting(due_date, span.first):
            last = _earlier(part.shown_to, span.last)
            clipped = part if last == part.shown_to else replace(part, shown_to=last)
            if not clipped.is_empty:
                yield clipped


def shown_outside(due_dates: Iterable[DueDate], spans: Sequence[DateSpan]) -> Iterator[DueDate]:
    """Yield the due dates as they are shown outside the spans, which are disjoint and in order."""
    if not spans:
        yield from due_dates
        return
    firsts = [date.min, *(span.last + DAY for span in spans if span.last is not None)]
    lasts = [*(span.first - DAY for span in spans), None][: len(firsts)]
    due_dates = list(due_dates)
    for first, last in zip(firsts, lasts, strict=True):
        yield from shown_within(due_dates, DateSpan(first, last))


def _starting(due_date: DueDate, first: date) -> Iterator[DueDate]:
    """Yield what is left of a due date from a day on: of a series first the rest of a showing under way."""
    if due_date.shown_from >= first:
        yield due_date
    elif due_date.every_days is None or due_date.shown_days is None:
        yield replace(due_date, shown_from=first)
    else:
        times, days_into = divmod((first - due_date.shown_from).days, due_date.every_days)
        step = times * due_date.every_days * DAY
        begun_on = due_date.shown_from + step
        if days_into < due_date.shown_days:
            last = begun_on + (due_date.shown_days - 1) * DAY
            yield DueDate(due_date.due_on + step, first, _earlier(last, due_date.shown_to))
        later = due_date.every_days * DAY
        yield replace(due_date, due_on=due_date.due_on + step + later, shown_from=begun_on + later)


def joined(due_dates: Iterable[DueDate]) -> list[DueDate]:
    """Return the due dates in order, those of the same day that follow one another without a break as one.

    A series is never joined. Of two that overlap, one is left.
    """
    once: list[DueDate] = []
    series: list[DueDate] = []
    for due_date in sorted(due_dates, key=lambda due_date: (due_date.due_on, due_date.shown_from)):
        previous = once[-1] if once else None
        if due_date.every_days is not None:
            series.append(due_date)
        elif (
            previous is not None
            and previous.due_on == due_date.due_on
            and (previous.shown_to is None or due_date.shown_from <= previous.shown_to + DAY)
        ):
            last = (
                None
                if previous.shown_to is None or due_date.shown_to is None
                else max(previous.shown_to, due_date.shown_to)
            )
            once[-1] = replace(previous, shown_to=last)
        else:
            once.append(due_date)
    return sorted([*once, *series], key=lambda due_date: (due_date.due_on, due_date.shown_from))


def weekly(due_on: date, *, shown_from: date, shown_days: int, last_due_on: date | None) -> Iterator[DueDate]:
    """Yield what is due every week from a day to another (None: onwards), each shown for so many days.

    More than seven days make several series, since the showings of one never overlap.
    """
    strides = -(-shown_days // 7)
    for number in range(strides):
        later = number * 7 * DAY
        first_due = due_on + later
        if last_due_on is not None and first_due > last_due_on:
            return
        every = 7 * strides
        last = None
        if last_due_on is not None:
            times = (last_due_on - first_due).days // every
            last = shown_from + later + (times * every + shown_days - 1) * DAY
        yield DueDate(first_due, shown_from + later, last, every_days=every, shown_days=shown_days)


def _earlier(first: date | None, second: date | None) -> date | None:
    if first is None or second is None:
        return first or second
    return min(first, second)
