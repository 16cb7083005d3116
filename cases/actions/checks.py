"""Checks and helpers shared by the actions.

An action that is refused raises Django's `ValidationError`, keyed by the argument that is wrong, so that a
form shows it beside the field and an import beside the column. `not_after` is the last day allowed: today in
a real system, None in a rehearsal, which may use future days.
"""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.models import Citizen, Course
from jobfirst import clock
from jobfirst.kit.versioned import refuse_other_content
from jobfirst.models import Record

RecordT = TypeVar("RecordT", bound=Record)


def locked(course: Course) -> Course:
    """Return the course, its row locked until the transaction ends, so that changes to one course are
    serialised. ValidationError when the citizen has been erased meanwhile."""
    row = Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    _refuse_erased([row])
    return row


def locked_courses(ids: Iterable[int]) -> dict[int, Course]:
    """Return the courses as stored now, by id, locked in order of their ids: two actions cannot deadlock."""
    courses = Course.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    rows = {course.pk: course for course in courses}
    _refuse_erased(rows.values())
    return rows


def _refuse_erased(courses: Iterable[Course]) -> None:
    """Refuse courses of citizens who are erased. Asks about those that have ended only: no other one is."""
    ended = [course.citizen_id for course in courses if course.ended_on is not None]
    if ended and Citizen.objects.filter(pk__in=ended).exclude(erased_on=None).exists():
        raise ValidationError(_("The citizen has been erased."))


def sent_before(
    model: type[RecordT], course: Course, submission: uuid.UUID | None, **content: Any
) -> RecordT | None:
    """Return the row that an earlier submission of the same form made, if any. Needs the course's lock.

    Refused when the form was sent again with other content: nothing of that would be stored.
    """
    if submission is None:
        return None
    row = model._base_manager.filter(submission=submission).first()
    if row is not None and getattr(row, "course_id", None) != course.pk:
        raise ValidationError(_("This form belongs to another course. Open the page again."), code="form")
    if row is not None:
        refuse_other_content(row, content)
    return row


def refuse(field: str, message: str, code: str) -> ValidationError:
    """Return the ValidationError for `field`, to be raised by the caller."""
    return ValidationError({field: ValidationError(message, code=code)})


def check_day(course: Course, field: str, day: datetime.date, not_after: datetime.date | None = None) -> None:
    """Refuse a day before the course's start, after its end, or after `not_after`."""
    if day < course.started_on:
        raise refuse(field, _("The day lies before the course's start."), "before_start")
    if course.ended_on is not None and day > course.ended_on:
        raise refuse(field, _("The day lies after the course's end."), "after_end")
    if not_after is not None and day > not_after:
        raise refuse(field, _("The day lies in the future."), "future")


def check_running(course: Course) -> None:
    """Refuse a change to a course that has ended by today; until its last day it is worked on (D41).

    The clock is read here, as by the policy: it is no fact of the change.
    """
    if course.has_ended(clock.today()):
        raise ValidationError(_("The course has ended."), code="ended")


def changed(record: Record, fields: dict[str, Any]) -> None:
    """Save the fields and increase `version`, so that a form opened before is detected as stale."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*fields, "version"])
