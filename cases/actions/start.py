"""The start of a course: its vacant functions filled in one save (D8, D43)."""

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people.locks import locked_users
from cases.actions.checks import check_running, locked
from cases.actions.default_team import DefaultTeams
from cases.actions.functions import Assignment, AssignmentResult, assign_locked, check_assignment
from cases.models import Course, CourseFunction, FunctionHolding


@transaction.atomic
def fill_vacant_functions(
    course: Course, people: Mapping[str, User], *, from_on: datetime.date, by: User | None
) -> list[AssignmentResult]:
    """Give vacant functions of the course to people from a day on: all of them, or none.

    1. Lock the users, then the course.
    2. Refuse a function that somebody else holds on the day or later: it was filled meanwhile, and changes
       hands with a hand-over note only (`assign_function`). The same person again changes nothing.
    3. Refuse whom `check_assignment` refuses. The errors are keyed by function, that of the day by `from_on`.
    4. Make the assignments; each new holder is told, but for the person who assigns.
    """
    users = locked_users(user.pk for user in people.values())
    course = locked(course)
    check_running(course)
    holders = _holders_from(course, from_on)
    errors: dict[str, list[ValidationError]] = {}
    assignments = []
    for function, person in people.items():
        assignment = Assignment(course, function, users[person.pk], from_on)
        holder = holders.get(function, assignment.user)
        if holder != assignment.user:
            words = _("%(name)s has this function meanwhile. Open the page again.") % {"name": holder}
            errors[function] = [ValidationError(words, code="filled")]
            continue
        try:
            check_assignment(assignment)
        except ValidationError as error:
            for name, refusals in error.error_dict.items():
                errors[function if name == "user" else name] = refusals
        assignments.append(assignment)
    if errors:
        raise ValidationError(errors)
    return assign_locked(assignments, by=by)


def fill_from_default_team(
    course: Course, *, today: datetime.date, by: User | None
) -> list[AssignmentResult]:
    """Give the vacant functions to the municipality's default team from today on (D43).

    ValidationError when nobody of the team can take a vacant function.
    """
    from_on = max(today, course.started_on)
    holders = _holders_from(course, from_on)
    team = DefaultTeams(course.project).on(today, course.municipality_id)
    people = {function: user for function, user in team.items() if function not in holders}
    if not people:
        raise ValidationError(_("The default team has nobody for the vacant functions."), code="no_team")
    return fill_vacant_functions(course, people, from_on=from_on, by=by)


def vacant_functions(course: Course, on: datetime.date) -> list[CourseFunction]:
    """Return the functions that nobody holds on the day or later; one query."""
    holders = _holders_from(course, on)
    return [function for function in CourseFunction if function not in holders]


def _holders_from(course: Course, on: datetime.date) -> dict[str, User]:
    """Return who holds each function on the day or later."""
    holdings = FunctionHolding.objects.filter(course=course).exclude(until_on__lt=on)
    return {holding.function: holding.user for holding in holdings.select_related("user")}
