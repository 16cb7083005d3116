"""Days and times at which people in the demo meet: no weekends."""

import datetime

from django.utils import timezone

from jobfirst.values.dates import DAY


def workday_before(day: datetime.date) -> datetime.date:
    """Return the day, or the Friday before a weekend day."""
    return day - max(0, day.weekday() - 4) * DAY


def workday_after(day: datetime.date) -> datetime.date:
    """Return the day, or the Monday after a weekend day."""
    return day if day.weekday() < 5 else day + (7 - day.weekday()) * DAY


def at_ten(day: datetime.date) -> datetime.datetime:
    """Return ten o'clock on the day."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
