"""Lines of the activity plan on other days: repeated weekly, moved, copied from the last period (D13)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cases.rules.weekly_contact import week_of
from jobfirst.values.dates import DAY, WEEK, DateSpan

#: A line is repeated at most so many times at once: half a year.
MOST_REPEATS = 26


def weekly_repeats(span: DateSpan, until: date) -> Iterator[DateSpan]:
    """Yield the spans of the following weeks that begin by a day, at most `MOST_REPEATS`."""
    for number in range(1, MOST_REPEATS + 1):
        repeat = moved_to(span, span.first + number * WEEK)
        if repeat.first > until:
            return
        yield repeat


def moved_to(span: DateSpan, first: date) -> DateSpan:
    """Return a span of the same length from another first day."""
    return DateSpan(first, first + (span.last_day - span.first))


def open_week(day: date, *, not_before: date) -> DateSpan:
    """Return the days of a line whose day is agreed later: Monday to Friday of the week of a day.

    Days before `not_before` are left out. When the given day is on a weekend, the span goes to Sunday.
    """
    week = week_of(day)
    first = max(week.monday, not_before)
    last = week.monday + 4 * DAY
    return DateSpan(first, last if first <= last and day <= last else week.sunday)
