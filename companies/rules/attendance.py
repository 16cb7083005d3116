"""Attendance at a placement, week by week (D48): plain numbers of days."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date

from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.dates import WEEK, DateSpan

#: So many of the last weeks stand on the course's page.
WEEKS_SHOWN = 4
#: So far ahead an absence, such as leave, can be reported and entered.
WEEKS_AHEAD = 8
#: The days of work in a week for which nothing else is agreed or limited.
USUAL_DAYS = 5


@dataclass(frozen=True)
class AttendanceDays:
    """The days of a week: present, ill, agreed absence, other absence, not shown up."""

    present: int = 0
    ill: int = 0
    agreed_absence: int = 0
    other_absence: int = 0
    no_show: int = 0

    @property
    def total(self) -> int:
        """All days that are accounted for."""
        return sum(astuple(self))


def may_be_entered(monday: date, days: AttendanceDays, today: date) -> bool:
    """Whether the days of a week can be entered: once it has begun; of a week to come only absence."""
    is_known_ahead = days.present == 0 and monday <= today + WEEKS_AHEAD * WEEK
    return monday <= today or is_known_ahead


def days_possible(span: DateSpan, week: Week) -> int:
    """Return how many days of the week lie in the placement."""
    first, last = max(span.first, week.monday), week.sunday
    return DateSpan(first, last if span.last is None else min(last, span.last)).days


def last_weeks(span: DateSpan, on: date) -> list[Week]:
    """Return the weeks of the placement that have begun by a day, the last ones, newest first."""
    last = on if span.last is None else min(on, span.last)
    weeks: list[Week] = []
    week = week_of(last)
    while len(weeks) < WEEKS_SHOWN and week.sunday >= span.first and span.first <= last:
        weeks.append(week)
        week = Week(week.monday - WEEK)
    return weeks
