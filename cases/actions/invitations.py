"""Calendar invitations of staff to a meeting, as rows that are sent after the commit (D18)."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from cases.models import FollowUpMeeting, MeetingInvitation, SendingState
from jobfirst.messaging.calendar_mail import InvitationMethod


def invite(meeting: FollowUpMeeting, people: Iterable[User]) -> None:
    """Invite the staff to a new meeting. In the transaction that books it."""
    people = list(people)
    meeting.invited.set(people)
    _store(meeting, people, InvitationMethod.REQUEST)


def invite_again(meeting: FollowUpMeeting, people: Iterable[User]) -> None:
    """Tell the calendars of a changed meeting: who stays or is new gets the change, who is no longer invited
    a cancellation. `meeting.sequence` has been increased. In the transaction that changes it."""
    before, people = set(meeting.invited.all()), set(people)
    meeting.invited.set(people)
    _drop_unsent(meeting, people)
    _store(meeting, people, InvitationMethod.REQUEST)
    _store(meeting, _already_invited(meeting, before - people), InvitationMethod.CANCEL)


def cancel_invitations(meeting: FollowUpMeeting) -> None:
    """Tell the calendars that the meeting does not take place. In the transaction that cancels it."""
    _drop_unsent(meeting, meeting.invited.all())
    _store(meeting, _already_invited(meeting, meeting.invited.all()), InvitationMethod.CANCEL)


def _drop_unsent(meeting: FollowUpMeeting, people: Iterable[User]) -> None:
    """Drop the invitations that wait to be sent, and all that waits for `people`: what follows replaces it.

    The cancellation of anybody else still has to be sent. Waits for one that is just being sent.
    """
    is_replaced = Q(method=InvitationMethod.REQUEST) | Q(recipient__in=people)
    meeting.invitations.filter(is_replaced, state=SendingState.PENDING).update(state=SendingState.DROPPED)


def _already_invited(meeting: FollowUpMeeting, people: Iterable[User]) -> list[User]:
    """Return those of the people who have an invitation: only they need a cancellation."""
    sent = meeting.invitations.filter(state=SendingState.SENT)
    recipient_ids = set(sent.values_list("recipient_id", flat=True))
    return [person for person in people if person.pk in recipient_ids]


def _store(meeting: FollowUpMeeting, people: Iterable[User], method: InvitationMethod) -> None:
    if meeting.planned_at is None:
        return
    MeetingInvitation.objects.bulk_create(unsaved_invitation(meeting, person.pk, method) for person in people)


def unsaved_invitation(meeting: FollowUpMeeting, recipient_id: int, method: str) -> MeetingInvitation:
    """Return an invitation to the meeting, or its cancellation, as the meeting is planned now."""
    assert meeting.planned_at is not None  # of a booked meeting
    return MeetingInvitation(
        meeting=meeting,
        recipient_id=recipient_id,
        method=method,
        sequence=meeting.sequence,
        planned_at=meeting.planned_at,
    )
