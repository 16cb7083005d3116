"""The weeks that the activity plan covers: from one monthly meeting to the next (D13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.dates import DAY, WEEK, DateSpan

#: The plan shows at least and at most so many weeks, however near or far the next meeting is.
FEWEST_WEEKS, MOST_WEEKS = 2, 8


def planning_period(on: date, next_meeting: date) -> DateSpan:
    """Return the whole weeks from the week of a day to the week of the next meeting."""
    first = week_of(on).monday
    weeks = (week_of(next_meeting).monday - first).days // 7 + 1
    return DateSpan(first, first + min(max(weeks, FEWEST_WEEKS), MOST_WEEKS) * WEEK - DAY)


def period_before(period: DateSpan) -> DateSpan:
    """Return the same number of weeks directly before a period."""
    return DateSpan(period.first - period.days * DAY, period.first - DAY)


def weeks_of(period: DateSpan) -> Iterator[Week]:
    """Yield the weeks of a period of whole weeks."""
    for number in range(period.days // 7):
        yield Week(period.first + number * WEEK)


def next_meeting_day(on: date, *, booked: date | None, last_held: date, interval_days: int) -> date:
    """Return the day of the next meeting: the booked one, else the day it is due (D18); of an overdue one,
    so many days from `on`."""
    if booked is not None:
        return booked
    due = last_held + interval_days * DAY
    return due if due >= on else on + interval_days * DAY
