"""What `send_reminders` tells of a day: pseudonyms and public ids, no initials and no names."""

import datetime
from collections.abc import Sequence
from typing import Any

from reminders import extension_points
from reminders.models import DigestItem, SubjectType

Report = dict[str, Any]


def report_on(on: datetime.date, digests: Sequence[int]) -> Report:
    """The JSON document of FORMATS for these digests (ids), by recipient, then due date, kind and subject."""
    rows = (
        DigestItem.objects.filter(digest__in=digests)
        .select_related("reminder", "digest__recipient")
        .order_by("digest__recipient__email", "reminder__due_on", "reminder__kind", "reminder__subject")
    )
    items = list(rows)
    about = {
        subject_type: extension_points.descriptions(
            subject_type,
            {item.reminder.subject for item in items if item.reminder.subject_type == subject_type},
        )
        for subject_type in SubjectType.values
    }
    told: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        reminder = item.reminder
        description = about[reminder.subject_type].get(reminder.subject)
        told.setdefault(item.digest.recipient.email, []).append(
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
        "digests": [{"recipient": recipient, "items": of_one} for recipient, of_one in told.items()],
    }
