"""Who holds the four functions of a course (D8): exactly one person at a time, with history."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people.locks import locked_user
from cases.actions.checks import check_day, locked, locked_courses, refuse
from cases.actions.deadlines import OF_FUNCTIONS, update_deadlines
from cases.actions.handover_notes import NoteText, mark_notes_unread, write_note
from cases.actions.shut_outs import shut_out_from
from cases.actions.team_invitations import meetings_follow_team
from cases.models import Course, FunctionHolding
from cases.notices import COURSE_TAKEN_OVER
from jobfirst import progress
from jobfirst.values.dates import DAY
from reminders.notices import News, tell_all


@dataclass(frozen=True)
class Assignment:
    """One function of a course given to a user from a day on."""

    course: Course
    function: str
    user: User
    from_on: datetime.date


class AssignmentResult(NamedTuple):
    """The holding of an assignment; `is_new` is False when the user held the function already."""

    holding: FunctionHolding
    is_new: bool


@transaction.atomic
def assign_function(
    course: Course,
    *,
    function: str,
    user: User,
    from_on: datetime.date,
    note: NoteText | None = None,
    by: User | None = None,
) -> AssignmentResult:
    """Give a function of the course to `user` from a day on; return the holding and whether it is new.

    1. Lock the user, then the course. Refuse a user without that role in the course's project, and a day
       outside the course.
    2. Do nothing when the user already holds the function on that day.
    3. End the earlier holding the day before; replace one that begins on the same day.
    4. End the new holding the day before the next recorded one, or leave it open.
    5. The new holder is told, unless it is the person who assigns (`by`); without `by` nobody is.
    6. Store the hand-over note, if one is written (D57).
    """
    user = locked_user(user)
    assignment = Assignment(locked(course), function, user, from_on)
    check_assignment(assignment)
    (result,) = assign_locked([assignment], by=by)
    if result.is_new and note is not None and not note.is_empty:
        write_note(result.holding, note, by=by)
    return result


@transaction.atomic
def assign_all(assignments: Sequence[Assignment], *, by: User | None = None) -> list[AssignmentResult]:
    """Lock the courses and make many assignments, as `assign_locked` does.

    Each must have passed `check_assignment`, the users locked (`accounts.people.locks`).
    """
    locked_courses(assignment.course.pk for assignment in assignments)
    return assign_locked(assignments, by=by)


def assign_locked(assignments: Sequence[Assignment], *, by: User | None) -> list[AssignmentResult]:
    """Make assignments, earliest days first; return their results in the order given.

    Each must have passed `check_assignment`, under the locks of the user and then of the course. The new
    holders are told, but for the person who assigns (`by`); without `by` nobody is. Booked meetings and
    deadlines follow. The note of somebody who is replaced on the day the holding began is unread again.
    """
    courses = {assignment.course.pk: assignment.course for assignment in assignments}
    held: dict[tuple[int, str], list[FunctionHolding]] = {}
    for holding in FunctionHolding.objects.filter(course__in=courses).order_by("from_on"):
        held.setdefault((holding.course_id, holding.function), []).append(holding)
    changed: list[FunctionHolding] = []
    results: dict[int, AssignmentResult] = {}
    for position, assignment in sorted(enumerate(assignments), key=lambda item: item[1].from_on):
        holdings = held.setdefault((assignment.course.pk, assignment.function), [])
        results[position] = _fit_in(holdings, assignment, changed)
    replaced = [result.holding for result in results.values() if result.is_new and result.holding.pk]
    with meetings_follow_team({holding.course_id for holding in changed}):
        _save(changed)
    mark_notes_unread(replaced)
    ordered = [results[position] for position in range(len(assignments))]
    if by is not None:
        tell_all(
            COURSE_TAKEN_OVER,
            [
                News(assignment.course.public_id, assignment.user, assignment.from_on)
                for assignment, result in zip(assignments, ordered, strict=True)
                if result.is_new and assignment.user != by
            ],
        )
    update_deadlines([courses[pk] for pk in {holding.course_id for holding in changed}], *OF_FUNCTIONS)
    return ordered


def check_assignment(assignment: Assignment) -> None:
    """Refuse a user without the role in the course's project or shut out from the citizen, and a day outside
    the course."""
    course, user = assignment.course, assignment.user
    check_day(course, "from_on", assignment.from_on)
    if not user.is_active or not user.has_role(assignment.function, project_id=course.project_id):
        raise refuse("user", _("The person does not have that role in the project."), "without_role")
    if course.citizen_id in shut_out_from(user):
        raise refuse("user", _("The person is shut out from this citizen."), "shut_out")


def _fit_in(
    holdings: list[FunctionHolding], new: Assignment, changed: list[FunctionHolding]
) -> AssignmentResult:
    """Insert an assignment into the holdings of one function, which are ordered by day.

    Adds the holdings that must be saved to `changed`.
    """
    earlier = [holding for holding in holdings if holding.from_on <= new.from_on]
    later = holdings[len(earlier) :]
    current = earlier[-1] if earlier else None
    if current is not None and new.from_on in current.span:
        if current.user_id == new.user.pk:
            return AssignmentResult(current, is_new=False)
        if current.from_on == new.from_on:
            # django-pghistory keeps the first holder in the history.
            current.user = new.user
            changed.append(current)
            return AssignmentResult(current, is_new=True)
        current.until_on = new.from_on - DAY
        changed.append(current)
    holding = FunctionHolding(
        course=new.course,
        function=new.function,
        user=new.user,
        from_on=new.from_on,
        until_on=later[0].from_on - DAY if later else None,
    )
    holdings.insert(len(earlier), holding)
    changed.append(holding)
    return AssignmentResult(holding, is_new=True)


def _save(changed: Sequence[FunctionHolding]) -> None:
    """Save shortened holdings before new ones, so that the exclusion constraint never sees an overlap."""
    holdings = {id(holding): holding for holding in changed}.values()
    new = [holding for holding in holdings if holding.pk is None]
    existing = [holding for holding in holdings if holding.pk is not None]
    FunctionHolding.objects.bulk_update(existing, ["user", "until_on"], batch_size=1000)
    for batch in progress.batches(new, 500, _("Functions")):
        FunctionHolding.objects.bulk_create(batch)
