"""Who is told of a meeting by mail, as rows that are sent after the commit."""

import datetime
from collections import defaultdict

from django.utils import timezone

from accounts.models import Project
from evaluation.steering.models import (
    SteeringInvitation,
    SteeringMeeting,
    SteeringMember,
    SteeringState,
)
from jobfirst import clock
from jobfirst.messaging.calendar_mail import InvitationMethod
from jobfirst.messaging.outgoing import SendingState


def invite_to_meetings_ahead(project: Project) -> None:
    """Bring the invitations to all planned meetings of the project up to date: members have changed."""
    for meeting in SteeringMeeting.objects.ahead(clock.now()).filter(project=project).order_by("pk"):
        update_invitations(meeting)


def update_invitations(meeting: SteeringMeeting) -> None:
    """Store what the members' calendars are still to be told of the meeting. Idempotent; in the transaction
    that changed the meeting or the members, under the project's lock.

    1. Read what each member was told last; this waits for a mail that is just being sent.
    2. Whoever belongs to the group on the day, has an address and was not told this time and place there gets
       an invitation; what waited is dropped.
    3. Whoever was invited and is no longer wanted gets a cancellation, but only if the invitation was sent.
    """
    history: dict[int, list[SteeringInvitation]] = defaultdict(list)
    rows = SteeringInvitation.objects.filter(meeting=meeting).select_related("member").order_by("sequence")
    for row in rows.select_for_update(of=("self",)):
        history[row.member_id].append(row)
    wanted = _wanted(meeting)
    new_rows = []
    for member_id in sorted({*history, *wanted}):
        invitation = _next(meeting, member_id, history[member_id], is_wanted=member_id in wanted)
        if invitation is not None:
            new_rows.append(invitation)
    SteeringInvitation.objects.bulk_create(new_rows)


def _wanted(meeting: SteeringMeeting) -> set[int]:
    """Return the ids of the members who are to come; nobody to a meeting that is over or cancelled."""
    if meeting.state != SteeringState.PLANNED or meeting.planned_at <= clock.now():
        return set()
    members = SteeringMember.objects.on(local_day(meeting)).filter(project=meeting.project_id)
    return set(members.exclude(email="").values_list("pk", flat=True))


def local_day(meeting: SteeringMeeting) -> datetime.date:
    """Return the day on which the meeting is planned."""
    return timezone.localdate(meeting.planned_at)


def _next(
    meeting: SteeringMeeting, member_id: int, history: list[SteeringInvitation], *, is_wanted: bool
) -> SteeringInvitation | None:
    """Return what the member is to be told now, if anything; what waits and no longer holds is dropped."""
    for row in history:
        if row.state == SendingState.PENDING and not _says(row, meeting, is_wanted):
            row.state = SendingState.DROPPED
            row.save(update_fields=["state"])
    earlier = [row for row in history if row.state == SendingState.PENDING or _reached(row)]
    last = earlier[-1] if earlier else None
    if last is None and not is_wanted:
        return None
    if last is not None and _says(last, meeting, is_wanted):
        return None
    return SteeringInvitation(
        meeting=meeting,
        member_id=member_id,
        method=InvitationMethod.REQUEST if is_wanted else InvitationMethod.CANCEL,
        sequence=history[-1].sequence + 1 if history else 0,
        planned_at=meeting.planned_at,
        place=meeting.place,
    )


def _reached(row: SteeringInvitation) -> bool:
    """Whether it was sent to the address that the member has now."""
    return row.state == SendingState.SENT and row.sent_to in ("", row.member.email)


def _says(row: SteeringInvitation, meeting: SteeringMeeting, is_wanted: bool) -> bool:
    """Whether the row tells what holds now."""
    if not is_wanted:
        return row.method == InvitationMethod.CANCEL
    place_and_time = (row.planned_at, row.place)
    return row.method == InvitationMethod.REQUEST and place_and_time == (meeting.planned_at, meeting.place)
