"""Recording corrections to drawn citizens, and taking back wrong ones. Neither changes the draw (D5)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked
from cases.models import Course
from jobfirst.row_security.context import all_projects
from randomization.extension_points import event_recorded
from randomization.ledger import chain
from randomization.ledger.lock import ledger_lock
from randomization.models import Allocation, AllocationEvent, EventKind


def record_event(
    allocation: Allocation,
    kind: str,
    happened_on: datetime.date,
    reason: str,
    actor: User,
    *,
    submission: uuid.UUID | None = None,
) -> AllocationEvent:
    """Record a correction to a drawn citizen; return it. The arm and the slot stay as they are (D5).

    `submission` is the token of the form; the same token again returns the existing event. The course is
    locked as for every other correction, since the event may end what counts towards the grant.
    """
    with ledger_lock(), transaction.atomic():
        course_ids = _locked_courses(allocation)
        if submission and (existing := AllocationEvent.objects.filter(submission=submission).first()):
            return existing
        event = AllocationEvent(
            allocation=allocation,
            kind=kind,
            happened_on=happened_on,
            reason=reason,
            recorded_by=actor,
            submission=submission,
        )
        return _chained(event, course_ids)


def take_event_back(
    event: AllocationEvent,
    reason: str,
    actor: User,
    *,
    submission: uuid.UUID | None = None,
) -> AllocationEvent:
    """Take a correction back that was recorded by mistake, such as a withdrawal (D41); return the new row.

    Both rows stay in the ledger; what counts towards the grant follows. Refused unless it is the latest of
    the allocation that stands. Idempotent for the same form.
    """
    with ledger_lock(), transaction.atomic():
        course_ids = _locked_courses(event.allocation)
        if submission and (existing := AllocationEvent.objects.filter(submission=submission).first()):
            return existing
        if event != event.allocation.events.standing().order_by("-number").first():
            raise ValidationError(_("Somebody has recorded or taken back a correction meanwhile."), "latest")
        if not reason.strip():
            raise ValidationError({"reason": _("Write why.")})
        taking_back = AllocationEvent(
            allocation=event.allocation,
            kind=EventKind.TAKEN_BACK,
            happened_on=event.happened_on,
            reason=reason,
            recorded_by=actor,
            submission=submission,
            takes_back=event,
        )
        return _chained(taking_back, course_ids)


def _locked_courses(allocation: Allocation) -> list[int]:
    courses = Course.objects.filter(citizen=allocation.citizen_id).order_by("pk")
    return [locked(course).pk for course in courses]


def _chained(event: AllocationEvent, course_ids: list[int]) -> AllocationEvent:
    """Store the event as the next of the chain, and tell the listeners. Needs the lock of the ledger."""
    with all_projects("the corrections are one chain of all projects"):
        last = AllocationEvent.objects.order_by("-number").first()
    event.number = last.number + 1 if last else 1
    event.recorded_at = timezone.now()
    event.previous_hash = bytes(last.row_hash) if last else chain.START
    event.row_hash = chain.event_hash(bytes(event.previous_hash), event.sealed_values)
    event.save()
    event_recorded(course_ids)
    return event
