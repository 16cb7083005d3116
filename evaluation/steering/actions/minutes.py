"""The minutes of a meeting point by point, added points, and decisions that are followed up (D41)."""

import datetime
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, refuse
from cases.actions.corrections import (
    check_reason,
    check_standing_row,
    correct_record,
    is_own_slip,
    restore_record,
    withdraw_record,
)
from cases.actions.minutes import MinuteDraft, add_minute_correction, save_drafts
from evaluation.steering.actions.checks import held_meeting, planned_meeting
from evaluation.steering.actions.invitations import local_day
from evaluation.steering.models import (
    AddedPoint,
    SteeringDecision,
    SteeringMeeting,
    SteeringMember,
    SteeringMinute,
    SteeringMinuteCorrection,
)
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content


@transaction.atomic
def save_minutes(
    meeting: SteeringMeeting, drafts: Mapping[str, MinuteDraft], *, by: User
) -> dict[str, SteeringMinute]:
    """Save the drafts of some points; return the stored minutes of those that somebody else saved meanwhile.
    Refused once the meeting is no longer planned."""
    return save_drafts(planned_meeting(meeting), drafts, SteeringMinute, by=by)


@transaction.atomic
def correct_minute(
    meeting: SteeringMeeting, topic: str, *, text: str, reason: str, by: User, version: int | None = None
) -> SteeringMinuteCorrection:
    """Add a correction to the closed minutes of a point; what it corrects stays (D41)."""
    current = held_meeting(meeting)
    return add_minute_correction(
        current, topic, SteeringMinuteCorrection, text=text, reason=reason, by=by, version=version
    )


@transaction.atomic
def add_point(
    meeting: SteeringMeeting, title: str, *, by: User, submission: uuid.UUID | None = None
) -> AddedPoint:
    """Add a point to the agenda. The same form sent twice makes one."""
    current = planned_meeting(meeting)
    if submission is not None:
        earlier = AddedPoint.objects.filter(submission=submission, meeting=current).first()
        if earlier is not None:
            refuse_other_content(earlier, {"title": title})
            return earlier
    return AddedPoint.objects.create(meeting=current, title=title, written_by=by, submission=submission)


@transaction.atomic
def remove_point(point: AddedPoint) -> None:
    """Take an added point off the agenda. Idempotent; refused while minutes stand under it."""
    current = planned_meeting(point.meeting)
    if current.minutes.filter(topic=point.code).exclude(text="").exists():
        raise ValidationError(
            _("There are minutes under this point. Empty them first."), code="minutes_written"
        )
    current.minutes.filter(topic=point.code).delete()
    AddedPoint.objects.filter(pk=point.pk).delete()


@transaction.atomic
def add_decision(
    meeting: SteeringMeeting,
    *,
    text: str,
    owner: SteeringMember,
    due_on: datetime.date,
    by: User | None,
    submission: uuid.UUID | None = None,
) -> SteeringDecision:
    """Add a decision to the draft of the minutes: what, which member, by which day. The same form sent twice
    makes one. Refused for a day before the meeting and for an owner of another group."""
    current = planned_meeting(meeting)
    content = {"text": text, "owner_id": owner.pk, "due_on": due_on}
    if submission is not None:
        earlier = SteeringDecision.objects.filter(submission=submission, meeting=current).first()
        if earlier is not None:
            refuse_other_content(earlier, content)
            return earlier
    day = local_day(current)
    if due_on < day:
        words = _("The day lies before the meeting on %(day)s.") % {"day": date_format(day)}
        raise refuse("due_on", words, "before_meeting")
    members = SteeringMember.objects.filter(project=current.project_id)
    if not members.filter(pk=owner.pk).exists():
        raise refuse("owner", _("Choose somebody from the list."), "owner")
    return SteeringDecision.objects.create(
        meeting=current, owner_name=owner.name, registered_by=by, submission=submission, **content
    )


@transaction.atomic
def remove_decision(decision: SteeringDecision) -> None:
    """Take a decision out of the draft. Idempotent; refused once the meeting is held."""
    planned_meeting(decision.meeting)
    SteeringDecision.objects.filter(pk=decision.pk).delete()


@transaction.atomic
def mark_decision_done(decision: SteeringDecision, *, done_on: datetime.date, by: User) -> None:
    """Record that a decision is carried out. Idempotent; refused before its meeting is held."""
    current = _current(decision)
    check_standing_row(current)
    if current.done_on is None:
        changed(current, {"done_on": done_on, "done_by": by, "done_at": timezone.now()})


@transaction.atomic
def reopen_decision(
    decision: SteeringDecision, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Record that a decision is not carried out after all; with the reason unless it is a slip of the user's
    own (D41). Idempotent. `StaleError` when saved since `version`."""
    current = _current(decision)
    if current.done_on is None:
        return
    ensure_fresh(current, version)
    check_reason(reason, is_needed=not may_reopen_at_once(current, by))
    fields = {"done_on": None, "done_by": None}
    correct_record(current, fields, by=by, reason=reason, follows={"done_at": None})


@transaction.atomic
def withdraw_decision(
    decision: SteeringDecision, *, by: User, reason: str, version: int | None = None
) -> None:
    """Withdraw a decision that was written in error: it stays in the minutes, and comes back no more
    (D41)."""
    withdraw_record(_current(decision), by=by, reason=reason, is_own_slip=False, version=version)


@transaction.atomic
def restore_decision(
    decision: SteeringDecision, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Let a decision stand again that was withdrawn by mistake, to be followed up as before
    (`restore_record`)."""
    restore_record(_current(decision), by=by, reason=reason, version=version)


def may_reopen_at_once(decision: SteeringDecision, by: User) -> bool:
    """Whether the user undoes a slip of the user's own, and so needs no reason."""
    return is_own_slip(decision.done_by_id, decision.done_at, by)


def _current(decision: SteeringDecision) -> SteeringDecision:
    """Return the decision as stored now, under its project's lock; refused while it is a draft."""
    held_meeting(decision.meeting)
    return SteeringDecision.objects.select_related("meeting").get(pk=decision.pk)
