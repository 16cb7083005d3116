"""The weekly contact between mentor and citizen (D17): which weeks owe one, when it is due, what was missed.

A contact is due on the Sunday of its week. The last week is the one that begins within the retention window
(`cases.rules.retention_window`); without an end of the window (``None``) weeks go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

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


def _weeks_from(first: Week) -> Iterator[Week]:
    week = first
    while True:
        yield week
        week = Week(week.monday + _WEEK)


def _weeks_with(contacts: Collection[date], on: date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}
