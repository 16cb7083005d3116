"""The weekly contacts between mentor and citizen: register, correct, withdraw (D17).

Whoever registered a contact within the hour mends it without a reason; later, or as somebody else, the reason
is asked for and kept beside it (D41).
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, locked, refuse, sent_before
from cases.actions.corrections import (
    check_reason,
    check_standing_row,
    correct_record,
    is_own_slip,
    restore_record,
    withdraw_record,
)
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
        check_standing_row(earlier)
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


def is_slip_of(contact: MentorContact, by: User | None) -> bool:
    """Whether the user may mend the contact without a reason: the user's own, of the last hour."""
    return is_own_slip(contact.registered_by_id, contact.created_at, by)


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
    by: User | None = None,
    reason: str = "",
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> MentorContact:
    """Replace the values of a contact. `StaleError` when somebody saved it since `version` was read.

    The reason is refused when it is missing, unless it is a slip of the user's own or only adds a note.
    """
    course = locked(contact.course)
    current = MentorContact.objects.get(pk=contact.pk)
    ensure_fresh(current, version)
    check_day(course, "held_on", held_on, not_after)
    _check_outcome(citizen_present, outcome)
    fields = {
        "held_on": held_on,
        "citizen_present": citizen_present,
        "channel": channel,
        "outcome": outcome,
        "note": note,
    }
    check_reason(reason, is_needed=by is not None and needs_reason(current, fields, by))
    correct_record(current, fields, by=by, reason=reason)
    return current


def needs_reason(contact: MentorContact, fields: Mapping[str, Any], by: User | None) -> bool:
    """Whether a correction to these values needs a reason: it replaces something, and is no slip.

    A note where there was none, and how a contact of a file was made, replace nothing.
    """
    if is_slip_of(contact, by):
        return False
    return any(
        getattr(contact, name) != value and getattr(contact, name) not in ("", Channel.UNKNOWN)
        for name, value in fields.items()
    )


@updates_deadlines(*OF_CONTACTS)
@transaction.atomic
def withdraw_contact(
    contact: MentorContact, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Withdraw a contact that was entered in error; it counts no more (`withdraw_record`).

    The reason is asked for unless it is a slip of the user's own.
    """
    locked(contact.course)
    current = MentorContact.everything.get(pk=contact.pk)
    withdraw_record(current, by=by, reason=reason, is_own_slip=is_slip_of(current, by), version=version)


@updates_deadlines(*OF_CONTACTS)
@transaction.atomic
def restore_contact(
    contact: MentorContact, *, by: User, reason: str = "", version: int | None = None
) -> MentorContact:
    """Let a contact stand again that was withdrawn by mistake (`restore_record`)."""
    locked(contact.course)
    current = MentorContact.everything.get(pk=contact.pk)
    restore_record(current, by=by, reason=reason, version=version)
    return current


def _check_outcome(citizen_present: bool, outcome: str) -> None:
    """Refuse the outcome of an attempt for a contact with the citizen."""
    if citizen_present and outcome:
        raise refuse("outcome", _("Only an attempt without the citizen has an outcome."), "not_an_attempt")
