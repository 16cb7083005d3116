"""Days without anything: empty weeks ahead in the sniffing period (D13) and gaps in the whole course (D22).

Both are reckoned from plain intervals: activity plan lines, sniffing internships, internships, wage subsidies
and employments. What an interval is called makes no difference; any of them fills a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cases.rules.weekly_contact import Week, week_of
from jobfirst.calendar import is_working_day as danish_working_day

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Interval:
    """Something from a first to a last day, both included; no last day means onwards."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the interval fills `day`."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Gap:
    """A run of working days with nothing: its first and last working day, and how many there are.

    Weekends and public holidays inside the run neither break it nor count.
    """

    first: date
    last: date
    working_days: int


def gaps(
    filled: Iterable[Interval],
    *,
    first: date,
    last: date,
    is_working_day: Callable[[date], bool] = danish_working_day,
) -> tuple[Gap, ...]:
    """The gaps from `first` to `last`, both included (D22).

    With `last` in the future, what comes out after today is a gap that is about to open. Cost is one step per
    calendar day.
    """
    intervals = _merged(filled)
    found: list[Gap] = []
    run: list[date] = []
    number = 0
    day = first
    while day <= last:
        while number < len(intervals) and _is_over(intervals[number], day):
            number += 1
        covered = number < len(intervals) and intervals[number].covers(day)
        if is_working_day(day):
            if not covered:
                run.append(day)
            elif run:
                found.append(_gap(run))
                run = []
        day += _DAY
    if run:
        found.append(_gap(run))
    return tuple(found)


def empty_weeks(
    planned: Iterable[Interval],
    *,
    sniffing_from: date,
    sniffing_to: date | None,
    first: date,
    last: date,
    is_working_day: Callable[[date], bool] = danish_working_day,
) -> tuple[Week, ...]:
    """The weeks between `first` and `last` that leave a sniffing citizen with nothing planned (D13).

    A week counts when at least one of its working days lies in the sniffing period (`sniffing_to` is its last
    day, None while no internship is agreed) and nothing is planned on any day of the week. The week that
    holds `first` is included.
    """
    intervals = _merged(planned)
    found = []
    week = week_of(first)
    while week.monday <= last:
        days = [week.monday + offset * _DAY for offset in range(7)]
        expected = any(
            is_working_day(day) and sniffing_from <= day and (sniffing_to is None or day <= sniffing_to)
            for day in days
        )
        if expected and not any(interval.covers(day) for interval in intervals for day in days):
            found.append(week)
        week = Week(week.monday + 7 * _DAY)
    return tuple(found)


def _is_over(interval: Interval, day: date) -> bool:
    return interval.last is not None and interval.last < day


def _gap(run: list[date]) -> Gap:
    return Gap(first=run[0], last=run[-1], working_days=len(run))


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same days as disjoint intervals in order; those that end before they begin are dropped."""
    merged: list[Interval] = []
    usable = (each for each in intervals if each.last is None or each.last >= each.first)
    for each in sorted(usable, key=lambda interval: interval.first):
        previous = merged[-1] if merged else None
        if previous is None or (previous.last is not None and each.first > previous.last + _DAY):
            merged.append(each)
        elif previous.last is not None:
            last = None if each.last is None else max(previous.last, each.last)
            merged[-1] = Interval(previous.first, last)
    return merged
