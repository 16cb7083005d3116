"""Writing access records. If the writing fails, nothing is shown: the caller records before it renders."""

import uuid
from collections.abc import Iterable
from typing import Any

from audit.models import AccessRecord, Outcome


def record_shown(user: Any, action: str, citizens: Iterable[uuid.UUID], reason: str = "") -> AccessRecord:
    """Record that `user` is being shown these citizens (public ids), before the page is rendered."""
    return AccessRecord.objects.create(
        user=user, action=action, outcome=Outcome.SHOWN, citizens=list(citizens), reason=reason
    )


def record_refused(
    user: Any, action: str, asked_for: object, citizens: Iterable[uuid.UUID] = ()
) -> AccessRecord:
    """Record that `user` asked for something that was not shown; `asked_for` is the id in the address."""
    return AccessRecord.objects.create(
        user=user if user.is_authenticated else None,
        action=action,
        outcome=Outcome.REFUSED,
        citizens=list(citizens),
        asked_for=str(asked_for)[:80],
    )
