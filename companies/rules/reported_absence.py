"""Which days a reported absence takes (D48): those of the weekly schedule, or working days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cases.rules.weekly_contact import week_of
from jobfirst.values.dates import DAY, DateSpan
from jobfirst.values.working_days import is_working_day


def absent_days(absence: DateSpan, placement: DateSpan, weekdays: Collection[int]) -> dict[date, int]:
    """Return the number of days absent by the Monday of the week.

    `weekdays` are those of the schedule (1 Monday … 7 Sunday); without any, working days count.
    """
    days: dict[date, int] = {}
    day = absence.first
    while day <= absence.last_day:
        is_workday = day.isoweekday() in weekdays if weekdays else is_working_day(day)
        if day in placement and is_workday:
            monday = week_of(day).monday
            days[monday] = days.get(monday, 0) + 1
        day += DAY
    return days
