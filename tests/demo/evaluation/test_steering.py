"""The demo's steering groups: meetings, invitations sent, and some that came back."""

from evaluation.steering.actions.invitations import update_invitations
from evaluation.steering.models import SteeringInvitation, SteeringMeeting
from jobfirst.messaging.outgoing import SendingState


def test_members_are_invited_once_and_where_health_is_missing_a_mail_came_back(demo):
    planned = SteeringMeeting.objects.filter(state="planned")
    invitations = SteeringInvitation.objects.filter(meeting__in=planned)
    assert {invitation.state for invitation in invitations} == {SendingState.SENT}
    returned = invitations.filter(returned_at__isnull=False)
    assert 0 < returned.count() < planned.count()
    number = invitations.count()
    for meeting in planned:
        update_invitations(meeting)
    assert invitations.count() == number
