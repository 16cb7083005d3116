"""What a pause of the course suspends (D50): the weeks that owe no contact.

Pauses are disjoint spans of days in order (`jobfirst.values.dates.merged`). A week is paused when a pause
covers the days on which its contact is asked for: from an ISO weekday (a term of the trial) to its Sunday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.dates import DAY, DateSpan


def is_paused(week: Week, pause: DateSpan, *, weekday: int) -> bool:
    """Whether the pause covers the week from the weekday to its Sunday."""
    return week.monday + (weekday - 1) * DAY in pause and week.sunday in pause


def first_week_not_paused(week: Week, pauses: Iterable[DateSpan], *, weekday: int) -> Week | None:
    """Return the week, or the first one after it that is not paused; None when a pause goes on."""
    for pause in pauses:
        if is_paused(week, pause, weekday=weekday):
            if pause.last is None:
                return None
            week = week_of(pause.last + DAY)
    return week


def with_whole_weeks(pauses: Iterable[DateSpan], *, weekday: int) -> Iterator[DateSpan]:
    """Yield the pauses, each begun on Monday when the week in which it begins is paused."""
    for pause in pauses:
        week = week_of(pause.first)
        paused = is_paused(week, pause, weekday=weekday)
        yield DateSpan(week.monday, pause.last) if paused else pause
