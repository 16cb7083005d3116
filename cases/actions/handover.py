"""Handing over the courses of one person (D8), each function with its note (D57)."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people.locks import locked_users
from cases.actions.checks import locked_courses
from cases.actions.duties import held_from
from cases.actions.functions import Assignment, AssignmentResult, assign_locked, check_assignment
from cases.actions.handover_notes import NoteText, write_notes
from cases.models import Course, FunctionHolding


@dataclass(frozen=True)
class HandoverLine:
    """A function of a course that one person hands over to another; `key` names the line in errors."""

    key: str
    course: Course
    function: str
    to: User
    note: NoteText


@transaction.atomic
def hand_over(person: User, lines: Sequence[HandoverLine], *, from_on: datetime.date, by: User) -> int:
    """Hand functions of one person over from a day on, all or none; return how many.

    1. Lock the successors, then the courses, in order of their ids: of two hand-overs at once the later sees
       what the earlier did.
    2. Refuse every line that cannot be: ValidationError by line key. A line whose function the person does
       not hold on that day (any more), a successor without the role, a day outside the course.
    3. Give the functions to the successors, who are told unless it is `by`. One that the person takes over
       (again) later goes over on that day too.
    4. Store the notes, each beside the first holding of its line.
    """
    users = locked_users(line.to.pk for line in lines)
    courses = locked_courses(line.course.pk for line in lines)
    held = _held_on_or_after(person, courses, from_on)
    errors: dict[str, ValidationError] = {}
    assignments: list[list[Assignment]] = []
    for line in lines:
        locked_line = replace(line, course=courses[line.course.pk], to=users[line.to.pk])
        holdings = held.get((line.course.pk, line.function), [])
        try:
            assignments.append(_assignments(person, locked_line, holdings, from_on))
        except ValidationError as error:
            errors[line.key] = ValidationError(error.messages)
    if errors:
        raise ValidationError(dict(errors))
    results = iter(assign_locked([assignment for of_line in assignments for assignment in of_line], by=by))
    by_line = [[next(results) for _assignment in of_line] for of_line in assignments]
    _store_notes(lines, [first for first, *_later in by_line], by)
    return len(lines)


def _held_on_or_after(
    person: User, courses: Collection[int], day: datetime.date
) -> dict[tuple[int, str], list[FunctionHolding]]:
    """Return what the person holds on the day or later, by course and function, in order of the days."""
    held: dict[tuple[int, str], list[FunctionHolding]] = {}
    for holding in held_from(day).filter(user=person, course__in=courses).order_by("from_on"):
        held.setdefault((holding.course_id, holding.function), []).append(holding)
    return held


def _assignments(
    person: User, line: HandoverLine, holdings: Sequence[FunctionHolding], from_on: datetime.date
) -> list[Assignment]:
    """Return the assignments of a line, one for each holding. ValidationError when the line cannot be."""
    if not holdings:
        raise ValidationError(
            _("%(name)s does not hold this function on that day. Open the page again.") % {"name": person},
            code="not_held",
        )
    if line.to.pk == person.pk:
        raise ValidationError(_("The successor must be somebody else."), code="same_person")
    assignments = [
        Assignment(line.course, line.function, line.to, max(from_on, holding.from_on)) for holding in holdings
    ]
    for assignment in assignments:
        check_assignment(assignment)
    return assignments


def _store_notes(lines: Sequence[HandoverLine], results: Sequence[AssignmentResult], by: User) -> None:
    """Store the notes of the lines that have one, beside the new holdings."""
    write_notes([(result.holding, line.note) for line, result in zip(lines, results, strict=True)], by=by)
