"""Dates as pages write them."""

import datetime

from django.utils.formats import date_format


def short_date(day: datetime.date) -> str:
    """Return the day as tables show it, such as 30.09.2026."""
    return date_format(day, "SHORT_DATE_FORMAT")
