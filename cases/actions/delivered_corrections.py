"""Corrections of contacts and held meetings that a file delivers under a known `source_id` (D41, D42)."""

import datetime

import pghistory
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed
from cases.actions.meeting_corrections import correct_meeting, record_of
from cases.models import DeliveredContact, FollowUpMeeting, MentorContact
from cases.rules.deliveries import DELIVERED


def is_correctable(row: DeliveredContact, held_on: datetime.date, citizen_present: bool) -> bool:
    """Whether the file may say this of the record: it is as the file left it, or says the same already."""
    record = row.meeting if row.is_meeting else standing_contact(row)
    if record is None:  # a person has withdrawn it
        return False
    day = record.counted_on if isinstance(record, FollowUpMeeting) else record.held_on
    is_there = day is not None and (isinstance(record, FollowUpMeeting) or record.citizen_present)
    if (day, is_there) == (held_on, citizen_present):
        return True
    has_outcome = isinstance(record, MentorContact) and record.outcome != ""
    return (day, is_there) == (row.held_on, row.citizen_present) and not (citizen_present and has_outcome)


def is_as_delivered(row: DeliveredContact) -> bool:
    """Whether the record still is what files said last of it: no person has corrected or withdrawn it."""
    return is_correctable(row, row.held_on, row.citizen_present)


def standing_contact(row: DeliveredContact) -> MentorContact | None:
    """Return the row's contact as it stands, None when it was withdrawn."""
    return None if row.contact_id is None else MentorContact.objects.filter(pk=row.contact_id).first()


def correct_delivered(
    row: DeliveredContact, held_on: datetime.date, citizen_present: bool, *, by: User | None
) -> bool:
    """Correct the record as the file says, and remember what it says; return whether the record changes.

    Needs the course's lock, and `is_correctable`. A held meeting keeps what was recorded: the correction
    is an entry (D41). A contact that another row of the file still says stays; this row gets one of its own.
    """
    is_changed = False
    if row.meeting is not None and row.meeting.counted_on != held_on:
        _correct_meeting(row.meeting, held_on, by)
        is_changed = True
    elif not row.is_meeting:
        contact = standing_contact(row)
        assert contact is not None  # `is_correctable`
        if (contact.held_on, contact.citizen_present) != (held_on, citizen_present):
            values = {"held_on": held_on, "citizen_present": citizen_present}
            if DeliveredContact.objects.filter(contact=contact).exclude(pk=row.pk).exists():
                row.contact = MentorContact.objects.create(course=contact.course, registered_by=by, **values)
            else:
                with pghistory.context(reason=DELIVERED):
                    changed(contact, values)
            is_changed = True
    if row.held_on != held_on and row.held_on.isoformat() not in row.earlier_days:
        row.earlier_days = [*row.earlier_days, row.held_on.isoformat()]
    row.held_on, row.citizen_present = held_on, citizen_present
    row.save(update_fields=["held_on", "citizen_present", "contact", "earlier_days"])
    return is_changed


def _correct_meeting(meeting: FollowUpMeeting, held_on: datetime.date, by: User | None) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("Corrected by a delivered file")
    record = record_of(meeting, list(meeting.meeting_corrections.all()))
    correct_meeting(
        meeting,
        held_on=held_on,
        citizen_present=True,
        attendees=record.attendees,
        reason=reason,
        by=by,
    )
