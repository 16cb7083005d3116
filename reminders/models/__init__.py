"""Deadlines, and the mails that tell of them (D33, D34)."""

from reminders.models.deadline import Deadline, DeadlineQuerySet, SubjectType
from reminders.models.digest import Digest, DigestItem, DigestState, Reminder, Round
from reminders.models.returns import ReturnedDigest

__all__ = [
    "Deadline",
    "DeadlineQuerySet",
    "Digest",
    "DigestItem",
    "DigestState",
    "Reminder",
    "ReturnedDigest",
    "Round",
    "SubjectType",
]
