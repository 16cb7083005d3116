"""What ends when somebody leaves a role: higher floors end theirs (module `leaving`)."""

import datetime
from typing import Any, Protocol


class Leaver(Protocol):
    """Ends what a person holds in a role of a project (None: in all) from `today` on, in its transaction.

    `remind`: whether reminders follow at once, or may wait for the day's round (files).
    """

    def __call__(
        self, user: Any, today: datetime.date, *, project: Any, role: str | None, remind: bool
    ) -> None: ...


_leavers: dict[str, Leaver] = {}


def register(key: str, leaver: Leaver) -> None:
    """Let something end with the role; the same `key` again replaces it."""
    _leavers[key] = leaver


def left(
    user: Any, today: datetime.date, *, project: Any = None, role: str | None = None, remind: bool
) -> None:
    """Somebody no longer works in a role: it was taken, or the account is closed."""
    for leaver in _leavers.values():
        leaver(user, today, project=project, role=role, remind=remind)
