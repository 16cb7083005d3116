"""Pauses of a course (D50): record, correct, end, delete.

The values before a correction or deletion stay in the database history (`audit.history`).
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_running, locked, refuse, sent_before
from cases.actions.deadlines import updates_deadlines
from cases.models import Course, CoursePause, PauseKind
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.values.dates import DateSpan
from reminders.extension_points import DeadlineKind, InPause, registered_kinds
from reminders.models import SubjectType


@dataclass(frozen=True)
class PauseData:
    """What is said of a pause; `suspended` are codes of kinds of deadlines, in their order."""

    kind: str
    starts_on: datetime.date
    ends_on: datetime.date | None
    reason: str
    suspended: list[str]


def suspendable_kinds() -> list[DeadlineKind]:
    """Return the kinds of deadlines of a course that a pause can suspend."""
    return [
        kind
        for kind in registered_kinds()
        if kind.subject_type == SubjectType.COURSE and kind.in_pause is not InPause.GOES_ON
    ]


def suspended_by_default() -> list[str]:
    """Return the codes of the kinds that the form of a pause proposes."""
    return [kind.code for kind in suspendable_kinds() if kind.in_pause is InPause.SUSPENDED]


@updates_deadlines()
@transaction.atomic
def record_pause(
    course: Course, data: PauseData, *, by: User | None = None, submission: uuid.UUID | None = None
) -> CoursePause:
    """Record a pause, also one that is still to come. Refused when it overlaps another one."""
    course = locked(course)
    earlier = sent_before(CoursePause, course, submission, **asdict(data))
    if earlier is not None:
        return earlier
    check_running(course)
    _check(course, data)
    return CoursePause.objects.create(course=course, registered_by=by, submission=submission, **asdict(data))


@updates_deadlines()
@transaction.atomic
def correct_pause(pause: CoursePause, data: PauseData, *, version: int | None = None) -> CoursePause:
    """Replace the values of a pause. `StaleError` when somebody saved it since `version` was read."""
    course = locked(pause.course)
    current = CoursePause.objects.get(pk=pause.pk)
    ensure_fresh(current, version)
    _check(course, data, itself=current)
    changed(current, asdict(data))
    return current


@updates_deadlines()
@transaction.atomic
def end_pause(pause: CoursePause, *, ends_on: datetime.date, version: int | None = None) -> CoursePause:
    """Record the last day of a pause, or another one. Idempotent. `StaleError` when somebody saved the pause
    with another last day since `version` was read."""
    course = locked(pause.course)
    current = CoursePause.objects.get(pk=pause.pk)
    if current.ends_on != ends_on:
        ensure_fresh(current, version)
        values = PauseData(current.kind, current.starts_on, ends_on, current.reason, current.suspended)
        _check(course, values, itself=current)
        changed(current, {"ends_on": ends_on})
    return current


@updates_deadlines()
@transaction.atomic
def delete_pause(pause: CoursePause, *, version: int | None = None) -> None:
    """Delete a pause that was recorded by mistake. Idempotent. `StaleError` when somebody saved it since
    `version` was read."""
    locked(pause.course)
    current = CoursePause.objects.filter(pk=pause.pk).first()
    if current is not None:
        ensure_fresh(current, version)
        current.delete()


def _check(course: Course, data: PauseData, *, itself: CoursePause | None = None) -> None:
    """Refuse what the database would, each beside its field; needs the course's lock."""
    if data.starts_on < course.started_on:
        raise refuse("starts_on", _("The day lies before the course's start."), "before_start")
    if data.ends_on is not None and data.ends_on < data.starts_on:
        raise refuse("ends_on", _("The end must not be before the start."), "order")
    if data.kind == PauseKind.OTHER and not data.reason:
        raise refuse("reason", _("Write the reason."), "no_reason")
    _check_codes(data.suspended)
    span = DateSpan(data.starts_on, data.ends_on)
    others = [pause for pause in course.pauses.all() if pause != itself]
    if any(pause.span.overlaps(span) for pause in others):
        raise refuse("starts_on", _("There is a pause on one of these days already."), "overlap")


def _check_codes(codes: Iterable[str]) -> None:
    if set(codes) - {kind.code for kind in suspendable_kinds()}:
        raise ValidationError({"suspended": _("One of these reminders cannot be suspended.")}, code="kind")
