"""Handing over the courses of one person (D8), each function with its note (D57)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.duties import held_from
from cases.actions.functions import Assignment, assign_all, check_assignment
from cases.actions.handover_notes import NoteText, write_note
from cases.models import Course, FunctionHolding
from cases.notices import COURSE_TAKEN_OVER
from reminders.notices import tell


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

    1. Lock the courses in order of their ids: of two hand-overs at once the later sees what the earlier did.
    2. Refuse every line that cannot be: ValidationError by line key. A line whose function the person does
       not hold on that day (any more), a successor without the role, a day outside the course.
    3. Give the functions to the successors. One that the person takes over later goes over on that day.
    4. Tell the successors, and store the notes.
    """
    ids = [line.course.pk for line in lines]
    courses = {
        course.pk: course
        for course in Course.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    }
    held = _held_on_or_after(person, ids, from_on)
    errors: dict[str, ValidationError] = {}
    assignments: list[Assignment] = []
    for line in lines:
        holding = held.get((line.course.pk, line.function))
        try:
            assignments.append(_assignment(person, line, courses[line.course.pk], holding, from_on))
        except ValidationError as error:
            errors[line.key] = ValidationError(error.messages)
    if errors:
        raise ValidationError(dict(errors))
    assign_all(assignments)
    for assignment in assignments:
        if assignment.user != by:
            tell(COURSE_TAKEN_OVER, assignment.course.public_id, [assignment.user], assignment.from_on)
    _store_notes(zip(lines, assignments, strict=True), by)
    return len(assignments)


def _held_on_or_after(
    person: User, courses: Sequence[int], day: datetime.date
) -> dict[tuple[int, str], FunctionHolding]:
    """Return what the person holds on the day, or the first that begins later, by course and function."""
    held: dict[tuple[int, str], FunctionHolding] = {}
    for holding in held_from(day).filter(user=person, course__in=courses).order_by("from_on"):
        held.setdefault((holding.course_id, holding.function), holding)
    return held


def _assignment(
    person: User,
    line: HandoverLine,
    course: Course,
    holding: FunctionHolding | None,
    from_on: datetime.date,
) -> Assignment:
    """Return the assignment of a line. ValidationError when the line cannot be."""
    if holding is None:
        raise ValidationError(
            _("%(name)s does not hold this function on that day. Open the page again.") % {"name": person},
            code="not_held",
        )
    if line.to.pk == person.pk:
        raise ValidationError(_("The successor must be somebody else."), code="same_person")
    assignment = Assignment(course, line.function, line.to, max(from_on, holding.from_on))
    check_assignment(assignment)
    return assignment


def _store_notes(lines: Iterable[tuple[HandoverLine, Assignment]], by: User) -> None:
    """Store the notes of the lines that have one, beside the new holdings."""
    for line, assignment in lines:
        if line.note.is_empty:
            continue
        holding = FunctionHolding.objects.get(
            course=line.course, function=line.function, from_on=assignment.from_on
        )
        write_note(holding, line.note, by=by)
