"""Bringing the stored reminders up to date with the due facts: new facts are opened, others closed."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import User
from reminders import extension_points
from reminders.models import Reminder, SubjectType

# Any number that no other advisory lock of this database uses.
LOCK = 5_337_204
BATCH = 1000


class ReminderKey(NamedTuple):
    """The identity of a reminder: facts with the same key share one row."""

    kind: str
    subject_type: str
    subject: str
    recipient_id: int
    due_on: datetime.date


def lock(*, shared: bool = False) -> None:
    """Lock the reminders until the transaction ends: exclusively for the day's round, shared for actions."""
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


def bring_up_to_date(
    on: datetime.date, subject_type: SubjectType | None = None, subjects: Collection[str] | None = None
) -> None:
    """Open and close reminders so that the open ones are those due on `on`, of all or of the named subjects.

    Call within a transaction. The number of queries depends on the number of kinds, not of subjects (rows
    are written a thousand at a time).
    """
    due_keys = _find_due_keys(on, subject_type, subjects)
    rows = Reminder.objects.open()
    if subject_type is not None:
        rows = rows.filter(subject_type=subject_type, subject__in=subjects or ())
    stored = {
        ReminderKey(row.kind, row.subject_type, row.subject, row.recipient_id, row.due_on): row.pk
        for row in rows
    }
    no_longer_due = [pk for key, pk in stored.items() if key not in due_keys]
    Reminder.objects.filter(pk__in=no_longer_due).update(closed_at=timezone.now())
    Reminder.objects.bulk_create(
        (Reminder(**key._asdict(), opened_on=on) for key in sorted(due_keys - stored.keys())),
        batch_size=BATCH,
        # A closed reminder with the same key is opened again.
        update_conflicts=True,
        unique_fields=["kind", "subject_type", "subject", "recipient", "due_on"],
        update_fields=["closed_at"],
    )


def _find_due_keys(
    on: datetime.date, subject_type: SubjectType | None, subjects: Collection[str] | None
) -> set[ReminderKey]:
    """Return the keys of the day's facts whose recipient has an open account."""
    due_keys = {
        ReminderKey(kind.code, str(kind.subject_type), fact.subject, fact.recipient_id, fact.due_on)
        for kind in extension_points.registered_kinds()
        if subject_type is None or kind.subject_type == subject_type
        for fact in kind.find(on, subjects)
    }
    recipients = User.objects.filter(pk__in={key.recipient_id for key in due_keys}, is_active=True)
    active = set(recipients.values_list("pk", flat=True))
    return {key for key in due_keys if key.recipient_id in active}
