"""The minutes of a meeting: drafts, decisions and promises, and corrections of closed minutes (D35, D41)."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, check_day, locked, refuse, sent_before
from cases.actions.corrections import (
    check_reason,
    check_standing_row,
    correct_record,
    is_own_slip,
    restore_record,
    withdraw_record,
)
from cases.actions.deadlines import OF_PROMISES, updates_deadlines
from cases.models import (
    CITIZEN,
    CourseFunction,
    FollowUpMeeting,
    FunctionHolding,
    MeetingDecision,
    MeetingMinute,
    MeetingState,
    MinuteCorrection,
)
from jobfirst.kit.versioned import StaleError, ensure_fresh, ensure_latest

#: A table of minutes, and one of their corrections: of follow-up meetings, and of the steering group.
MinuteT = TypeVar("MinuteT", bound=Any)
CorrectionT = TypeVar("CorrectionT", bound=Any)


@dataclass(frozen=True)
class MinuteDraft:
    """A typed text of a topic, and the version of the stored text that it was opened on (0: none yet)."""

    text: str
    version: int


@transaction.atomic
def save_minutes(
    meeting: FollowUpMeeting, drafts: Mapping[str, MinuteDraft], *, by: User
) -> dict[str, MeetingMinute]:
    """Save the drafts of some topics; return the stored minutes of those that somebody else saved meanwhile.

    Topic by topic: a stale one is not saved and hinders no other. The same text again changes nothing.
    Refused once the meeting is no longer booked.
    """
    return save_drafts(_open_for_minutes(meeting), drafts, MeetingMinute, by=by)


def save_drafts(
    meeting: Any, drafts: Mapping[str, MinuteDraft], model: type[MinuteT], *, by: User
) -> dict[str, MinuteT]:
    """Save the drafts as rows of `model`, whose `meeting` they belong to; return the stale ones as stored.

    Needs the lock under which `meeting`, which is open for minutes, was read.
    """
    rows = model._default_manager.filter(meeting=meeting)
    stored = {minute.topic: minute for minute in rows}
    stale = {}
    for topic, draft in drafts.items():
        try:
            _save_minute(model, draft, stored.get(topic), meeting=meeting, topic=topic, by=by)
        except StaleError:
            stale[topic] = stored[topic]
    return stale


def _save_minute(
    model: type[MinuteT], draft: MinuteDraft, minute: MinuteT | None, *, meeting: Any, topic: str, by: User
) -> None:
    text = draft.text.strip()
    if text == (minute.text if minute else ""):
        return
    if minute is None:
        model._default_manager.create(meeting=meeting, topic=topic, text=text, written_by=by)
        return
    ensure_latest(minute, minute.version, draft.version)
    changed(minute, {"text": text, "written_by": by})


@transaction.atomic
def add_decision(
    meeting: FollowUpMeeting,
    *,
    text: str,
    function: str,
    due_on: datetime.date,
    by: User,
    submission: uuid.UUID | None = None,
) -> MeetingDecision:
    """Add a decision to the draft of the minutes: a promise of the citizen or of a function of the course.

    Refused for a day before the meeting's, and for a function that nobody holds. The same form sent twice
    makes one decision.
    """
    course = locked(meeting.course)
    content = {"text": text, "function": function, "due_on": due_on}
    earlier = sent_before(MeetingDecision, course, submission, **content)
    if earlier is not None:
        return earlier
    meeting = _open_for_minutes(meeting)
    day = timezone.localdate(meeting.planned_at) if meeting.planned_at else course.started_on
    check_day(course, "due_on", due_on)
    if due_on < day:
        words = _("The day lies before the meeting on %(day)s.") % {"day": date_format(day)}
        raise refuse("due_on", words, "before_meeting")
    return MeetingDecision.objects.create(
        course=course,
        meeting=meeting,
        promised_by=_holder(meeting, function, day),
        registered_by=by,
        submission=submission,
        **content,
    )


def _holder(meeting: FollowUpMeeting, function: str, day: datetime.date) -> User | None:
    """Return who holds the function on the day of the meeting, or today; None for the citizen."""
    if function == CITIZEN:
        return None
    if function not in CourseFunction.values:
        raise refuse("function", _("Choose somebody from the list."), "function")
    for on in (day, timezone.localdate()):
        holdings = FunctionHolding.objects.in_force(on).filter(course=meeting.course_id, function=function)
        holding = holdings.select_related("user").first()
        if holding is not None:
            return holding.user
    raise refuse("function", _("Nobody holds this function of the course."), "unfilled")


@transaction.atomic
def remove_decision(decision: MeetingDecision) -> None:
    """Take a decision out of the draft. Idempotent; refused once the meeting is held."""
    locked(decision.course)
    current = MeetingDecision.objects.filter(pk=decision.pk).select_related("meeting").first()
    if current is None:
        return
    if current.meeting.state == MeetingState.HELD:
        raise ValidationError(_("The minutes are closed."), code="closed")
    current.delete()


@updates_deadlines(*OF_PROMISES)
@transaction.atomic
def mark_promise_done(decision: MeetingDecision, *, done_on: datetime.date, by: User) -> None:
    """Record that a promise is done. Idempotent; refused before its meeting is held."""
    current = _promise(decision)
    check_standing_row(current)
    if current.done_on is None:
        fields = {"done_on": done_on, "done_by": by, "done_at": timezone.now(), "lapsed_on": None}
        changed(current, fields)


@updates_deadlines(*OF_PROMISES)
@transaction.atomic
def reopen_promise(
    decision: MeetingDecision, *, by: User | None = None, reason: str = "", version: int | None = None
) -> None:
    """Record that a promise is not done after all; with the reason unless it is a slip of the user's own
    (D41). Idempotent. `StaleError` when saved since `version`."""
    current = _promise(decision)
    if current.done_on is None:
        return
    ensure_fresh(current, version)
    check_reason(reason, is_needed=by is not None and not may_reopen_at_once(current, by))
    fields = {"done_on": None, "done_by": None}
    correct_record(current, fields, by=by, reason=reason, follows={"done_at": None})


@updates_deadlines(*OF_PROMISES)
@transaction.atomic
def correct_promise(
    decision: MeetingDecision,
    *,
    function: str,
    due_on: datetime.date,
    by: User,
    reason: str = "",
    version: int | None = None,
) -> MeetingDecision:
    """Correct the day or owner of a promise of a held meeting; the entry shows what the minutes said (D41).

    The reason is asked for unless it is a slip of the user's own. `StaleError` when saved since `version`.
    Idempotent.
    """
    current = _promise(decision)
    check_standing_row(current)
    ensure_fresh(current, version)
    if (current.function, current.due_on) == (function, due_on):
        return current
    check_reason(reason, is_needed=not is_slip_of_promise(current, by))
    day = current.meeting.corrected_on or current.meeting.held_on or current.course.started_on
    check_day(current.course, "due_on", due_on)
    if due_on < day:
        words = _("The day lies before the meeting on %(day)s.") % {"day": date_format(day)}
        raise refuse("due_on", words, "before_meeting")
    fields = {"function": function, "due_on": due_on}
    follows = {}
    if function != current.function:
        follows = {"promised_by": _holder(current.meeting, function, day)}
    correct_record(current, fields, by=by, reason=reason, follows=follows)
    return current


def is_slip_of_promise(decision: MeetingDecision, by: User) -> bool:
    """Whether the user may correct the promise without a reason: the user's own, of the last hour."""
    return is_own_slip(decision.registered_by_id, decision.created_at, by)


