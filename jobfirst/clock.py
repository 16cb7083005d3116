"""The one place that asks what day it is. Rules and actions are given the day; only views, commands
and tasks ask here (days are Europe/Copenhagen, whatever the server's own zone)."""

import datetime

from django.utils import timezone


def today() -> datetime.date:
    """Return the calendar day in Europe/Copenhagen."""
    return timezone.localdate()


def now() -> datetime.datetime:
    """Return the present moment, aware."""
    return timezone.now()
