"""The days as of which figures are published: the first of every month, of the month that is then over."""

import datetime

from jobfirst.dates import MONTH

#: So many months back are published when nothing has been published yet.
MONTHS_AT_FIRST = 24


def cut_offs(
    begun: datetime.date, before: datetime.date, *, after: datetime.date | None = None
) -> list[datetime.date]:
    """Return the firsts of the months after `begun`, before the day `before`, the oldest first.

    With `after`, the latest cut-off that has been published, only those that follow it; without it, the last
    `MONTHS_AT_FIRST`.
    """
    day = (after or begun).replace(day=1) + MONTH
    days = []
    while day < before:
        days.append(day)
        day += MONTH
    return days if after else days[-MONTHS_AT_FIRST:]
