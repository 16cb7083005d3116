"""The current day and time; the only module that reads the clock.

Rules and actions get the day as an argument; only views, commands and tasks call this module. Days are days
in Europe/Copenhagen, whatever the server's time zone.
"""

import datetime

from django.utils import timezone


def today() -> datetime.date:
    """Return the calendar day in Europe/Copenhagen."""
    return timezone.localdate()


def now() -> datetime.datetime:
    """Return the current time, with time zone."""
    return timezone.now()
