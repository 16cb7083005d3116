"""The weekly contacts between mentor and citizen: register, correct, withdraw (D17).

The values before a correction stay in the database history (`audit.history`).
"""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, locked, refuse, sent_before
from cases.actions.deadlines import OF_CONTACTS, updates_deadlines
from cases.models import Channel, Course, MentorContact
from jobfirst.kit.versioned import ensure_fresh


@updates_deadlines(*OF_CONTACTS)
@transaction.atomic
def register_contact(
    course: Course,
    *,
    held_on: datetime.date,
    by: User | None = None,
    citizen_present: bool = True,
    channel: str = Channel.UNKNOWN,
    outcome: str = "",
    note: str = "",
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
) -> MentorContact:
    """Register a contact on a day. Without the citizen it is stored as an attempt and does not count (D17,
    D49)."""
    course = locked(course)
    earlier = sent_before(
        MentorContact,
        course,
        submission,
        held_on=held_on,
        citizen_present=citizen_present,
        channel=channel,
        outcome=outcome,
        note=note,
    )
    if earlier is not None:
        return earlier
    check_day(course, "held_on", held_on, not_after)
    _check_outcome(citizen_present, outcome)
    return MentorContact.objects.create(
        course=course,
        held_on=held_on,
        citizen_present=citizen_present,
        channel=channel,
        outcome=outcome,
        note=note,
        registered_by=by,
        submission=submission,
    )


@updates_deadlines(*OF_CONTACTS)
@transaction.atomic
def correct_contact(
    contact: MentorContact,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    channel: str,
    outcome: str = "",
    note: str,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> MentorContact:
    """Replace the values of a contact. `StaleError` when somebody saved it since `version` was read."""
    course = locked(contact.course)
    current = MentorContact.objects.get(pk=contact.pk)
    ensure_fresh(current, version)
    check_day(course, "held_on", held_on, not_after)
    _check_outcome(citizen_present, outcome)
    changed(
        current,
        {
            "held_on": held_on,
            "citizen_present": citizen_present,
            "channel": channel,
            "outcome": outcome,
            "note": note,
        },
    )
    return current


@updates_deadlines(*OF_CONTACTS)
@transaction.atomic
def withdraw_contact(contact: MentorContact, *, by: User) -> None:
    """Delete a contact that was registered by mistake; only the person who registered it may.

    Idempotent: nothing happens when it has been deleted already.
    """
    locked(contact.course)
    current = MentorContact.objects.filter(pk=contact.pk).first()
    if current is None:
        return
    if current.registered_by_id != by.pk:
        raise ValidationError(
            _("Only the person who registered the contact can take it back."), code="not_own"
        )
    current.delete()


def _check_outcome(citizen_present: bool, outcome: str) -> None:
    """Refuse the outcome of an attempt for a contact with the citizen."""
    if citizen_present and outcome:
        raise refuse("outcome", _("Only an attempt without the citizen has an outcome."), "not_an_attempt")
