"""Deadlines, and the mails that tell of them (D33, D34)."""

from reminders.models.deadline import Deadline, DeadlineQuerySet, SubjectType
from reminders.models.digest import UNSENT, Digest, DigestItem, DigestState, Reminder, Round

__all__ = [
    "UNSENT",
    "Deadline",
    "DeadlineQuerySet",
    "Digest",
    "DigestItem",
    "DigestState",
    "Reminder",
    "Round",
    "SubjectType",
]
