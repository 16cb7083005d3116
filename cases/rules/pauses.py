"""What a pause of the course suspends (D50): the weeks that owe no contact.

Pauses are disjoint spans of days in order (`jobfirst.dates.merged`). A week is paused when a pause covers its
Thursday to Sunday, the days on which its contact is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.rules.weekly_contact import Week, week_of
from jobfirst.dates import DAY, DateSpan


def is_paused(week: Week, pause: DateSpan) -> bool:
    """Whether the pause covers the week's Thursday to Sunday."""
    return week.monday + 3 * DAY in pause and week.sunday in pause


def first_week_not_paused(week: Week, pauses: Iterable[DateSpan]) -> Week | None:
    """Return the week, or the first one after it that is not paused; None when a pause goes on."""
    for pause in pauses:
        if is_paused(week, pause):
            if pause.last is None:
                return None
            week = week_of(pause.last + DAY)
    return week


def with_whole_weeks(pauses: Iterable[DateSpan]) -> Iterator[DateSpan]:
    """Yield the pauses, each begun on Monday when the week in which it begins is paused."""
    for pause in pauses:
        week = week_of(pause.first)
        yield DateSpan(week.monday, pause.last) if is_paused(week, pause) else pause
