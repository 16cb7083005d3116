"""The monthly follow-up meeting (D18): when the next one is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from jobfirst.dates import DAY, DateSpan


def next_meeting_due(follow_up: DateSpan, held: Collection[date], *, interval_days: int) -> date | None:
    """Return when the next monthly meeting is due (D18); None when that lies after the follow-up's end.

    It is due `interval_days` after the last one held, the first that long after the course's start.
    """
    last = max((day for day in held if day >= follow_up.first), default=follow_up.first)
    due = last + interval_days * DAY
    return due if due in follow_up else None
