"""Reminders follow what is done, in the same transaction (D34)."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from reminders.actions import refresh
from reminders.models import SubjectType

T = TypeVar("T")


def reminds(action: Callable[..., T]) -> Callable[..., T]:
    """Give an action the keyword `today`: with it, the course's reminders are opened and closed by what was
    done, as the last thing in its transaction.

    The action's first argument is a course or something of one. Without `today` (imports, and whatever is
    played ahead of the clock in a rehearsal) the day's round finds what is due.
    """

    @wraps(action)
    def run(subject: Any, *args: Any, today: date | None = None, **facts: Any) -> T:
        with transaction.atomic():
            done = action(subject, *args, **facts)
            if today is not None:
                course = getattr(subject, "course", subject)
                refresh(today, SubjectType.COURSE, [course.public_id])
        return done

    return run
