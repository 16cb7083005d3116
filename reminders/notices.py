"""News that somebody is told once with the next digest: a course taken over, a statement on its way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from accounts.models import User
from reminders.extension_points import NoticeKind
from reminders.models import Reminder, ReminderReason


def tell(kind: NoticeKind, subject: object, recipients: Iterable[User], on: datetime.date) -> None:
    """Store that the recipients are to be told the subject's news of a day; once per kind, subject and day.

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
            for recipient in recipients
        ],
        ignore_conflicts=True,
    )