@updates_deadlines(*OF_PROMISES)
@transaction.atomic
def withdraw_promise(decision: MeetingDecision, *, by: User, reason: str, version: int | None = None) -> None:
    """Withdraw a promise that was written in error: it stays in the minutes, and is owed no more (D41).

    While the meeting is booked the decision is taken out instead.
    """
    current = _promise(decision)
    withdraw_record(current, by=by, reason=reason, is_own_slip=False, version=version)


@updates_deadlines(*OF_PROMISES)
@transaction.atomic
def restore_promise(
    decision: MeetingDecision, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Let a promise stand again that was withdrawn by mistake (D41, `restore_record`)."""
    restore_record(_promise(decision), by=by, reason=reason, version=version)


def may_reopen_at_once(decision: MeetingDecision, by: User) -> bool:
    """Whether the user undoes a slip of the user's own, and so needs no reason."""
    return is_own_slip(decision.done_by_id, decision.done_at, by)


def _promise(decision: MeetingDecision) -> MeetingDecision:
    """Return the decision as stored now, under its course's lock; refused while it is a draft."""
    locked(decision.course)
    current = MeetingDecision.objects.select_related("meeting", "course").get(pk=decision.pk)
    if current.meeting.state != MeetingState.HELD:
        raise ValidationError(_("The meeting is not held yet."), code="not_held")
    return current


@transaction.atomic
def correct_minute(
    meeting: FollowUpMeeting, topic: str, *, text: str, reason: str, by: User, version: int | None = None
) -> MinuteCorrection:
    """Add a correction to the closed minutes of a topic; what it corrects stays (D41).

    `version` is the number of corrections of the topic when the form was opened: `StaleError` when there is
    a later one. The same text again makes no second correction.
    """
    locked(meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=meeting.pk)
    if meeting.state != MeetingState.HELD:
        raise ValidationError(_("The minutes are not closed: write in them directly."), code="not_held")
    return add_minute_correction(
        meeting, topic, MinuteCorrection, text=text, reason=reason, by=by, version=version
    )


def add_minute_correction(
    meeting: Any,
    topic: str,
    model: type[CorrectionT],
    *,
    text: str,
    reason: str,
    by: User,
    version: int | None,
) -> CorrectionT:
    """Add a correction, a row of `model`, to the closed minutes of the topic; the same text again adds none.

    Needs the lock under which `meeting`, which is held, was read.
    """
    corrections: list[CorrectionT] = list(model._default_manager.filter(meeting=meeting, topic=topic))
    latest = corrections[-1] if corrections else None
    if latest is not None and (latest.text, latest.reason) == (text, reason):
        return corrections[-1]
    ensure_latest(latest, len(corrections), version)
    correction: CorrectionT = model._default_manager.create(
        meeting=meeting, topic=topic, text=text, reason=reason, written_by=by
    )
    return correction


def _open_for_minutes(meeting: FollowUpMeeting) -> FollowUpMeeting:
    """Return the current meeting under its course's lock; refused unless it is still booked."""
    locked(meeting.course)
    current = FollowUpMeeting.objects.select_related("course").get(pk=meeting.pk)
    if current.state == MeetingState.HELD:
        raise ValidationError(
            _("The meeting is held, and the minutes are closed. Correct them instead."), code="closed"
        )
    if current.state != MeetingState.BOOKED:
        raise ValidationError(_("The meeting is no longer booked."), code="not_booked")
    return current
