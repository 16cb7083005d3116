"""A meeting is planned, moved, cancelled, held; and a held one corrected (D41)."""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.actions.checks import changed, refuse
from evaluation.steering.actions.checks import (
    check_held_on,
    held_meeting,
    locked_meeting,
    locked_project,
    planned_meeting,
    update_deadline,
)
from evaluation.steering.actions.invitations import local_day, update_invitations
from evaluation.steering.actions.members import members_on
from evaluation.steering.areas import missing_areas
from evaluation.steering.frozen import Attendee, attendee_copies, frozen_agenda
from evaluation.steering.models import (
    SteeringMeeting,
    SteeringMeetingCorrection,
    SteeringMember,
    SteeringState,
)
from jobfirst.kit.versioned import ensure_fresh, ensure_latest, refuse_other_content


@transaction.atomic
def plan_meeting(
    project: Project,
    *,
    planned_at: datetime.datetime,
    place: str,
    by: User | None,
    submission: uuid.UUID | None = None,
) -> SteeringMeeting:
    """Plan a meeting and invite the members. The same form sent twice makes one meeting."""
    project = locked_project(project.pk)
    content = {"planned_at": planned_at, "place": place}
    if submission is not None:
        earlier = SteeringMeeting.objects.filter(submission=submission, project=project).first()
        if earlier is not None:
            refuse_other_content(earlier, content)
            return earlier
    _check_time(project, planned_at)
    meeting = SteeringMeeting(project=project, planned_by=by, submission=submission, **content)
    meeting.validate_constraints()
    meeting.save()
    update_invitations(meeting)
    return meeting


@transaction.atomic
def move_meeting(
    meeting: SteeringMeeting, *, planned_at: datetime.datetime, place: str, version: int | None = None
) -> SteeringMeeting:
    """Move a planned meeting; the members are told."""
    current = planned_meeting(meeting)
    ensure_fresh(current, version)
    _check_time(current.project, planned_at)
    current.planned_at, current.place = planned_at, place
    current.validate_constraints()
    changed(current, {"planned_at": planned_at, "place": place})
    update_invitations(current)
    return current


@transaction.atomic
def cancel_meeting(
    meeting: SteeringMeeting, *, reason: str, by: User, version: int | None = None
) -> SteeringMeeting:
    """Cancel a planned meeting with a reason; the members who were invited are told. Idempotent."""
    current = locked_meeting(meeting)
    if current.state == SteeringState.CANCELLED:
        return current
    current = planned_meeting(meeting)
    ensure_fresh(current, version)
    if not reason.strip():
        raise refuse("cancelled_reason", _("Write why it is cancelled."), "no_reason")
    fields = {
        "state": SteeringState.CANCELLED,
        "cancelled_reason": reason.strip(),
        "closed_at": timezone.now(),
        "closed_by": by,
    }
    changed(current, fields)
    update_invitations(current)
    return current


@transaction.atomic
def plan_again(meeting: SteeringMeeting) -> SteeringMeeting:
    """Let a meeting that was cancelled by mistake be planned again; the members are invited anew.
    Idempotent."""
    current = locked_meeting(meeting)
    if current.state == SteeringState.CANCELLED:
        current.state = SteeringState.PLANNED
        current.cancelled_reason, current.closed_at, current.closed_by = "", None, None
        current.validate_constraints()
        fields = {"state": current.state, "cancelled_reason": "", "closed_at": None, "closed_by": None}
        changed(current, fields)
        update_invitations(current)
    return current


@transaction.atomic
def hold_meeting(
    meeting: SteeringMeeting,
    *,
    held_on: datetime.date,
    attendees: Collection[SteeringMember],
    by: User | None,
    today: datetime.date,
) -> SteeringMeeting:
    """Record the meeting as held: its minutes are closed, and the figures of its agenda are kept as of its
    day.

    Refused for a day in the future and with nobody present. Of two at once the second is refused.
    """
    current = planned_meeting(meeting)
    project = current.project
    check_held_on(project, held_on, today)
    present = _present(project, held_on, attendees)
    fields: dict[str, Any] = {
        "state": SteeringState.HELD,
        "held_on": held_on,
        "agenda": frozen_agenda(current, held_on),
        "attendees": attendee_copies(present),
        "missing_areas": missing_areas(members_on(project, held_on)),
        "closed_at": timezone.now(),
        "closed_by": by,
    }
    changed(current, fields)
    update_deadline(project)
    return current


@dataclass(frozen=True)
class GroupRecord:
    """What counts of a held meeting: its day, whether it took place, and who came."""

    held_on: datetime.date
    took_place: bool
    attendees: tuple[Attendee, ...]


def record_of(meeting: SteeringMeeting) -> GroupRecord:
    """Return what counts of a held meeting: its latest correction, or what was recorded first."""
    latest = meeting.meeting_corrections.last()
    if latest is not None:
        people = tuple(map(Attendee.from_copy, latest.attendees))
        return GroupRecord(latest.held_on, latest.took_place, people)
    assert meeting.held_on is not None  # of a held meeting
    return GroupRecord(meeting.held_on, True, tuple(map(Attendee.from_copy, meeting.attendees)))


@transaction.atomic
def correct_held_meeting(
    meeting: SteeringMeeting,
    *,
    held_on: datetime.date,
    took_place: bool,
    attendees: Collection[SteeringMember],
    reason: str,
    by: User,
    today: datetime.date,
    version: int | None = None,
) -> SteeringMeetingCorrection | None:
    """Correct the day of a held meeting, or who came; what was recorded first stays beside it (D41).

    One that did not take place counts for no quarter, and its decisions are none; a later correction may say
    that it did. `version` is the number of corrections when the form was opened. Idempotent: what counts
    already makes no correction.
    """
    current = held_meeting(meeting)
    check_held_on(current.project, held_on, today)
    if not reason.strip():
        raise refuse("reason", _("Write why it is corrected."), "no_reason")
    present = _present(current.project, held_on, attendees) if took_place else []
    corrections = list(current.meeting_corrections.all())
    latest = corrections[-1] if corrections else None
    people = attendee_copies(present)
    if GroupRecord(held_on, took_place, tuple(map(Attendee.from_copy, people))) == record_of(current):
        return latest
    ensure_latest(latest, len(corrections), version)
    correction = SteeringMeetingCorrection.objects.create(
        meeting=current,
        held_on=held_on,
        took_place=took_place,
        attendees=people,
        reason=reason.strip(),
        written_by=by,
    )
    changed(current, {"corrected_on": held_on, "was_not_held": not took_place})
    update_deadline(current.project)
    return correction


def is_ahead(meeting: SteeringMeeting, today: datetime.date) -> bool:
    """Whether the meeting is planned for a later day."""
    return local_day(meeting) > today


def _present(
    project: Project, held_on: datetime.date, attendees: Collection[SteeringMember]
) -> list[SteeringMember]:
    """Return who came, in the group's order; refused without anybody, and for who was no member then."""
    ids = {member.pk for member in attendees}
    present = [member for member in members_on(project, held_on) if member.pk in ids]
    if not ids:
        raise refuse("attendees", _("Say who came."), "nobody")
    if len(present) < len(ids):
        raise refuse("attendees", _("Not all of them belonged to the group on that day."), "no_member")
    return present


def _check_time(project: Project, planned_at: datetime.datetime) -> None:
    """Refuse a time outside of the project."""
    day = timezone.localdate(planned_at)
    if not project.starts_on <= day <= project.ends_on:
        raise ValidationError(
            {"planned_at": ValidationError(_("The day lies outside of the project."), code="outside")}
        )
