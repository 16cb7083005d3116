"""Decorator for actions: refresh the course's reminders in the same transaction (D34)."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import transaction

from cases.models import Course
from reminders.actions import refresh
from reminders.models import SubjectType


class BelongsToCourse(Protocol):
    """A row with a `course`: a contact, a meeting, a placement."""

    @property
    def course(self) -> Course: ...


SubjectT = TypeVar("SubjectT", bound=Course | BelongsToCourse)
P = ParamSpec("P")
T = TypeVar("T")


def reminds(action: Callable[Concatenate[SubjectT, P], T]) -> Callable[Concatenate[SubjectT, P], T]:
    """Refresh the course's reminders after the action, in the same transaction.

    The action's first argument is a course or a row that belongs to one. The refresh happens only when the
    action is called with its keyword `today`; without it (imports, and a rehearsal's future days) the daily
    check creates and closes the reminders.
    """

    @wraps(action)
    def run(subject: SubjectT, *args: P.args, **kwargs: P.kwargs) -> T:
        today = kwargs.get("today")
        with transaction.atomic():
            result = action(subject, *args, **kwargs)
            if isinstance(today, datetime.date):
                course = subject if isinstance(subject, Course) else subject.course
                refresh(today, SubjectType.COURSE, [course.public_id])
        return result

    return run
