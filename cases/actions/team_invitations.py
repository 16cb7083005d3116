"""Booked meetings follow the team (D8, D18): a new function holder is invited, a former one taken out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from cases.actions.invitations import unsaved_invitation
from cases.models import (
    FollowUpMeeting,
    FunctionHolding,
    MeetingInvitation,
    MeetingState,
    SendingState,
)
from jobfirst.database.batches import BATCH
from jobfirst.messaging.calendar_mail import InvitationMethod

INVITED = FollowUpMeeting.invited.through

#: The ids of users by the id of a meeting.
PeopleByMeeting = Mapping[int, frozenset[int]]


@dataclass(frozen=True)
class TeamChange:
    """Who is to be invited to a meeting, and who no longer (user ids)."""

    meeting: FollowUpMeeting
    joined: frozenset[int]
    left: frozenset[int]


@contextmanager
def meetings_follow_team(courses: Collection[int]) -> Iterator[None]:
    """Update the invitations to the booked meetings of the courses (ids) after the block.

    For actions that change who holds the functions, in their transaction, under the courses' locks. For each
    meeting that lies ahead:

    1. Compare who holds a function on its day before and afterwards.
    2. Invite the new holders, and take out who was invited and holds no function on that day any more. All
       others, also people outside the team, stay invited.
    3. Store what the calendars get: an invitation, or a cancellation for those who had one. Who stays gets
       nothing again, unless the invitation still waits.

    The number of queries does not depend on the number of courses.
    """
    meetings = list(
        FollowUpMeeting.objects.filter(
            course__in=courses, state=MeetingState.BOOKED, planned_at__gt=timezone.now()
        ).order_by("pk")
    )
    if not meetings:
        yield
        return
    before = _holders(meetings)
    yield
    _apply(list(_changes(meetings, before, _holders(meetings))))


def _holders(meetings: Iterable[FollowUpMeeting]) -> PeopleByMeeting:
    """Return who holds a function of the course on the day of each meeting; one query."""
    of_course: dict[int, list[FunctionHolding]] = defaultdict(list)
    for holding in FunctionHolding.objects.filter(course__in={meeting.course_id for meeting in meetings}):
        of_course[holding.course_id].append(holding)
    return {
        meeting.pk: frozenset(
            holding.user_id
            for holding in of_course[meeting.course_id]
            if meeting.planned_at is not None and timezone.localdate(meeting.planned_at) in holding.span
        )
        for meeting in meetings
    }


def _changes(
    meetings: Iterable[FollowUpMeeting], before: PeopleByMeeting, after: PeopleByMeeting
) -> Iterator[TeamChange]:
    """Yield the meetings that other people are to be invited to; one query."""
    invited: dict[int, set[int]] = defaultdict(set)
    rows = INVITED.objects.filter(followupmeeting__in=[meeting.pk for meeting in meetings])
    for meeting_id, user_id in rows.values_list("followupmeeting_id", "user_id"):
        invited[meeting_id].add(user_id)
    for meeting in meetings:
        joined = after[meeting.pk] - before[meeting.pk] - invited[meeting.pk]
        left = (before[meeting.pk] - after[meeting.pk]) & invited[meeting.pk]
        if joined or left:
            yield TeamChange(meeting, joined, left)


def _apply(changes: Collection[TeamChange]) -> None:
    """Store who is invited now, and the invitations and cancellations that are to be sent."""
    if not changes:
        return
    INVITED.objects.bulk_create(
        INVITED(followupmeeting_id=change.meeting.pk, user_id=user_id)
        for change in changes
        for user_id in sorted(change.joined)
    )
    left = Q(pk__in=[])
    for change in changes:
        if change.left:
            left |= Q(followupmeeting=change.meeting.pk, user__in=change.left)
    INVITED.objects.filter(left).delete()
    meetings = FollowUpMeeting.objects.filter(pk__in=[change.meeting.pk for change in changes])
    meetings.update(sequence=F("sequence") + 1, version=F("version") + 1)
    for change in changes:
        change.meeting.sequence += 1
    _store_invitations(changes)


def _store_invitations(changes: Iterable[TeamChange]) -> None:
    """Replace the invitations that wait, invite who is new, and cancel for those who have an invitation."""
    rows = MeetingInvitation.objects.filter(meeting__in=[change.meeting.pk for change in changes])
    waiting: dict[int, dict[int, str]] = defaultdict(dict)
    recipients: dict[int, set[int]] = defaultdict(set)
    unsent_or_sent = rows.filter(state__in=[SendingState.PENDING, SendingState.SENT])
    # Waits for one that is just being sent, and reads it as sent.
    for row in unsent_or_sent.select_for_update(of=("self",)).order_by("pk"):
        if row.state == SendingState.PENDING:
            waiting[row.meeting_id][row.recipient_id] = row.method
        else:
            recipients[row.meeting_id].add(row.recipient_id)
    rows.filter(state=SendingState.PENDING).update(state=SendingState.DROPPED)
    new_rows: list[MeetingInvitation] = []
    for change in changes:
        meeting = change.meeting
        methods = waiting[meeting.pk] | dict.fromkeys(change.joined, InvitationMethod.REQUEST)
        for user_id in change.left:
            methods.pop(user_id, None)
            if user_id in recipients[meeting.pk]:
                methods[user_id] = InvitationMethod.CANCEL
        new_rows += [
            unsaved_invitation(meeting, user_id, method) for user_id, method in sorted(methods.items())
        ]
    MeetingInvitation.objects.bulk_create(new_rows, BATCH)
