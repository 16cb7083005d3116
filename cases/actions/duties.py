"""What people do in their roles (`accounts.extension_points.Duties`): the functions that they hold (D8)."""

import datetime
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.extension_points import Duty, Successors
from accounts.models import Membership, Project, User
from cases.actions.deadlines import OF_FUNCTIONS, update_deadlines
from cases.actions.default_team import leave_default_teams
from cases.actions.functions import Assignment, assign_all, check_assignment
from cases.models import Course, FunctionHolding
from cases.models.course import FunctionHoldingQuerySet
from jobfirst.dates import DAY


def held_from(day: datetime.date) -> FunctionHoldingQuerySet:
    """Return the holdings on the day or later, of courses that have not ended by then."""
    return FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day),
        Q(course__ended_on__isnull=True) | Q(course__ended_on__gt=day),
    )


def left_vacant(day: datetime.date) -> FunctionHoldingQuerySet:
    """Return the last holdings of functions that nobody has held since, in courses that run on.

    Only of users who have an open account and (still or again) the role.
    """
    of_same_function = {"course": OuterRef("course"), "function": OuterRef("function")}
    later = FunctionHolding.objects.filter(**of_same_function, from_on__gt=OuterRef("from_on"))
    role = Membership.objects.filter(
        user=OuterRef("user"), project=OuterRef("course__project"), role=OuterRef("function")
    )
    return FunctionHolding.objects.filter(
        ~Exists(later),
        Exists(role),
        user__is_active=True,
        until_on__lt=day,
        course__in=Course.objects.running(day),
    )


def count_held(user: User, today: datetime.date, *, projects: Collection[int] | None = None) -> list[Duty]:
    """Return how many functions the user holds on the day or later, by project and role."""
    return _counts(held_from(today).filter(user=user), projects)


def count_left_vacant(
    user: User, today: datetime.date, *, projects: Collection[int] | None = None
) -> list[Duty]:
    """Return how many functions the user left that are still vacant, by project and role."""
    return _counts(left_vacant(today).filter(user=user), projects)


@transaction.atomic
def give_back_vacant(user: User, today: datetime.date, *, projects: Collection[int] | None = None) -> int:
    """Give the user the functions back, from the day on, that are vacant since the user left them."""
    holdings = _in_projects(left_vacant(today).filter(user=user), projects).select_related("course")
    return assign_all([Assignment(holding.course, holding.function, user, today) for holding in holdings])


@transaction.atomic
def end_held(
    user: User,
    today: datetime.date,
    *,
    project: Project | None,
    role: str | None,
    successors: Successors,
) -> None:
    """End a user's holdings from today on when a role is removed (in `project`; None: in all projects).

    1. Give those of a successor's project and role to the successor. ValidationError when the successor has
       not that role there.
    2. The others stay unfilled until the leader assigns them (D8). A holding that would begin today or later
       is deleted; the database history keeps it.
    3. Take the user out of the default teams (D43).
    """
    _hand_to_successors(user, today, successors, project=project, role=role)
    leave_default_teams(user, project=project, function=role)
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


def _hand_to_successors(
    user: User, today: datetime.date, successors: Successors, *, project: Project | None, role: str | None
) -> None:
    assignments = []
    for holding in held_from(today).filter(user=user).select_related("course"):
        successor = successors.get((holding.course.project_id, holding.function))
        is_ended = (project is None or project.pk == holding.course.project_id) and role in (
            None,
            holding.function,
        )
        if successor is None or not is_ended:
            continue
        if successor.pk == user.pk:
            raise ValidationError(_("The successor must be somebody else."), code="same_person")
        assignment = Assignment(holding.course, holding.function, successor, max(today, holding.from_on))
        check_assignment(assignment)
        assignments.append(assignment)
    if assignments:
        assign_all(assignments)


def _in_projects(
    holdings: FunctionHoldingQuerySet, projects: Collection[int] | None
) -> FunctionHoldingQuerySet:
    return holdings if projects is None else holdings.filter(course__project__in=projects)


def _counts(holdings: FunctionHoldingQuerySet, projects: Collection[int] | None) -> list[Duty]:
    rows = (
        _in_projects(holdings, projects)
        .order_by()
        .values(project=F("course__project"), role=F("function"))
        .annotate(count=Count("pk"))
        .order_by("course__project__name", "role")
    )
    return [Duty(row["project"], row["role"], row["count"]) for row in rows]
