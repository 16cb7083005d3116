"""Who holds the four functions of a course (D8): each by exactly one person at a time, with history."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.actions.checks import check_day, locked, refuse
from cases.actions.deadlines import OF_FUNCTIONS, update_deadlines, updates_deadlines
from cases.models import Course, FunctionHolding
from jobfirst import progress
from jobfirst.dates import DAY


@dataclass(frozen=True)
class Assignment:
    """A function of a course for somebody, from a day on."""

    course: Course
    function: str
    user: User
    from_on: datetime.date


class Assigned(NamedTuple):
    """What became of an assignment; `is_new` is False when the person held the function already."""

    holding: FunctionHolding
    is_new: bool


@updates_deadlines(*OF_FUNCTIONS)
@transaction.atomic
def assign_function(
    course: Course,
    *,
    function: str,
    user: User,
    from_on: datetime.date,
) -> Assigned:
    """Give a function of the course to `user` from a day on; returns the holding and whether it is new.

    1. Refused for somebody without that role in the course's project, and for a day outside the course.
    2. Whoever holds it on that day already keeps it: nothing changes.
    3. The earlier holder ends the day before; one who began on that very day is replaced.
    4. The new holding lasts until the day before the next one that is already recorded, or onwards.
    """
    assignment = Assignment(locked(course), function, user, from_on)
    check_assignment(assignment)
    holdings = list(course.holdings.filter(function=function).order_by("from_on"))
    changed: list[FunctionHolding] = []
    assigned = _fit_in(holdings, assignment, changed)
    _save(changed)
    return assigned


@transaction.atomic
def assign_all(assignments: Sequence[Assignment]) -> int:
    """`assign_function` for many, the earliest days first; returns how many changed something.

    Each must have passed `check_assignment`. Takes the lock of every course, always in the same order.
    """
    courses = sorted({assignment.course.pk for assignment in assignments})
    list(Course.objects.select_for_update(of=("self",)).filter(pk__in=courses).order_by("pk").only("pk"))
    held: dict[tuple[int, str], list[FunctionHolding]] = {}
    for holding in (
        FunctionHolding.objects.filter(course__in=courses).select_related("course").order_by("from_on")
    ):
        held.setdefault((holding.course_id, holding.function), []).append(holding)
    changed: list[FunctionHolding] = []
    changes = 0
    for assignment in sorted(assignments, key=lambda assignment: assignment.from_on):
        holdings = held.setdefault((assignment.course.pk, assignment.function), [])
        changes += _fit_in(holdings, assignment, changed).is_new
    _save(changed)
    update_deadlines({holding.course_id: holding.course for holding in changed}.values(), *OF_FUNCTIONS)
    return changes


def check_assignment(assignment: Assignment) -> None:
    """Refuse somebody without the role in the course's project, and a day outside the course."""
    course, user = assignment.course, assignment.user
    check_day(course, "from_on", assignment.from_on)
    if not user.is_active or not user.has_role(assignment.function, project_id=course.project_id):
        raise refuse("user", _("The person does not have that role in the project."), "without_role")


def _fit_in(holdings: list[FunctionHolding], new: Assignment, changed: list[FunctionHolding]) -> Assigned:
    """Fit an assignment into the holdings of one function, in order of their days; add to `changed` what
    must be saved."""
    before = [holding for holding in holdings if holding.from_on <= new.from_on]
    after = holdings[len(before) :]
    current = before[-1] if before else None
    if current is not None and new.from_on in current.span:
        if current.user_id == new.user.pk:
            return Assigned(current, is_new=False)
        if current.from_on == new.from_on:
            # The history keeps who was named first (django-pghistory).
            current.user = new.user
            changed.append(current)
            return Assigned(current, is_new=True)
        current.until_on = new.from_on - DAY
        changed.append(current)
    holding = FunctionHolding(
        course=new.course,
        function=new.function,
        user=new.user,
        from_on=new.from_on,
        until_on=after[0].from_on - DAY if after else None,
    )
    holdings.insert(len(before), holding)
    changed.append(holding)
    return Assigned(holding, is_new=True)


def _save(changed: Sequence[FunctionHolding]) -> None:
    """Save first what becomes shorter, then what is new, so that no days ever overlap."""
    holdings = {id(holding): holding for holding in changed}.values()
    new = [holding for holding in holdings if holding.pk is None]
    existing = [holding for holding in holdings if holding.pk is not None]
    FunctionHolding.objects.bulk_update(existing, ["user", "until_on"], batch_size=1000)
    for batch in progress.batches(new, 500, _("Functions")):
        FunctionHolding.objects.bulk_create(batch)


def vacate(user: User, today: datetime.date, *, project: Project | None, role: str | None) -> None:
    """End what somebody holds who has left a role (in a project; None: in all), from today on.

    The functions stand unfilled until the leader gives them to somebody else (D8). A holding that would
    begin today or later is taken out; the history keeps it.
    """
    holdings = FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today), user=user
    ).select_related("course")
    if project is not None:
        holdings = holdings.filter(course__project=project)
    if role is not None:
        holdings = holdings.filter(function=role)
    ended = list(holdings)
    courses = {holding.course_id: holding.course for holding in ended}
    list(Course.objects.select_for_update(of=("self",)).filter(pk__in=courses).order_by("pk").only("pk"))
    for holding in ended:
        if holding.from_on >= today:
            holding.delete()
        else:
            holding.until_on = today - DAY
            holding.save(update_fields=["until_on"])
    update_deadlines(courses.values(), *OF_FUNCTIONS)
