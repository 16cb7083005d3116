"""What is stored of what is due, kept true: found facts are opened, those no longer found are closed."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import User
from reminders import extension_points
from reminders.models import Reminder, SubjectType

# Any number will do, as long as nothing else in the house takes an advisory lock by it.
LOCK = 5_337_204
BATCH = 1000


class Key(NamedTuple):
    """What makes a reminder the same one."""

    kind: str
    subject_type: str
    subject: str
    recipient_id: int
    due_on: datetime.date


def lock(*, shared: bool = False) -> None:
    """Until the end of the transaction: the day's round alone, or (shared) the actions among themselves."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


def bring_up_to_date(
    on: datetime.date, subject_type: SubjectType | None = None, subjects: Collection[str] | None = None
) -> None:
    """Make the open reminders those that are due on `on`: of everything, or of the named subjects.

    Within the caller's transaction. The number of queries follows the number of kinds, not of subjects
    (rows are written a thousand at a time).
    """
    due = _due(on, subject_type, subjects)
    rows = Reminder.objects.open()
    if subject_type is not None:
        rows = rows.filter(subject_type=subject_type, subject__in=subjects or ())
    stored = {
        Key(row.kind, row.subject_type, row.subject, row.recipient_id, row.due_on): row.pk for row in rows
    }
    gone = [pk for key, pk in stored.items() if key not in due]
    Reminder.objects.filter(pk__in=gone).update(closed_at=timezone.now())
    Reminder.objects.bulk_create(
        (Reminder(**key._asdict(), opened_on=on) for key in sorted(due - stored.keys())),
        batch_size=BATCH,
        # One that was closed is opened again: the fact is the same, and so is the row.
        update_conflicts=True,
        unique_fields=["kind", "subject_type", "subject", "recipient", "due_on"],
        update_fields=["closed_at"],
    )


def _due(on: datetime.date, subject_type: SubjectType | None, subjects: Collection[str] | None) -> set[Key]:
    """The facts of the day whose recipient still has an account in use."""
    due = {
        Key(kind.code, str(kind.subject_type), fact.subject, fact.recipient_id, fact.due_on)
        for kind in extension_points.registered()
        if subject_type is None or kind.subject_type == subject_type
        for fact in kind.find(on, subjects)
    }
    recipients = User.objects.filter(pk__in={key.recipient_id for key in due}, is_active=True)
    active = set(recipients.values_list("pk", flat=True))
    return {key for key in due if key.recipient_id in active}
