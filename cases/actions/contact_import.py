"""Contacts and held meetings from a file: checked one by one, recorded together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_day, refuse
from cases.actions.meetings import hold_meeting
from cases.models import Course, FollowUpMeeting, MeetingState, MentorContact
from jobfirst import progress


@dataclass(frozen=True)
class Followed:
    """A contact or a meeting that took place, as a file states it; a meeting is always with the citizen."""

    course: Course
    held_on: datetime.date
    is_meeting: bool
    citizen_present: bool


@transaction.atomic
def record_all(followed: Sequence[Followed], *, by: User | None = None) -> int:
    """Record many contacts and meetings; returns how many were new.

    What stands there already (the same course, day and presence) is not recorded twice; a meeting booked for
    its day is the one that was held. Each must have passed `check_followed`. Takes the lock of every course,
    always in the same order.
    """
    ids = sorted({each.course.pk for each in followed})
    list(Course.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").only("pk"))
    known = _known(ids)
    new = []
    for each in followed:
        if _key(each) not in known:
            known.add(_key(each))
            new.append(each)
    booked = _booked_days(ids)
    held = []
    for each in new:
        if not each.is_meeting:
            continue
        meeting = booked.get((each.course.pk, each.held_on))
        if meeting is not None:
            hold_meeting(meeting, held_on=each.held_on, citizen_present=True, by=by)
        else:
            held.append(_held(each, by))
    for meetings in progress.batches(held, 500, _("Meetings")):
        FollowUpMeeting.objects.bulk_create(meetings)
    contacts = [_contact(each, by) for each in new if not each.is_meeting]
    for batch in progress.batches(contacts, 500, _("Contacts")):
        MentorContact.objects.bulk_create(batch)
    return len(new)


class _Key(NamedTuple):
    """What a contact or a held meeting is known by."""

    is_meeting: bool
    course: int
    held_on: datetime.date
    citizen_present: bool


def _key(each: Followed) -> _Key:
    return _Key(each.is_meeting, each.course.pk, each.held_on, each.citizen_present)


def _known(courses: Sequence[int]) -> set[_Key]:
    """The keys of all contacts and held meetings of the courses."""
    contacts = MentorContact.objects.filter(course__in=courses)
    held = FollowUpMeeting.objects.filter(course__in=courses, held_on__isnull=False)
    keys = {
        _Key(False, contact.course_id, contact.held_on, contact.citizen_present)
        for contact in contacts.only("course_id", "held_on", "citizen_present")
    }
    for meeting in held.only("course_id", "held_on"):
        if meeting.held_on is not None:
            keys.add(_Key(True, meeting.course_id, meeting.held_on, citizen_present=True))
    return keys


def _booked_days(courses: Sequence[int]) -> dict[tuple[int, datetime.date], FollowUpMeeting]:
    booked = FollowUpMeeting.objects.filter(course__in=courses, state=MeetingState.BOOKED)
    return {
        (meeting.course_id, timezone.localdate(meeting.planned_at)): meeting
        for meeting in booked
        if meeting.planned_at
    }


def _contact(each: Followed, by: User | None) -> MentorContact:
    return MentorContact(
        course=each.course, held_on=each.held_on, citizen_present=each.citizen_present, registered_by=by
    )


def _held(each: Followed, by: User | None) -> FollowUpMeeting:
    return FollowUpMeeting(
        course=each.course,
        state=MeetingState.HELD,
        held_on=each.held_on,
        citizen_present=True,
        registered_by=by,
    )


def check_followed(each: Followed, not_after: datetime.date | None = None) -> None:
    """Refuse a day outside the course or ahead, and a meeting without the citizen (D9)."""
    check_day(each.course, "held_on", each.held_on, not_after)
    if each.is_meeting and not each.citizen_present:
        raise refuse("citizen_present", _("A meeting is not held without the citizen."), "without_citizen")
