"""A booked meeting that did not take place: cancelled or missed, and opened again (D9, D41)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.corrections import CorrectionAct, record_correction
from cases.actions.checks import changed, check_running, locked
from cases.actions.corrections import check_reason, is_own_slip
from cases.actions.deadlines import OF_MEETINGS, updates_deadlines
from cases.actions.invitations import cancel_invitations, invite_again
from cases.actions.meetings import booked_meeting, check_free, is_ahead
from cases.models import FollowUpMeeting, MeetingState
from jobfirst.kit.versioned import ensure_fresh

#: The states of a meeting that did not take place.
CLOSED_STATES = (MeetingState.CANCELLED, MeetingState.MISSED)


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def cancel_meeting(
    meeting: FollowUpMeeting, *, by: User | None = None, version: int | None = None
) -> FollowUpMeeting:
    """Cancel a booked meeting; it is not held (D9). The calendars of the staff are told. Idempotent."""
    return _close(meeting, MeetingState.CANCELLED, by, version)


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def mark_missed(
    meeting: FollowUpMeeting,
    *,
    by: User | None = None,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> FollowUpMeeting:
    """Record that the citizen did not come; a missed meeting is not held (D9). Refused before its day.
    Idempotent."""
    if not_after is not None and is_ahead(FollowUpMeeting.objects.get(pk=meeting.pk), not_after):
        raise ValidationError(_("The meeting lies in the future: cancel it instead."), code="future")
    return _close(meeting, MeetingState.MISSED, by, version)


def _close(
    meeting: FollowUpMeeting, state: MeetingState, by: User | None, version: int | None
) -> FollowUpMeeting:
    locked(meeting.course)
    current = FollowUpMeeting.objects.get(pk=meeting.pk)
    if current.state == state:
        return current
    meeting = booked_meeting(meeting)
    ensure_fresh(meeting, version)
    fields = {"state": state, "closed_at": timezone.now(), "closed_by": by}
    if state == MeetingState.CANCELLED:
        fields["sequence"] = meeting.sequence + 1
    changed(meeting, fields)
    if state == MeetingState.CANCELLED:
        cancel_invitations(meeting)
    return meeting


def may_open_at_once(meeting: FollowUpMeeting, by: User) -> bool:
    """Whether the user undoes a slip of the user's own, and so needs no reason."""
    return is_own_slip(meeting.closed_by_id, meeting.closed_at, by)


@updates_deadlines(*OF_MEETINGS)
@transaction.atomic
def open_meeting_again(
    meeting: FollowUpMeeting, *, by: User, reason: str = "", version: int | None = None
) -> FollowUpMeeting:
    """Book a meeting again that was cancelled or recorded as missed by mistake (D41). Idempotent.

    Its time, people and draft of the minutes are those that it had. After a cancellation the staff are
    invited anew. Refused on a day on which another meeting is booked now, and on an ended course. The reason
    is asked for unless it is a slip of the user's own. `StaleError` when saved since `version`.
    """
    course = locked(meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=meeting.pk)
    meeting.course = course
    if meeting.state == MeetingState.BOOKED:
        return meeting
    ensure_fresh(meeting, version)
    if meeting.state not in CLOSED_STATES or meeting.planned_at is None:
        raise ValidationError(_("The meeting is held: correct it instead."), code="held")
    check_reason(reason, is_needed=not may_open_at_once(meeting, by))
    check_running(course)
    check_free(course, timezone.localdate(meeting.planned_at), itself=meeting)
    before = {"state": meeting.state}
    was_cancelled = meeting.state == MeetingState.CANCELLED
    changed(
        meeting,
        {
            "state": MeetingState.BOOKED,
            "sequence": meeting.sequence + was_cancelled,
            "closed_at": None,
            "closed_by": None,
        },
    )
    if was_cancelled:
        invite_again(meeting, list(meeting.invited.filter(is_active=True)))
    record_correction(meeting, CorrectionAct.RESTORED, by=by, reason=reason, before=before)
    return meeting
