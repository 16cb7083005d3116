"""The deadlines and core elements of a course follow what is done to it, in the same transaction."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import transaction

from cases.deadlines import (
    contact_lost,
    function_unfilled,
    meeting_not_booked,
    meeting_overdue,
    other_channel_due,
    promise_due,
    weekly_contact_missing,
    weekly_contact_overdue,
)
from cases.elements import stored as stored_elements
from cases.models import Course
from reminders import deadlines
from reminders.fact_cache import facts_read_once
from reminders.models import SubjectType

#: The kinds that follow from contacts, from meetings, and from who holds a function.
OF_CONTACTS = (
    weekly_contact_missing.KIND.code,
    weekly_contact_overdue.KIND.code,
    other_channel_due.KIND.code,
    contact_lost.KIND.code,
)
OF_PROMISES = tuple(kind.code for kind in promise_due.KINDS)
#: What a draft decided becomes a promise when its meeting is held.
OF_MEETINGS = (meeting_not_booked.KIND.code, meeting_overdue.KIND.code, *OF_PROMISES)
OF_FUNCTIONS = (function_unfilled.KIND.code,)


class OfCourse(Protocol):
    """Something of a course: a contact, a meeting, a placement."""

    @property
    def course(self) -> Course: ...


SubjectT = TypeVar("SubjectT", bound=Course | OfCourse)
P = ParamSpec("P")
T = TypeVar("T")


def update_deadlines(courses: Iterable[Course], *kinds: str) -> None:
    """Make the deadlines of the courses those that follow from the facts, of the kinds or all; and with them
    the core elements that rest on the same facts.

    For actions that changed facts, as the last thing in their transaction, under the courses' locks.
    """
    subjects = [course.public_id for course in courses]
    if subjects:
        with facts_read_once():
            deadlines.bring_up_to_date(SubjectType.COURSE, subjects, kinds or None)
            stored_elements.bring_up_to_date(subjects, kinds=kinds or None)


def updates_deadlines(
    *kinds: str,
) -> Callable[[Callable[Concatenate[SubjectT, P], T]], Callable[Concatenate[SubjectT, P], T]]:
    """Decorate an action on a course, or on something of one: deadlines of these kinds (or all) follow it,
    and the core elements that rest on the same facts."""

    def update(course: Course) -> None:
        update_deadlines([course], *kinds)

    return _followed_by(update)


def updates_elements(
    *numbers: int,
) -> Callable[[Callable[Concatenate[SubjectT, P], T]], Callable[Concatenate[SubjectT, P], T]]:
    """Decorate an action whose facts no deadline rests on: the core elements with these numbers follow it."""

    def update(course: Course) -> None:
        deadlines.lock(shared=True)
        stored_elements.bring_up_to_date([course.public_id], numbers=numbers)

    return _followed_by(update)


def _followed_by(
    update: Callable[[Course], None],
) -> Callable[[Callable[Concatenate[SubjectT, P], T]], Callable[Concatenate[SubjectT, P], T]]:
    def decorate(action: Callable[Concatenate[SubjectT, P], T]) -> Callable[Concatenate[SubjectT, P], T]:
        @wraps(action)
        def act(subject: SubjectT, *args: P.args, **kwargs: P.kwargs) -> T:
            with transaction.atomic():
                result = action(subject, *args, **kwargs)
                update(subject if isinstance(subject, Course) else subject.course)
            return result

        return act

    return decorate
