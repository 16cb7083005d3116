"""The monthly meetings: book, move, hold (D9, D18). Cancelled, missed and opened again:
`cases.actions.meeting_closing`."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked, refuse, sent_before
from cases.actions.deadlines import OF_MEETINGS, updates_deadlines
from cases.actions.invitations import invite, invite_again
from cases.models import Course, FollowUpMeeting, MeetingState
from jobfirst.kit.versioned import ensure_fresh


@dataclass(frozen=True)
class NewMeeting:
    """A meeting to be booked: when, where, and the staff who are invited beside the citizen."""

    planned_at: datetime.datetime
    place: str = ""
    invited: Iterable[User] = ()
    submission: uuid.UUID | None = None


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def book_meeting(
    course: Course,
    *,
    planned_at: datetime.datetime,
    place: str = "",
    invited: Iterable[User] = (),
    by: User | None = None,
    submission: uuid.UUID | None = None,
) -> FollowUpMeeting:
    """Book a monthly meeting. Refused on a day with a booked meeting, and on an ended course."""
    return _book(course, NewMeeting(planned_at, place, invited, submission), by)


def _book(course: Course, new: NewMeeting, by: User | None) -> FollowUpMeeting:
    course = locked(course)
    content = {"planned_at": new.planned_at, "place": new.place}
    earlier = sent_before(FollowUpMeeting, course, new.submission, **content)
    if earlier is not None:
        return earlier
    check_running(course)
    day = timezone.localdate(new.planned_at)
    check_day(course, "planned_at", day)
    check_free(course, day)
    meeting = FollowUpMeeting.objects.create(
        course=course, registered_by=by, submission=new.submission, **content
    )
    invite(meeting, new.invited)
    return meeting


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def move_meeting(
    meeting: FollowUpMeeting,
    *,
    planned_at: datetime.datetime,
    place: str | None = None,
    invited: Iterable[User] | None = None,
    version: int | None = None,
) -> FollowUpMeeting:
    """Change the day, time, place or participants of a booked meeting (`invited` None: the same ones).

    Refused on a day with another booked meeting. `StaleError` when it was saved since `version`. The
    calendars of the staff are told. What the citizen answered to another time does not count any more.
    """
    meeting = booked_meeting(meeting)
    ensure_fresh(meeting, version)
    day = timezone.localdate(planned_at)
    check_day(meeting.course, "planned_at", day)
    check_free(meeting.course, day, itself=meeting)
    people = list(meeting.invited.all()) if invited is None else list(invited)
    declined_at = meeting.cannot_come_at if planned_at == meeting.planned_at else None
    changed(
        meeting,
        {
            "planned_at": planned_at,
            "place": meeting.place if place is None else place,
            "sequence": meeting.sequence + 1,
            "cannot_come_at": declined_at,
        },
    )
    invite_again(meeting, people)
    return meeting


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def hold_meeting(
    meeting: FollowUpMeeting,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    attendees: Iterable[User] = (),
    by: User | None = None,
    not_after: datetime.date | None = None,
    today: datetime.date | None = None,
    following: NewMeeting | None = None,
) -> FollowUpMeeting:
    """Record a booked meeting as held. Refused without the citizen (D9): such a meeting was missed; and for
    one that is planned after `today` (None: not checked).

    Its minutes are closed and its decisions are promises then. `following` books the next meeting in the same
    transaction. Idempotent: the same again (day, attendees and next meeting) changes nothing. Any other
    record of a meeting that is no longer booked is refused, so that of two at once one is stored.
    """
    course = locked(meeting.course)
    was_booked = FollowUpMeeting.objects.get(pk=meeting.pk).state == MeetingState.BOOKED
    held = hold_without_deadlines(
        meeting,
        held_on=held_on,
        citizen_present=citizen_present,
        attendees=attendees,
        by=by,
        not_after=not_after,
        today=today,
    )
    if following is not None:
        if timezone.localdate(following.planned_at) <= held_on:
            raise refuse("planned_at", _("The next meeting lies after this one."), "before_this")
        if not was_booked and not is_booked_alike(course, following):
            raise ValidationError(_("The meeting was recorded as held before."), code="not_booked")
        if was_booked:
            _book(held.course, following, by)
    return held


def is_booked_alike(course: Course, following: NewMeeting) -> bool:
    """Whether the next meeting is booked already, for that time and place."""
    booked = course.meetings.filter(state=MeetingState.BOOKED, planned_at=following.planned_at)
    return booked.filter(place=following.place).exists()


def hold_without_deadlines(
    meeting: FollowUpMeeting,
    *,
    held_on: datetime.date,
    citizen_present: bool,
    attendees: Iterable[User] = (),
    by: User | None = None,
    not_after: datetime.date | None = None,
    today: datetime.date | None = None,
) -> FollowUpMeeting:
    """As `hold_meeting`, for an action that brings the deadlines up to date itself. In a transaction."""
    if not citizen_present:
        raise refuse(
            "citizen_present",
            _("A meeting is not held without the citizen. Record it as missed instead."),
            "without_citizen",
        )
    locked(meeting.course)
    current = FollowUpMeeting.objects.select_related("course").get(pk=meeting.pk)
    attendees = list(attendees)
    is_same_day = (current.state, current.held_on) == (MeetingState.HELD, held_on)
    if is_same_day and set(current.attendees.all()) == set(attendees):
        return current
    meeting = booked_meeting(meeting)
    check_not_ahead(meeting, today)
    check_day(meeting.course, "held_on", held_on, not_after)
    meeting.attendees.set(attendees)  # before the meeting is held: who came is closed then
    changed(
        meeting,
        {
            "state": MeetingState.HELD,
            "held_on": held_on,
            "citizen_present": True,
            "registered_by": by or meeting.registered_by,
        },
    )
    return meeting


def is_ahead(meeting: FollowUpMeeting, today: datetime.date) -> bool:
    """Whether the meeting is planned for a day after today."""
    planned_at = meeting.planned_at
    return planned_at is not None and timezone.localdate(planned_at) > today


def check_not_ahead(meeting: FollowUpMeeting, today: datetime.date | None) -> None:
    """Refuse to record a meeting as held before its day."""
    if today is not None and is_ahead(meeting, today):
        raise ValidationError(
            _("The meeting lies in the future. If it was held earlier, move it to that day first."),
            code="future",
        )


def check_free(course: Course, day: datetime.date, *, itself: FollowUpMeeting | None = None) -> None:
    """Refuse a day on which another meeting of the course is booked. Needs the course's lock."""
    booked = course.meetings.filter(state=MeetingState.BOOKED)
    days = [timezone.localdate(other.planned_at) for other in booked if other.planned_at and other != itself]
    if day in days:
        raise refuse("planned_at", _("A meeting is already booked for that day."), "booked")


def booked_meeting(meeting: FollowUpMeeting) -> FollowUpMeeting:
    """Return the current meeting under its course's lock; refused unless it is still booked."""
    course = locked(meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=meeting.pk)
    meeting.course = course
    if meeting.state != MeetingState.BOOKED:
        raise ValidationError(_("The meeting is no longer booked."), code="not_booked")
    return meeting
