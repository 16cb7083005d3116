"""Booked meetings follow the team (D8, D18): who gets a function is invited, who leaves it no more."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from cases.models import (
    FollowUpMeeting,
    FunctionHolding,
    InvitationMethod,
    MeetingInvitation,
    MeetingState,
    SendingState,
)

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
    """Bring the invitations to the booked meetings of the courses (ids) up to date with what is done inside.

    For actions that change who holds the functions, in their transaction, under the courses' locks. For each
    meeting that lies ahead:

    1. Compare who holds a function on its day before and afterwards.
    2. Who is new is invited. Who was invited and has no function on that day any more is taken out. All
       others, also people outside the team, stay as they are.
    3. The calendars are told: an invitation, or a cancellation to those who had one. Who stays is not
       written to again, unless the invitation still waits.

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
            if timezone.localdate(_planned_at(meeting)) in holding.span
        )
        for meeting in meetings
    }


def _planned_at(meeting: FollowUpMeeting) -> datetime.datetime:
    assert meeting.planned_at is not None  # of a booked meeting
    return meeting.planned_at


def _changes(
    meetings: Iterable[FollowUpMeeting], before: PeopleByMeeting, after: PeopleByMeeting
) -> Iterator[TeamChange]:
    """Yield the meetings whose people change; one query."""
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
    meeting_ids = [change.meeting.pk for change in changes]
    FollowUpMeeting.objects.filter(pk__in=meeting_ids).update(
        sequence=F("sequence") + 1, version=F("version") + 1
    )
    _store_invitations(changes, meeting_ids)


def _store_invitations(changes: Iterable[TeamChange], meeting_ids: Collection[int]) -> None:
    """Replace the invitations that wait, invite who is new, and cancel for those who were told before.

    Waits for one that is just being sent, and reads only then who was told.
    """
    rows = MeetingInvitation.objects.filter(meeting__in=meeting_ids).order_by("pk")
    pending = list(rows.filter(state=SendingState.PENDING).select_for_update(of=("self",)))
    waiting: dict[int, dict[int, str]] = defaultdict(dict)
    for row in pending:
        waiting[row.meeting_id][row.recipient_id] = row.method
    told: dict[int, set[int]] = defaultdict(set)
    for meeting_id, user_id in rows.filter(state=SendingState.SENT).values_list("meeting", "recipient"):
        told[meeting_id].add(user_id)
    rows.filter(pk__in=[row.pk for row in pending]).update(state=SendingState.DROPPED)
    new_rows = []
    for change in changes:
        meeting = change.meeting
        methods = dict(waiting[meeting.pk])
        methods.update(dict.fromkeys(change.joined, InvitationMethod.REQUEST))
        for user_id in change.left:
            methods.pop(user_id, None)
            if user_id in told[meeting.pk]:
                methods[user_id] = InvitationMethod.CANCEL
        new_rows += [
            MeetingInvitation(
                meeting=meeting,
                recipient_id=user_id,
                method=method,
                sequence=meeting.sequence + 1,
                planned_at=_planned_at(meeting),
            )
            for user_id, method in sorted(methods.items())
        ]
    MeetingInvitation.objects.bulk_create(new_rows, 500)
