"""The days of the sniffing period (D12, D13)."""

import datetime

from jobfirst.values.dates import DAY, DateSpan


def sniffing_span(
    started_on: datetime.date, internship_from: datetime.date | None, ended_on: datetime.date | None
) -> DateSpan:
    """Return the days of sniffing: until the internship phase or the course's end, whichever comes first."""
    last_days = [day - DAY for day in (internship_from, ended_on) if day is not None]
    return DateSpan(started_on, min(last_days, default=None))
