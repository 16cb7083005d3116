"""What of `cases` itself ends with a course: meetings ahead, functions, open promises (D41)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.invitations import cancel_invitations, invite_again
from cases.actions.team_invitations import meetings_follow_team
from cases.extension_points import CourseEnding, RunningThing
from cases.models import Course, FollowUpMeeting, FunctionHolding, MeetingDecision, MeetingState
from cases.rules.course_end import EndMode
from jobfirst.kit.days import LONG_DATE, written_day


def _booked_meetings(course: Course) -> list[RunningThing]:
    """Return the booked meetings, the first one first."""
    return [
        RunningThing(
            key=str(meeting.public_id),
            label=_("Meeting on %(day)s") % {"day": written_day(_day(meeting), LONG_DATE)},
            first=_day(meeting),
            last=_day(meeting),
            default=EndMode.WITH_COURSE,
        )
        for meeting in course.meetings.filter(state=MeetingState.BOOKED).order_by("planned_at")
        if meeting.planned_at
    ]


def _day(meeting: FollowUpMeeting) -> datetime.date:
    assert meeting.planned_at is not None  # of a booked meeting
    return timezone.localdate(meeting.planned_at)


def _cancel_meeting(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """Cancel a meeting that lies after its last day, also in the calendars."""
    meeting = course.meetings.filter(public_id=key, state=MeetingState.BOOKED).first()
    if meeting is None or _day(meeting) <= last:
        return None
    changed(meeting, {"state": MeetingState.CANCELLED, "sequence": meeting.sequence + 1})
    cancel_invitations(meeting)
    return {"version": meeting.version}


def _book_meeting_again(course: Course, effect: Mapping[str, Any]) -> bool:
    """Book the meeting again, unless somebody has changed it since or booked another one for its day."""
    meeting = course.meetings.filter(public_id=effect["key"], version=effect["version"]).first()
    if meeting is None or meeting.state != MeetingState.CANCELLED:
        return False
    booked = course.meetings.filter(state=MeetingState.BOOKED)
    if any(_day(other) == _day(meeting) for other in booked):
        return False
    changed(meeting, {"state": MeetingState.BOOKED, "sequence": meeting.sequence + 1})
    invite_again(meeting, list(meeting.invited.all()))
    return True


def _held_functions(course: Course) -> list[RunningThing]:
    """Return the functions that have no last day."""
    holdings = course.holdings.filter(until_on__isnull=True).select_related("user").order_by("function")
    return [
        RunningThing(
            key=str(holding.pk),
            label=f"{holding.get_function_display()}: {holding.user}",
            first=holding.from_on,
            last=None,
            default=EndMode.GOES_ON,
        )
        for holding in holdings
    ]


def _end_function(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """End a function on its last day; whoever held it sees the course no longer."""
    holding = course.holdings.filter(pk=int(key), until_on__isnull=True).first()
    if holding is None:
        return None
    if last < holding.from_on:
        raise refuse("last", _("The last day must not be before the start."), "before_start")
    _set_last_day(holding, last)
    return {}


def _set_last_day(holding: FunctionHolding, last: datetime.date | None) -> None:
    with meetings_follow_team({holding.course_id}):
        holding.until_on = last
        holding.save(update_fields=["until_on"])


def _hold_function_again(course: Course, effect: Mapping[str, Any]) -> bool:
    """Let the function go on, unless it has another last day or holder by now, or the role was taken."""
    holding = course.holdings.filter(pk=int(effect["key"]), until_on=effect["last"]).first()
    if holding is None:
        return False
    if course.holdings.filter(function=holding.function, from_on__gt=holding.from_on).exists():
        return False
    if not holding.user.has_role(holding.function, project_id=course.project_id):
        return False
    _set_last_day(holding, None)
    return True


def _open_promises(course: Course) -> list[RunningThing]:
    return [
        RunningThing(
            key=str(promise.public_id),
            label=promise.text,
            first=promise.due_on,
            last=promise.due_on,
            default=EndMode.WITH_COURSE,
        )
        for promise in MeetingDecision.objects.still_open().filter(course=course)
    ]


def _let_lapse(course: Course, key: str, last: datetime.date, by: User | None) -> dict[str, Any] | None:
    """Record that a promise lapses after its last day."""
    promise = MeetingDecision.objects.still_open().filter(course=course, public_id=key).first()
    if promise is None:
        return None
    changed(promise, {"lapsed_on": last})
    return {"version": promise.version}


def _open_promise_again(course: Course, effect: Mapping[str, Any]) -> bool:
    """Open a promise again that lapsed with the course, unless it was changed since."""
    promise = course.decisions.filter(public_id=effect["key"], version=effect["version"]).first()
    if promise is None or promise.lapsed_on is None:
        return False
    changed(promise, {"lapsed_on": None})
    return True


ENDINGS = (
    CourseEnding(
        "meeting", gettext_lazy("Meetings ahead"), _booked_meetings, _cancel_meeting, _book_meeting_again
    ),
    CourseEnding(
        "promise", gettext_lazy("Promises still open"), _open_promises, _let_lapse, _open_promise_again
    ),
    CourseEnding("function", gettext_lazy("Functions"), _held_functions, _end_function, _hold_function_again),
)
