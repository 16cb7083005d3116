"""The weekly contact between mentor and citizen (D17): the weeks, and the first that owes one.

A contact is due on the Sunday of its week. `follow_up` is the span in which contacts are due: from the
course's start to the end of the retention window (`cases.rules.retention_window`), open-ended before the
first internship.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from jobfirst.values.dates import DAY, WEEK, DateSpan


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
