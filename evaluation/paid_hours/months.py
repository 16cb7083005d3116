"""Agreed ordinary hours against paid hours, month by month (D20, D38): plain values."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from companies.rules.agreed_hours import HoursSpan
from evaluation.paid_hours.curve import PaidMonth
from jobfirst.values.dates import DAY, MONTH, DateSpan


@dataclass(frozen=True)
class MonthOfHours:
    """The hours of a month, by its first day: the ordinary ones that were agreed for its days, and the paid
    ones (None while they have not been delivered)."""

    month: datetime.date
    agreed: Decimal
    paid: PaidMonth | None


def hours_by_month(
    agreed: Sequence[HoursSpan], paid: Sequence[PaidMonth], on: datetime.date
) -> list[MonthOfHours]:
    """Return the months up to that of the day, or the last one with paid hours, the newest first.

    A day has a seventh of its week's agreed hours.
    """
    delivered = {row.month: row for row in paid}
    firsts = [part.span.first.replace(day=1) for part in agreed] + list(delivered)
    if not firsts:
        return []
    month, last = min(firsts), max([on.replace(day=1), *delivered])
    months = []
    while month <= last:
        days = DateSpan(month, month + MONTH - DAY)
        months.append(MonthOfHours(month, ordinary_hours_of(agreed, days), delivered.get(month)))
        month += MONTH
    return months[::-1]


def ordinary_hours_of(agreed: Iterable[HoursSpan], days: DateSpan) -> Decimal:
    """Return the ordinary hours that are agreed for these days, rounded to a tenth of an hour."""
    total = Decimal(0)
    for part in agreed:
        span = part.span.until(days.last_day)
        number = DateSpan(max(span.first, days.first), span.last).days
        total += part.hours.ordinary * number / 7
    return total.quantize(Decimal("0.1"), ROUND_HALF_UP)
