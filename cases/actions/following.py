"""Weekly contact between mentor and citizen (D17) and the monthly meetings (D9, D18)."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked, refuse, sent_before
from cases.actions.reminding import reminds
from cases.models import Course, FollowUpMeeting, MentorContact
from cases.models.following import Channel, MeetingState
from jobfirst import progress
from jobfirst.kit.versioned import ensure_fresh


@reminds
@transaction.atomic
def register_contact(
    course: Course,
    *,
    held_on: datetime.date,
    by: User | None = None,
    citizen_present: bool = True,
    channel: str = Channel.UNKNOWN,
    note: str = "",
    submission: uuid.UUID | None = None,
    not_after: datetime.date | None = None,
    today: datetime.date | None = None,
) -> MentorContact:
    """Register a contact on a day. One without the citizen is kept as an attempt and counts as none (D17)."""
    course = locked(course)
    earlier = sent_before(MentorContact, course, submission)
    if earlier is not None:
        return earlier
    check_day(course, "held_on", held_on, not_after)
    return MentorContact.objects.create(
        course=course,
        held_on=held_on,
        citizen_present=citizen_present,
        channel=channel,
        note=note,
        registered_by=by,
        submission=submission,
    )


@reminds
@transaction.atomic
def book_meeting(
    course: Course,
    *,
    planned_at: datetime.datetime,
    place: str = "",
    by: User | None = None,
    submission: uuid.UUID | None = None,
    today: datetime.date | None = None,
) -> FollowUpMeeting:
    """Book a monthly meeting. Refused on a day that has one booked, and on a course that has ended."""
    course = locked(course)
    earlier = sent_before(FollowUpMeeting, course, submission)
    if earlier is not None:
        return earlier
    check_running(course)
    day = timezone.localdate(planned_at)
    check_day(course, "planned_at", day)
    booked = course.meetings.filter(state=MeetingState.BOOKED)
    if any(meeting.planned_at and timezone.localdate(meeting.planned_at) == day for meeting in booked):
        raise refuse("planned_at", _("A meeting is already booked for that day."), "booked")
    return FollowUpMeeting.objects.create(
        course=course, planned_at=planned_at, place=place, registered_by=by, submission=submission
    )


@reminds
@transaction.atomic
def move_meeting(
    meeting: FollowUpMeeting,
    *,
    planned_at: datetime.datetime,
    place: str | None = None,
    version: int | None = None,
    today: datetime.date | None = None,
) -> FollowUpMeeting:
    """Give a booked meeting another day, time or place. `StaleError` when it was saved since `version`."""
    meeting = _booked(meeting)
    ensure_fresh(meeting, version)
    check_day(meeting.course, "planned_at", timezone.localdate(planned_at))
    changed(meeting, {"planned_at": planned_at, "place": meeting.place if place is None else place})
    return meeting


@reminds
@transaction.atomic
def hold_meeting(
    meeting: FollowUpMeeting,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    attendees: Iterable[User] = (),
    summary: str = "",
    by: User | None = None,
    not_after: datetime.date | None = None,
    today: datetime.date | None = None,
) -> FollowUpMeeting:
    """Record a booked meeting as held. Refused without the citizen (D9): such a meeting was missed.

    The same said twice is said once; anything else about a meeting that is no longer booked is refused.
    """
    if not citizen_present:
        raise refuse(
            "citizen_present",
            _("A meeting is not held without the citizen. Record it as missed instead."),
            "without_citizen",
        )
    locked(meeting.course)
    current = FollowUpMeeting.objects.select_related("course").get(pk=meeting.pk)
    if current.state == MeetingState.HELD and current.held_on == held_on:
        return current
    meeting = _booked(meeting)
    check_day(meeting.course, "held_on", held_on, not_after)
    changed(
        meeting,
        {
            "state": MeetingState.HELD,
            "held_on": held_on,
            "citizen_present": True,
            "summary": summary,
            "registered_by": by or meeting.registered_by,
        },
    )
    meeting.attendees.set(attendees)
    return meeting


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


@reminds
@transaction.atomic
def cancel_meeting(meeting: FollowUpMeeting, *, today: datetime.date | None = None) -> FollowUpMeeting:
    """Cancel a booked meeting; it does not count as held (D9)."""
    return _close(meeting, MeetingState.CANCELLED)


@reminds
@transaction.atomic
def mark_missed(
    meeting: FollowUpMeeting, *, not_after: datetime.date | None = None, today: datetime.date | None = None
) -> FollowUpMeeting:
    """Record that the citizen did not come; it does not count as held (D9). Refused before its day."""
    planned_at = meeting.planned_at
    if not_after is not None and planned_at is not None and timezone.localdate(planned_at) > not_after:
        raise ValidationError(_("The meeting lies in the future: cancel it instead."), code="future")
    return _close(meeting, MeetingState.MISSED)


def _close(meeting: FollowUpMeeting, state: MeetingState) -> FollowUpMeeting:
    locked(meeting.course)
    current = FollowUpMeeting.objects.get(pk=meeting.pk)
    if current.state == state:
        return current
    meeting = _booked(meeting)
    changed(meeting, {"state": state})
    return meeting


def _booked(meeting: FollowUpMeeting) -> FollowUpMeeting:
    """The meeting afresh, under its course's lock; refused unless it is still booked."""
    course = locked(meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=meeting.pk)
    meeting.course = course
    if meeting.state != MeetingState.BOOKED:
        raise ValidationError(_("The meeting is no longer booked."), code="not_booked")
    return meeting
