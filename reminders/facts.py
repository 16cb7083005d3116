"""What is stored of what is due, kept true: found facts are opened, those no longer found are closed."""

import datetime
from collections.abc import Collection, Iterable

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from reminders import extension_points
from reminders.models import Reminder, SubjectType

# Any number will do, as long as nothing else in the house takes an advisory lock by it.
LOCK = 5_337_204
BATCH = 1000

Key = tuple[str, str, str, int, datetime.date]


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
    found = _found(on, subject_type, subjects)
    rows = Reminder.objects.open()
    if subject_type is not None:
        rows = rows.filter(subject_type=subject_type, subject__in=subjects or ())
    stored = {(row.kind, row.subject_type, row.subject, row.recipient_id, row.due_on): row.pk for row in rows}
    gone = [pk for key, pk in stored.items() if key not in found]
    Reminder.objects.filter(pk__in=gone).update(closed_at=timezone.now())
    Reminder.objects.bulk_create(
        (
            Reminder(
                kind=kind, subject_type=of, subject=subject, recipient_id=who, due_on=due_on, opened_on=on
            )
            for kind, of, subject, who, due_on in sorted(found - stored.keys())
        ),
        batch_size=BATCH,
        # One that was closed is opened again: the fact is the same, and so is the row.
        update_conflicts=True,
        unique_fields=["kind", "subject_type", "subject", "recipient", "due_on"],
        update_fields=["closed_at"],
    )


def _found(on: datetime.date, subject_type: SubjectType | None, subjects: Collection[str] | None) -> set[Key]:
    """The facts of the day whose recipient still has an account in use."""
    facts: set[Key] = set()
    for kind in extension_points.registered():
        if subject_type is None or kind.subject_type == subject_type:
            of: Iterable[extension_points.Fact] = kind.find(on, subjects)
            facts.update(
                (kind.code, str(kind.subject_type), fact.subject, fact.recipient_id, fact.due_on)
                for fact in of
            )
    active = set(
        get_user_model()
        .objects.filter(pk__in={fact[3] for fact in facts}, is_active=True)
        .values_list("pk", flat=True)
    )
    return {fact for fact in facts if fact[3] in active}
