"""The days as of which figures are published: the first of every month, of the month that is then over."""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from jobfirst.values.dates import MONTH

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


def newest_renewed(
    days: Iterable[datetime.date], arms: Sequence[Sequence[datetime.date]], limit: int
) -> datetime.date | None:
    """Return the newest of the days as of which means of both arms are shown; None before the first.

    `arms` are the days on which the citizens of each arm joined. Means are renewed once `limit` citizens have
    joined in each arm: the means of two of these days do not tell what fewer citizens have.
    """
    newest, sizes = None, [0] * len(arms)
    in_order = [sorted(arm) for arm in arms]
    for day in sorted(days):
        joined = [bisect_right(arm, day) for arm in in_order]
        if all(now - before >= limit for now, before in zip(joined, sizes, strict=True)):
            newest, sizes = day, joined
    return newest
