"""The weekly schedule of a work agreement: internship hours and ordinary hours apart (D15, D20)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import ROUND_HALF_UP, Decimal

INTERNSHIP = "internship"
ORDINARY = "ordinary"


@dataclass(frozen=True, order=True)
class WorkPeriod:
    """A period of one kind on a weekday (1 Monday … 7 Sunday)."""

    weekday: int
    starts_at: time
    ends_at: time
    kind: str

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return _minutes(self.ends_at) - _minutes(self.starts_at)


def weekly_hours(lines: Iterable[WorkPeriod], kind: str) -> Decimal:
    """Return the weekly hours of one kind, with two decimals."""
    minutes = sum(line.minutes for line in lines if line.kind == kind)
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def clashes(lines: Sequence[WorkPeriod]) -> set[int]:
    """Return the weekdays on which two periods overlap."""
    ordered = sorted(lines)
    return {
        later.weekday
        for earlier, later in itertools.pairwise(ordered)
        if earlier.weekday == later.weekday and later.starts_at < earlier.ends_at
    }


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
