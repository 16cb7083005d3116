"""The monthly follow-up meeting (D18): when the next one is due."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

_DAY = timedelta(days=1)


def next_meeting_due(
    started_on: date, window_end: date | None, held: Collection[date], *, interval_days: int
) -> date | None:
    """When the next monthly meeting is due (D18): `interval_days` after the last one held, the first that
    long after the course's start. None when that lies after the window's end."""
    due = max((day for day in held if day >= started_on), default=started_on) + interval_days * _DAY
    return due if window_end is None or due <= window_end else None
