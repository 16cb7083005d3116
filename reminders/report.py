"""The report of `send_reminders` on a day: pseudonyms and public ids, no initials and no names."""

import datetime
from collections.abc import Sequence
from typing import Any

from reminders import extension_points
from reminders.models import DigestItem, ReminderReason

DayReport = dict[str, Any]


def report_on(on: datetime.date, digests: Sequence[int]) -> DayReport:
    """Return the JSON document for these digests (ids), by recipient, then due date, kind and subject.

    Deadlines only, without notices.
    """
    rows = (
        DigestItem.objects.filter(digest__in=digests)
        .exclude(reminder__reason=ReminderReason.NOTICE)
        .select_related("reminder", "digest__recipient")
        .order_by("digest__recipient__email", "reminder__due_on", "reminder__kind", "reminder__subject")
    )
    digest_items = list(rows)
    descriptions = extension_points.describe_subjects(
        (item.reminder.subject_type, item.reminder.subject) for item in digest_items
    )
    items_by_recipient: dict[str, list[dict[str, Any]]] = {}
    for item in digest_items:
        reminder = item.reminder
        description = descriptions[reminder.subject_type].get(reminder.subject)
        items_by_recipient.setdefault(item.digest.recipient.email, []).append(
            {
                "kind": reminder.kind,
                reminder.subject_type: reminder.subject,
                **(description.keys if description else {}),
                "due_on": reminder.due_on.isoformat(),
                "new": item.is_new,
            }
        )
    return {
        "on": on.isoformat(),
        "digests": [
            {"recipient": recipient, "items": items} for recipient, items in items_by_recipient.items()
        ],
    }
