"""When the plan for job can be made, and what it covers (D21)."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from jobfirst.dates import DAY


def earliest_day(continued_from: date | None, *, lead_days: int) -> date | None:
    """The first day on which the plan can be made: `lead_days` before it is due, the last day of the first
    weeks of internship (a term). None while no internship has been agreed."""
    return None if continued_from is None else continued_from - DAY - lead_days * DAY


def covers_until(starts_on: date, *, months: int) -> date:
    """The last day of a plan that starts on a day and covers so many months."""
    return starts_on + relativedelta(months=months) - DAY
