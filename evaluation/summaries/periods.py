"""The periods for which figures are stored: whole months for trends, and the last weeks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from evaluation.measures.values import Window
from jobfirst.values.dates import MONTH


def month_windows(first: datetime.date, on: datetime.date) -> Iterator[Window]:
    """Yield the whole months from that of the first day to the last one that is over on the day."""
    month = first.replace(day=1)
    while month + MONTH <= on:
        yield Window(month, month + MONTH)
        month += MONTH
