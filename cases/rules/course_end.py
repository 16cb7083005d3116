"""When a course ends: from which day on, and what becomes of what runs (D12, D41).

`ended_on` is the first day that is no longer part of the course. Until that day the course runs, also when
the end is recorded long before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobfirst.values.dates import DAY


class EndMode(StrEnum):
    """What becomes of something that runs when its course ends."""

    WITH_COURSE = "with_course"  # its last day is the day before the end
    OWN_DAY = "own_day"
    GOES_ON = "goes_on"


@dataclass(frozen=True)
class EndChoice:
    """What was chosen for one running thing; `last` is its own last day."""

    mode: EndMode
    last: date | None = None

    def last_day(self, ended_on: date) -> date | None:
        """Return the thing's last day when the course ends on `ended_on`; None when it goes on."""
        if self.mode is EndMode.GOES_ON:
            return None
        return ended_on - DAY if self.mode is EndMode.WITH_COURSE else self.last


def has_ended(ended_on: date | None, day: date) -> bool:
    """Whether a course has ended by the day."""
    return ended_on is not None and ended_on <= day
