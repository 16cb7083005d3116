"""When the next monthly follow-up meeting is due (D18)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from jobfirst.values.dates import DAY, DateSpan


class MeetingDue(NamedTuple):
    """When a meeting is due, and the days from the meeting before it until one is held."""

    due_on: date
    waiting: DateSpan


def waiting_spans(follow_up: DateSpan, held: Sequence[date]) -> Iterator[DateSpan]:
    """Yield the days from the start, and from each meeting held, to the day before the next one.

    `held` are the days of the meetings held, in order.
    """
    days = [follow_up.first, *(day for day in held if day >= follow_up.first)]
    for day, next_day in zip(days, [*days[1:], None], strict=True):
        yield DateSpan(day, None if next_day is None else next_day - DAY)


def meetings_due(follow_up: DateSpan, held: Sequence[date], *, interval_days: int) -> Iterator[MeetingDue]:
    """Yield every meeting that was or is due (D18), as long as that lies in the follow-up.

    Due `interval_days` after the last one held; the first one, after the start.

    `held` are the days of the meetings held, in order.
    """
    for waiting in waiting_spans(follow_up, held):
        due = waiting.first + interval_days * DAY
        if due in follow_up:
            yield MeetingDue(due, waiting)
