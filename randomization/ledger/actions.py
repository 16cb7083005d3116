"""Recording corrections to drawn citizens. A correction never changes the draw (D5)."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from cases.actions.checks import locked
from cases.models import Course
from randomization.extension_points import event_recorded
from randomization.ledger import chain
from randomization.ledger.lock import ledger_lock
from randomization.models import Allocation, AllocationEvent


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
        courses = Course.objects.filter(citizen=allocation.citizen_id).order_by("pk")
        course_ids = [locked(course).pk for course in courses]
        if submission and (existing := AllocationEvent.objects.filter(submission=submission).first()):
            return existing
        last = AllocationEvent.objects.order_by("-number").first()
        event = AllocationEvent(
            number=last.number + 1 if last else 1,
            allocation=allocation,
            kind=kind,
            happened_on=happened_on,
            reason=reason,
            recorded_by=actor,
            recorded_at=timezone.now(),
            submission=submission,
            previous_hash=bytes(last.row_hash) if last else chain.START,
        )
        event.row_hash = chain.event_hash(bytes(event.previous_hash), event.sealed_values)
        event.save()
        event_recorded(course_ids)
        return event
