"""The months in which outcomes are counted, by their first days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Subquery

from evaluation.models import PaidHours
from jobfirst.values.dates import DAY, MONTH
from randomization.models import Allocation


@dataclass(frozen=True, slots=True)
class OutcomePeriod:
    """The first and the last month, both included, by their first days."""

    first: datetime.date
    last: datetime.date

    @property
    def last_day(self) -> datetime.date:
        """The last day of the last month."""
        return self.last + MONTH - DAY

    def months_since(self, drawn_on: datetime.date) -> int:
        """Return how many months of the period lie after the month of the draw."""
        first = max(month_number(self.first), month_number(drawn_on) + 1)
        return max(0, month_number(self.last) - first + 1)


def month_number(day: datetime.date) -> int:
    """Return the number of the day's month: one more than that of the month before."""
    return 12 * day.year + day.month


def month_after(day: datetime.date) -> datetime.date:
    """Return the first day of the following month."""
    return day.replace(day=1) + MONTH


def chosen_period(first: datetime.date | None, last: datetime.date | None) -> OutcomePeriod | None:
    """Return the months from `first` to `last`; one query.

    By default the first is the one after the first draw, the last is the last one with delivered hours. None
    without a last month. ValueError when the first lies after the last.
    """
    newest = PaidHours.objects.order_by("-month").values("month")[:1]
    draws = Allocation.objects.order_by("allocated_on").annotate(last_month=Subquery(newest))
    first_draw, last_month = draws.values_list("allocated_on", "last_month").first() or (None, None)
    last = last or last_month
    if last is None:
        return None
    if first is None:
        first = last if first_draw is None else min(month_after(first_draw), last)
    if first > last:
        raise ValueError(f"{first:%Y-%m} lies after {last:%Y-%m}")
    return OutcomePeriod(first, last)
