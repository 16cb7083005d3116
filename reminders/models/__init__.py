"""Deadlines, and the mails that tell of them (D33, D34)."""

from reminders.models.deadline import Deadline, DeadlineQuerySet, SubjectType
from reminders.models.digest import (
    UNSENT,
    Digest,
    DigestItem,
    DigestState,
    Reminder,
    ReminderReason,
    Round,
)
from reminders.models.returns import ReturnedDigest
from reminders.models.wishes import CalendarFeed, DigestPreference, Snooze, SnoozeQuerySet

__all__ = [
    "UNSENT",
    "CalendarFeed",
    "Deadline",
    "DeadlineQuerySet",
    "Digest",
    "DigestItem",
    "DigestPreference",
    "DigestState",
    "Reminder",
    "ReminderReason",
    "ReturnedDigest",
    "Round",
    "Snooze",
    "SnoozeQuerySet",
    "SubjectType",
]
