"""The weekly contact between mentor and citizen (D17): which weeks need one, when it is due, what was missed.

A contact is due on the Sunday of its week. `follow_up` is the span in which contacts are due: from the
course's start to the end of the retention window (`cases.rules.retention_window`), open-ended before the
first internship.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from jobfirst.dates import DAY, WEEK, DateSpan


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, identified by its Monday."""

    monday: date

    @property
    def sunday(self) -> date:
        """The last day of the week, on which the contact is due."""
        return self.monday + 6 * DAY

    @property
    def span(self) -> DateSpan:
        """The seven days of the week."""
        return DateSpan(self.monday, self.sunday)

    def __contains__(self, day: date) -> bool:
        return day in self.span


def week_of(day: date) -> Week:
    """Return the ISO week of the day."""
    return Week(day - day.weekday() * DAY)


def weeks_from(first: Week) -> Iterator[Week]:
    """Yield the week and all later ones, without end."""
    week = first
    while True:
        yield week
        week = Week(week.monday + WEEK)


def first_contact_week(follow_up: DateSpan) -> Week:
    """Return the first week that owes a contact: the first with its Monday in the follow-up (D17)."""
    week = week_of(follow_up.first)
    return week if week.monday == follow_up.first else Week(week.monday + WEEK)


def contact_weeks(follow_up: DateSpan, *, through: date) -> tuple[Week, ...]:
    """Return the weeks that need a contact (D17): those whose Monday lies in the follow-up.

    The week of `through` is the last one.
    """
    owed = follow_up.until(through)
    return tuple(takewhile(lambda week: week.monday in owed, weeks_from(first_contact_week(follow_up))))


def missed_weeks(follow_up: DateSpan, contacts: Collection[date], *, on: date) -> tuple[Week, ...]:
    """Return the weeks that are over on the day (their Sunday has passed) without a contact."""
    held = _weeks_with(contacts, on)
    weeks = contact_weeks(follow_up, through=on)
    return tuple(week for week in weeks if week.sunday < on and week not in held)


def week_due(follow_up: DateSpan, contacts: Collection[date], *, on: date) -> Week | None:
    """Return the current week when it needs a contact and has none yet; due on its Sunday."""
    week = week_of(on)
    if week not in contact_weeks(follow_up, through=on) or week in _weeks_with(contacts, on):
        return None
    return week


def first_missed_since_last_contact(
    follow_up: DateSpan, contacts: Collection[date], *, on: date
) -> Week | None:
    """Return the first week missed after the last contact: the start of "weekly contact overdue" (D33).

    None when there has been a contact since the last missed week: a contact closes all earlier misses.
    """
    last = max((day for day in contacts if day <= on), default=None)
    for week in missed_weeks(follow_up, contacts, on=on):
        if last is None or week.monday > last:
            return week
    return None


def _weeks_with(contacts: Collection[date], on: date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}
