"""Contacts and held meetings from a file: checked one by one, saved together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, locked_courses, refuse
from cases.actions.deadlines import OF_CONTACTS, OF_MEETINGS, update_deadlines
from cases.actions.meetings import hold_without_deadlines
from cases.models import Course, FollowUpMeeting, MeetingState, MentorContact
from jobfirst import progress


@dataclass(frozen=True)
class ImportedContact:
    """A mentor contact or a held meeting as one row of a file; a meeting always has the citizen present."""

    course: Course
    held_on: datetime.date
    is_meeting: bool
    citizen_present: bool


@transaction.atomic
def record_contacts(contacts: Sequence[ImportedContact], *, by: User | None = None) -> int:
    """Record many contacts and meetings; return how many were new.

    A contact or meeting that is already recorded (same course, day and presence) is not recorded again, nor
    is a contact that a person has withdrawn (D42); a corrected meeting is known by its recorded day and by
    the corrected one (D41). A meeting booked for that
    day is marked as held instead of adding another one. Each contact must have passed `check_contact`. Locks
    all the courses in order of their ids, so that two imports cannot deadlock.
    """
    ids = sorted(locked_courses(contact.course.pk for contact in contacts))
    keys = _recorded_keys(ids)
    new_contacts = []
    for contact in contacts:
        if _key(contact) not in keys:
            keys.add(_key(contact))
            new_contacts.append(contact)
    booked = _booked_days(ids)
    held_meetings = []
    for contact in new_contacts:
        if not contact.is_meeting:
            continue
        meeting = booked.get((contact.course.pk, contact.held_on))
        if meeting is not None:
            hold_without_deadlines(meeting, held_on=contact.held_on, citizen_present=True, by=by)
        else:
            held_meetings.append(_held_meeting(contact, by))
    for meetings in progress.batches(held_meetings, 500, _("Meetings")):
        FollowUpMeeting.objects.bulk_create(meetings)
    mentor_contacts = [_mentor_contact(contact, by) for contact in new_contacts if not contact.is_meeting]
    for batch in progress.batches(mentor_contacts, 500, _("Contacts")):
        MentorContact.objects.bulk_create(batch)
    courses = {contact.course.pk: contact.course for contact in new_contacts}
    update_deadlines(courses.values(), *OF_CONTACTS, *OF_MEETINGS)
    return len(new_contacts)


class _ContactKey(NamedTuple):
    """What identifies a contact or a held meeting."""

    is_meeting: bool
    course: int
    held_on: datetime.date
    citizen_present: bool


def _key(contact: ImportedContact) -> _ContactKey:
    return _ContactKey(contact.is_meeting, contact.course.pk, contact.held_on, contact.citizen_present)


def _recorded_keys(courses: Sequence[int]) -> set[_ContactKey]:
    """Return the keys of all contacts, withdrawn ones as well, and of held meetings of the courses."""
    mentor_contacts = MentorContact.everything.filter(course__in=courses)
    held_meetings = FollowUpMeeting.objects.filter(course__in=courses, held_on__isnull=False)
    keys = {
        _ContactKey(False, contact.course_id, contact.held_on, contact.citizen_present)
        for contact in mentor_contacts.only("course_id", "held_on", "citizen_present")
    }
    for meeting in held_meetings.only("course_id", "held_on", "corrected_on", "citizen_was_absent"):
        for day in {meeting.held_on, meeting.counted_on}:
            if day is not None:
                keys.add(_ContactKey(True, meeting.course_id, day, citizen_present=True))
    return keys


def _booked_days(courses: Sequence[int]) -> dict[tuple[int, datetime.date], FollowUpMeeting]:
    booked = FollowUpMeeting.objects.filter(course__in=courses, state=MeetingState.BOOKED).select_related(
        "course"
    )
    return {
        (meeting.course_id, timezone.localdate(meeting.planned_at)): meeting
        for meeting in booked
        if meeting.planned_at
    }


def _mentor_contact(contact: ImportedContact, by: User | None) -> MentorContact:
    return MentorContact(
        course=contact.course,
        held_on=contact.held_on,
        citizen_present=contact.citizen_present,
        registered_by=by,
    )


def _held_meeting(contact: ImportedContact, by: User | None) -> FollowUpMeeting:
    return FollowUpMeeting(
        course=contact.course,
        state=MeetingState.HELD,
        held_on=contact.held_on,
        citizen_present=True,
        registered_by=by,
    )


def check_contact(contact: ImportedContact, not_after: datetime.date | None = None) -> None:
    """Refuse a day outside the course or in the future, and a meeting without the citizen (D9)."""
    check_day(contact.course, "held_on", contact.held_on, not_after)
    if contact.is_meeting and not contact.citizen_present:
        raise refuse("citizen_present", _("A meeting is not held without the citizen."), "without_citizen")
