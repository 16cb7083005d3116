"""What has become of the invitations to a meeting of the steering group (D52)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluation.steering.actions.invitations import local_day
from evaluation.steering.areas import members_on
from evaluation.steering.models import SteeringInvitation, SteeringMeeting, SteeringMember
from jobfirst.messaging.outgoing import SendingState


@dataclass(frozen=True)
class MemberInvitation:
    """A member who belongs to the group on the day of the meeting, and what the person was sent last."""

    member: SteeringMember
    invitation: SteeringInvitation | None

    @property
    def is_returned(self) -> bool:
        """Whether it came back from the address that the member has now."""
        sent = self.invitation
        return sent is not None and sent.returned_at is not None and sent.sent_to in ("", self.member.email)

    @property
    def is_missed(self) -> bool:
        """Whether the member does not know of the meeting by mail: no address, refused or came back."""
        sent = self.invitation
        return not self.member.email or sent is None or sent.state == SendingState.DEAD or self.is_returned

    @property
    def words(self) -> str:
        """What has become of the invitation, in words."""
        sent = self.invitation
        if not self.member.email:
            return _("No e-mail address: gets no invitations")
        if sent is None:
            return _("Not invited")
        if self.is_returned:
            return _("The invitation came back on %(day)s") % {"day": _day(sent.returned_at)}
        if sent.state == SendingState.DEAD:
            return _("The invitation could not be delivered")
        if sent.state == SendingState.SENT:
            return _("Invited on %(day)s") % {"day": _day(sent.sent_at)}
        return _("The invitation is on its way")


def _day(moment: datetime.datetime | None) -> str:
    """Return the day of a moment in words."""
    return date_format(timezone.localtime(moment), "j. F")


def invitations_of(meeting: SteeringMeeting, members: Iterable[SteeringMember]) -> list[MemberInvitation]:
    """Return the members on the day of the meeting, each with the latest invitation; one query.

    `members` are all of the group.
    """
    latest = _latest(meeting.invitations.all())
    invited = members_on(members, local_day(meeting))
    return [MemberInvitation(member, latest.get(member.pk)) for member in invited]


def members_with_returned_mail(members: Iterable[SteeringMember]) -> set[int]:
    """Return the ids of the members whose last mail came back from their current address; one query."""
    by_id = {member.pk: member for member in members}
    latest = _latest(SteeringInvitation.objects.filter(member__in=by_id))
    return {pk for pk, invitation in latest.items() if MemberInvitation(by_id[pk], invitation).is_returned}


def _latest(invitations: Iterable[SteeringInvitation]) -> dict[int, SteeringInvitation]:
    """Return the last invitation of each member that was not dropped, by the member's id."""
    return {
        invitation.member_id: invitation
        for invitation in sorted(invitations, key=lambda invitation: invitation.pk)
        if invitation.state != SendingState.DROPPED
    }
