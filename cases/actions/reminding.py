"""Reminders follow what is done, in the same transaction (D34)."""

import datetime
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import transaction

from cases.models import Course
from reminders.actions import refresh
from reminders.models import SubjectType


class OfCourse(Protocol):
    """Something of a course: a contact, a meeting, a placement."""

    @property
    def course(self) -> Course: ...


SubjectT = TypeVar("SubjectT", bound=Course | OfCourse)
P = ParamSpec("P")
T = TypeVar("T")


def reminds(action: Callable[Concatenate[SubjectT, P], T]) -> Callable[Concatenate[SubjectT, P], T]:
    """Open and close the course's reminders by what the action did, as the last thing in its transaction.

    The action's first argument is a course or something of one. The reminders follow when the action is given
    its keyword `today`; without it (imports, and whatever is played ahead of the clock in a rehearsal) the
    day's round finds what is due.
    """

    @wraps(action)
    def run(subject: SubjectT, *args: P.args, **kwargs: P.kwargs) -> T:
        today = kwargs.get("today")
        with transaction.atomic():
            done = action(subject, *args, **kwargs)
            if isinstance(today, datetime.date):
                course = subject if isinstance(subject, Course) else subject.course
                refresh(today, SubjectType.COURSE, [course.public_id])
        return done

    return run
