"""The weekly contact between mentor and citizen (D17): which weeks owe one, when it is due, what was missed.

A contact is due on the Sunday of its week. `follow_up` holds the days on which contacts are owed: from the
course's start to the end of the retention window (`cases.rules.retention_window`), without a last day while
no internship has begun.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from jobfirst.dates import DAY, WEEK, DateSpan


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week, known by its Monday; what belongs to it is due on its Sunday."""

    monday: date

    @property
    def sunday(self) -> date:
        """The last day of the week, on which its contact is due."""
        return self.monday + 6 * DAY

    @property
    def span(self) -> DateSpan:
        """The seven days."""
        return DateSpan(self.monday, self.sunday)

    def __contains__(self, day: date) -> bool:
        return day in self.span


def week_of(day: date) -> Week:
    """Return the ISO week that holds the day."""
    return Week(day - day.weekday() * DAY)


def weeks_from(first: Week) -> Iterator[Week]:
    """Yield the week and all that follow, without end."""
    week = first
    while True:
        yield week
        week = Week(week.monday + WEEK)


def first_contact_week(follow_up: DateSpan) -> Week:
    """Return the first week that owes a contact: the first with its Monday in the follow-up (D17)."""
    week = week_of(follow_up.first)
    return week if week.monday == follow_up.first else Week(week.monday + WEEK)


def contact_weeks(follow_up: DateSpan, *, through: date) -> tuple[Week, ...]:
    """Return the weeks that owe a contact (D17): those with their Monday in the follow-up.

    Listed up to and including the week that holds `through`.
    """
    owed = follow_up.until(through)
    return tuple(takewhile(lambda week: week.monday in owed, weeks_from(first_contact_week(follow_up))))


def missed_weeks(follow_up: DateSpan, contacts: Collection[date], *, on: date) -> tuple[Week, ...]:
    """Return the weeks that are over on the day (their Sunday has passed) and had no contact."""
    held = _weeks_with(contacts, on)
    weeks = contact_weeks(follow_up, through=on)
    return tuple(week for week in weeks if week.sunday < on and week not in held)


def week_due(follow_up: DateSpan, contacts: Collection[date], *, on: date) -> Week | None:
    """Return the week that runs on the day, when it owes a contact and has none yet; due on its Sunday."""
    week = week_of(on)
    if week not in contact_weeks(follow_up, through=on) or week in _weeks_with(contacts, on):
        return None
    return week


def first_missed_since_last_contact(
    follow_up: DateSpan, contacts: Collection[date], *, on: date
) -> Week | None:
    """Return the first week missed after the last contact: "weekly contact overdue" counts from it (D33).

    None when the last contact is later than every missed week: the next contact closes it.
    """
    last = max((day for day in contacts if day <= on), default=None)
    for week in missed_weeks(follow_up, contacts, on=on):
        if last is None or week.monday > last:
            return week
    return None


def _weeks_with(contacts: Collection[date], on: date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}
