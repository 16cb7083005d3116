"""When the plan for job can be made, and the days it covers (D21)."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta

from jobfirst.values.dates import DAY


def earliest_day(continued_from: date | None, *, lead_days: int) -> date | None:
    """Return the first day on which the plan can be made; None while no internship has been agreed.

    That is `lead_days` before the last day of the first weeks of internship (a term), on which it is due.
    """
    return None if continued_from is None else continued_from - DAY - lead_days * DAY


def covers_until(starts_on: date, *, months: int) -> date:
    """Return the last day of a plan that starts on a day and covers so many months."""
    return starts_on + relativedelta(months=months) - DAY
