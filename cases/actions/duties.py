"""What people do in their roles (`accounts.extension_points.Duties`): the functions that they hold (D8)."""

import datetime
from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.extension_points import Duty, Successors
from accounts.models import Membership, Project, User
from accounts.people.locks import locked_user
from cases.actions.checks import locked_courses
from cases.actions.deadlines import OF_FUNCTIONS, update_deadlines
from cases.actions.default_team import leave_default_teams
from cases.actions.functions import Assignment, assign_locked, check_assignment
from cases.actions.handover_notes import keep_notes
from cases.actions.team_invitations import meetings_follow_team
from cases.models import Course, FunctionHolding, ShutOut
from cases.models.course import FunctionHoldingQuerySet
from jobfirst.values.dates import DAY


def held_from(day: datetime.date) -> FunctionHoldingQuerySet:
    """Return the holdings on the day or later, of courses that have not ended by then."""
    return FunctionHolding.objects.not_over(day).filter(_course_runs(day))


def left_vacant(day: datetime.date) -> FunctionHoldingQuerySet:
    """Return the last holdings of functions that nobody has held since, in courses that run on.

    Only of users who have an open account and (still or again) the role, and are not shut out from the
    citizen (D51).
    """
    of_same_function = {"course": OuterRef("course"), "function": OuterRef("function")}
    later = FunctionHolding.objects.filter(**of_same_function, from_on__gt=OuterRef("from_on"))
    role = Membership.objects.filter(
        user=OuterRef("user"), project=OuterRef("course__project"), role=OuterRef("function")
    )
    shut_out = ShutOut.objects.in_force().filter(user=OuterRef("user"), citizen=OuterRef("course__citizen"))
    return FunctionHolding.objects.filter(
        ~Exists(later),
        Exists(role),
        ~Exists(shut_out),
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
def give_back_vacant(
    user: User, today: datetime.date, *, projects: Collection[int] | None = None, by: User | None = None
) -> int:
    """Give the user the functions back, from the day on, that are vacant since the user left them.

    Returns how many. The user is told (`assign_locked`).
    """
    user = locked_user(user)
    vacant = _in_projects(left_vacant(today).filter(user=user), projects)
    courses = locked_courses(vacant.values_list("course_id", flat=True))
    assignments = [
        Assignment(courses[holding.course_id], holding.function, user, today)
        for holding in vacant.filter(course__in=courses)
    ]
    return sum(result.is_new for result in assign_locked(assignments, by=by))


def lock_held(users: Collection[int], today: datetime.date) -> None:
    """Lock the courses in which the users (ids) hold functions on the day or later."""
    held = FunctionHolding.objects.not_over(today).filter(user__in=users)
    locked_courses(held.values_list("course_id", flat=True))


@transaction.atomic
def end_held(
    user: User,
    today: datetime.date,
    *,
    project: Project | None,
    role: str | None,
    successors: Successors,
    by: User | None,
) -> None:
    """End a user's holdings from today on when a role is removed (in `project`; None: in all projects).

    Needs the locks of the user and the successors: meanwhile nobody gives the user another function.

    1. Lock the courses in order of their ids, and read the holdings only then: others may have changed hands.
    2. Give those of a successor's project and role to the successor, who is told unless it is `by`.
       ValidationError when the successor has not that role there.
    3. The others stay unfilled until the leader assigns them (D8). A holding that would begin today or later
       is deleted; the database history keeps it, and its note stays with the holding before (`keep_notes`).
    4. Take the user out of the default teams (D43).
    """
    held = FunctionHolding.objects.not_over(today).filter(user=user)
    if project is not None:
        held = held.filter(course__project=project)
    if role is not None:
        held = held.filter(function=role)
    courses = locked_courses(held.values_list("course_id", flat=True))
    held = held.filter(course__in=courses)
    assign_locked(_to_successors(held, courses, today, successors), by=by)
    not_begun = held.filter(from_on__gte=today)
    keep_notes(not_begun)
    with meetings_follow_team(courses):
        not_begun.delete()
        held.update(until_on=today - DAY)
    update_deadlines(courses.values(), *OF_FUNCTIONS)
    leave_default_teams(user, project=project, function=role)


def _to_successors(
    held: FunctionHoldingQuerySet, courses: Mapping[int, Course], today: datetime.date, successors: Successors
) -> list[Assignment]:
    """Return the assignments of what successors take over; ValidationError when one of them may not."""
    assignments = []
    for holding in held.filter(_course_runs(today)):
        course = courses[holding.course_id]
        successor = successors.get((course.project_id, holding.function))
        if successor is None:
            continue
        if successor.pk == holding.user_id:
            raise ValidationError(_("The successor must be somebody else."), code="same_person")
        assignment = Assignment(course, holding.function, successor, max(today, holding.from_on))
        check_assignment(assignment)
        assignments.append(assignment)
    return assignments


def _course_runs(day: datetime.date) -> Q:
    """Return the condition of holdings whose course has not ended by the day."""
    return Q(course__ended_on__isnull=True) | Q(course__ended_on__gt=day)


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
