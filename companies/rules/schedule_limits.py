"""A weekly schedule compared with what the citizen's accommodations allow (D11, D15): warnings, no walls.

The hours of a day are those of the periods that begin on it, so that a night shift belongs to one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from cases.rules.work_limits import WorkLimits
from companies.rules.weekly_schedule import DAY_MINUTES, WorkPeriod, as_hours

#: The hours of the night, by which "no nights" is meant.
NIGHT_FROM, NIGHT_UNTIL = time(22), time(6)
NIGHTS = tuple(WorkPeriod(weekday, NIGHT_FROM, NIGHT_UNTIL, "night") for weekday in range(1, 8))
SATURDAY, SUNDAY = 6, 7


@dataclass(frozen=True)
class LimitBreach:
    """A limit that the schedule does not keep: by its name in `WorkLimits`, on a weekday (None: in the week),
    with what is agreed and what is allowed."""

    limit: str
    weekday: int | None = None
    agreed: Decimal | time | None = None
    allowed: Decimal | time | None = None


def breaches(
    lines: Sequence[WorkPeriod], limits: WorkLimits, *, hours_a_week: Decimal | None = None
) -> list[LimitBreach]:
    """Return where a weekly schedule goes beyond the limits.

    `hours_a_week` are the agreed hours of a week that has no schedule: then only they are compared.
    """
    minutes = sum(line.minutes for line in lines)
    hours = as_hours(minutes) if lines else hours_a_week or Decimal(0)
    exceeded: list[LimitBreach] = [*_daily_hours(lines, limits)]
    if limits.hours_a_week is not None and hours > limits.hours_a_week:
        exceeded.append(LimitBreach("hours_a_week", None, hours, limits.hours_a_week))
    days = len({line.weekday for line in lines})
    if limits.days_a_week is not None and days > limits.days_a_week:
        breach = LimitBreach("days_a_week", None, Decimal(days), Decimal(limits.days_a_week))
        exceeded.append(breach)
    return [*exceeded, *_times_of_day(lines, limits), *_nights_and_weekends(lines, limits)]


def _daily_hours(lines: Sequence[WorkPeriod], limits: WorkLimits) -> Iterator[LimitBreach]:
    for weekday in sorted({line.weekday for line in lines}):
        hours = as_hours(sum(line.minutes for line in lines if line.weekday == weekday))
        if limits.hours_a_day is not None and hours > limits.hours_a_day:
            yield LimitBreach("hours_a_day", weekday, hours, limits.hours_a_day)


def _times_of_day(lines: Sequence[WorkPeriod], limits: WorkLimits) -> Iterator[LimitBreach]:
    for line in sorted(lines):
        if limits.not_before is not None and line.starts_at < limits.not_before:
            yield LimitBreach("not_before", line.weekday, line.starts_at, limits.not_before)
        if limits.not_after is not None and _ends_after(line, limits.not_after):
            yield LimitBreach("not_after", line.weekday, line.ends_at, limits.not_after)


def _ends_after(line: WorkPeriod, latest: time) -> bool:
    """Whether a period ends later than allowed; whatever goes on past midnight does."""
    return line.is_until_next_day or line.is_until_midnight or line.ends_at > latest


def _nights_and_weekends(lines: Sequence[WorkPeriod], limits: WorkLimits) -> Iterator[LimitBreach]:
    if limits.no_nights:
        for weekday in _weekdays(line for line in lines if any(line.overlaps(night) for night in NIGHTS)):
            yield LimitBreach("no_nights", weekday)
    if limits.no_weekend:
        for weekday in _weekdays(line for line in lines if _touches_weekend(line)):
            yield LimitBreach("no_weekend", weekday)


def _weekdays(lines: Iterable[WorkPeriod]) -> list[int]:
    return sorted({line.weekday for line in lines})


def _touches_weekend(line: WorkPeriod) -> bool:
    """Whether a part of the period lies on a Saturday or Sunday."""
    begins_there = line.weekday in (SATURDAY, SUNDAY)
    return begins_there or line.first_minute + line.minutes > (SATURDAY - 1) * DAY_MINUTES
