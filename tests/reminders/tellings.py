"""Who is told of a kind of deadline on a day, by the facts as they stand."""

import datetime
from collections.abc import Collection

from reminders import deadlines, recipients


def told_on(
    kind: str, on: datetime.date, subjects: Collection[str] | None = None
) -> set[tuple[str, int, datetime.date]]:
    """Return (subject, recipient id, due day) of the kind on the day, about the subjects or about all.

    Test data are written past the actions, so the deadlines are recomputed first.
    """
    deadlines.recompute()
    return {
        (telling.subject, telling.recipient_id, telling.due_on)
        for telling in recipients.tellings(on)
        if telling.kind == kind and (subjects is None or telling.subject in subjects)
    }
