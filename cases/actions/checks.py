"""What several actions ask of a day or of a row, and how they say no.

An action that cannot be done raises Django's `ValidationError`, keyed by the argument that is wrong, so that
a form shows it beside the field and an import beside the column. `not_after` is the last day that may be
given: today in a real system, None in a rehearsal, which may be played ahead of the clock.
"""

import datetime
import uuid
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.models import Course
from jobfirst.models import Record

RecordT = TypeVar("RecordT", bound=Record)


def locked(course: Course) -> Course:
    """The course's row, locked until the transaction ends: what happens to one course happens in turn."""
    return Course.objects.select_for_update(of=("self",)).get(pk=course.pk)


def sent_before(model: type[RecordT], course: Course, submission: uuid.UUID | None) -> RecordT | None:
    """The row that the same form made already. Ask under the course's lock."""
    if submission is None:
        return None
    row = model._base_manager.filter(submission=submission).first()
    if row is not None and getattr(row, "course_id", None) != course.pk:
        raise ValidationError(_("This form belongs to another course. Open the page again."), code="form")
    return row


def refuse(field: str, message: str, code: str) -> ValidationError:
    """The exception to raise when `field` is what is wrong."""
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
    """Refuse a change to a course that has ended."""
    if course.ended_on is not None:
        raise ValidationError(_("The course has ended."), code="ended")


def changed(record: Record, fields: dict[str, Any]) -> None:
    """Save the fields and count the save, so that a form opened earlier is noticed as stale."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*fields, "version"])
