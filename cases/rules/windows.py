"""What the follow-up owes a citizen, and when: retention window (D19), weekly contact (D17), meetings (D18).

All durations come in as arguments, from the terms of the trial. Every "last day" is a day inside the window:
13 weeks from a Monday end on a Sunday, three months from 1 March on 31 May.

The window has no end while no internship has begun (``None``). It also closes with the course itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from dateutil.relativedelta import relativedelta

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Week:
    """An ISO week, known by its Monday; what belongs to it is due on its Sunday."""

    monday: date

    @property
    def sunday(self) -> date:
        """The last day of the week, on which its contact is due."""
        return self.monday + 6 * _DAY

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday


def week_of(day: date) -> Week:
    """The ISO week that holds `day`."""
    return Week(day - day.weekday() * _DAY)


def retention_window_end(
    internship_from: date | None,
    *,
    weeks: int,
    months: int,
    extended_to: date | None = None,
    ended_on: date | None = None,
) -> date | None:
    """The last day of the retention window (D19), or None while it is open-ended.

    From the first internship's start, the later of `weeks` and `months`; `extended_to` (the plan for job
    goes on with the mentor) can only make it longer, the course's own end only shorter.
    """
    last = None
    if internship_from is not None:
        last = max(internship_from + weeks * _WEEK, internship_from + relativedelta(months=months)) - _DAY
        if extended_to is not None:
            last = max(last, extended_to)
    if ended_on is not None:
        last = ended_on if last is None else min(last, ended_on)
    return last


def contact_weeks(started_on: date, window_end: date | None, *, through: date) -> tuple[Week, ...]:
    """The weeks that owe a contact (D17): Monday on or after the course's start and on or before the end of
    the window. Listed up to and including the week that holds `through`."""
    first = week_of(started_on)
    if first.monday < started_on:
        first = Week(first.monday + _WEEK)
    last_monday = through if window_end is None else min(through, window_end)
    return tuple(takewhile(lambda week: week.monday <= last_monday, _weeks_from(first)))


def missed_weeks(
    started_on: date, window_end: date | None, contacts: Collection[date], *, on: date
) -> tuple[Week, ...]:
    """The weeks that are over on `on` (their Sunday has passed) and had no contact with the citizen."""
    held = _weeks_with(contacts, on)
    weeks = contact_weeks(started_on, window_end, through=on)
    return tuple(week for week in weeks if week.sunday < on and week not in held)


def week_due(
    started_on: date, window_end: date | None, contacts: Collection[date], *, on: date
) -> Week | None:
    """The week that is running on `on`, when it owes a contact and has none yet; due on its Sunday."""
    week = week_of(on)
    if week not in contact_weeks(started_on, window_end, through=on) or week in _weeks_with(contacts, on):
        return None
    return week


def first_missed_since_last_contact(
    started_on: date, window_end: date | None, contacts: Collection[date], *, on: date
) -> Week | None:
    """The first week missed after the last contact; what "weekly contact overdue" counts from (D33).

    None when the last contact is later than every missed week: the next contact closes it.
    """
    last = max((day for day in contacts if day <= on), default=None)
    for week in missed_weeks(started_on, window_end, contacts, on=on):
        if last is None or week.monday > last:
            return week
    return None


def next_meeting_due(
    started_on: date, window_end: date | None, held: Collection[date], *, interval_days: int
) -> date | None:
    """When the next monthly meeting is due (D18): `interval_days` after the last one held, the first that
    long after the course's start. None when that lies after the window's end."""
    due = max((day for day in held if day >= started_on), default=started_on) + interval_days * _DAY
    return due if window_end is None or due <= window_end else None


def _weeks_from(first: Week) -> Iterator[Week]:
    week = first
    while True:
        yield week
        week = Week(week.monday + _WEEK)


def _weeks_with(contacts: Collection[date], on: date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}
