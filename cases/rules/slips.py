"""A slip: what a user corrects or withdraws soon after registering it, without being asked why (D41)."""

from __future__ import annotations

from datetime import datetime, timedelta

#: How long whoever registered something may mend it without a reason. The history keeps it all the same.
SLIP = timedelta(hours=1)


def is_slip(registered_by: int | None, registered_at: datetime | None, by: int | None, now: datetime) -> bool:
    """Whether the user `by` mends what the same user registered at most an hour ago (ids of users).

    What a file or a command registered has no user, and is never one's own slip.
    """
    if registered_by is None or registered_at is None or registered_by != by:
        return False
    return timedelta(0) <= now - registered_at <= SLIP
