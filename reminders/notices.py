"""News that somebody is told once with the next digest: a course taken over, a statement on its way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import User
from reminders.extension_points import NoticeKind
from reminders.models import Reminder, ReminderReason


class News(NamedTuple):
    """That a person is to be told news about a subject, of a day."""

    subject: object
    recipient: User
    on: datetime.date


def tell(kind: NoticeKind, subject: object, recipients: Iterable[User], on: datetime.date) -> None:
    """Store that the recipients are to be told the subject's news of a day, as `tell_all` does."""
    tell_all(kind, [News(subject, recipient, on) for recipient in recipients])


def tell_all(kind: NoticeKind, news: Iterable[News]) -> None:
    """Store who is to be told what, in one statement; once per kind, subject, day and recipient.

    For actions, in the transaction that makes the news. A person's next digest carries it, and the person's
    page shows it for a week (`reminders.recipients`).
    """
    Reminder.objects.bulk_create(
        [
            Reminder(
                kind=kind.code,
                subject_type=kind.subject_type,
                subject=str(subject),
                recipient=recipient,
                due_on=on,
                reason=ReminderReason.NOTICE,
            )
            for subject, recipient, on in news
        ],
        ignore_conflicts=True,
    )
