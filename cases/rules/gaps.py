"""Empty weeks ahead in the sniffing period (D13), and gaps in the whole course (D22).

Both are computed from spans of days: activity plan lines, placements and employments of any kind. The kind
makes no difference: each fills its days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from cases.rules.weekly_contact import Week, week_of, weeks_from
from jobfirst.values.dates import DAY, DateSpan, merged
from jobfirst.values.working_days import is_working_day as is_danish_working_day


@dataclass(frozen=True)
class Gap:
    """Consecutive working days with nothing: the first and the last of them, and their number.

    Weekends and public holidays inside the gap neither end it nor count.
    """

    span: DateSpan
    working_days: int


def gaps(
    filled: Iterable[DateSpan],
    *,
    within: DateSpan,
    is_working_day: Callable[[date], bool] = is_danish_working_day,
) -> tuple[Gap, ...]:
    """Return the gaps within a span of days (D22). ValueError for a span without a last day.

    With a last day in the future, gaps after today are those about to open. Takes one step per calendar day.
    """
    spans = merged(filled)
    gaps: list[Gap] = []
    empty_days: list[date] = []
    number = 0
    for offset in range(within.days):
        day = within.first + offset * DAY
        while number < len(spans) and _is_over(spans[number], day):
            number += 1
        is_filled = number < len(spans) and day in spans[number]
        if is_working_day(day):
            if not is_filled:
                empty_days.append(day)
            elif empty_days:
                gaps.append(_gap(empty_days))
                empty_days = []
    if empty_days:
        gaps.append(_gap(empty_days))
    return tuple(gaps)


def gap_until(gap: Gap, last: date, is_working_day: Callable[[date], bool] = is_danish_working_day) -> Gap:
    """Return the part of a gap up to and including a day. ValueError when it begins later."""
    span = gap.span.until(last)
    days = [day for day in (span.first + offset * DAY for offset in range(span.days)) if is_working_day(day)]
    if not days:
        raise ValueError("the gap begins later")
    return _gap(days)


def empty_weeks(
    planned: Iterable[DateSpan],
    *,
    sniffing: DateSpan,
    within: DateSpan,
    is_working_day: Callable[[date], bool] = is_danish_working_day,
) -> tuple[Week, ...]:
    """Return the weeks within a span in which a sniffing citizen has nothing planned (D13).

    A week is returned when at least one of its working days lies in the sniffing period (open-ended until an
    internship is agreed) and nothing is planned on any of its days. The week of the first day of `within` is
    included; `within` must have a last day.
    """
    spans = merged(planned)
    weeks = takewhile(lambda week: week.span.overlaps(within), weeks_from(week_of(within.first)))
    return tuple(
        week
        for week in weeks
        if any(day in sniffing and is_working_day(day) for day in _days_of(week))
        and not any(span.overlaps(week.span) for span in spans)
    )


def _days_of(week: Week) -> list[date]:
    return [week.monday + offset * DAY for offset in range(7)]


def _is_over(span: DateSpan, day: date) -> bool:
    return span.last is not None and span.last < day


def _gap(days: list[date]) -> Gap:
    return Gap(DateSpan(days[0], days[-1]), working_days=len(days))
