"""When the next monthly follow-up meeting is due (D18)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from jobfirst.dates import DAY, DateSpan


def next_meeting_due(follow_up: DateSpan, held: Collection[date], *, interval_days: int) -> date | None:
    """Return when the next monthly meeting is due (D18); None when that is after the end of follow-up.

    Due `interval_days` after the last held meeting; the first one, after the course's start.
    """
    last = max((day for day in held if day >= follow_up.first), default=follow_up.first)
    due = last + interval_days * DAY
    return due if due in follow_up else None
