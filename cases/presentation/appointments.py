"""What became of the appointment messages of a booked meeting, in words for the team (D53)."""

from django.utils.translation import gettext as _

from cases.models import FollowUpMeeting, MeetingState, MessageChannel, SendingState


def message_trouble(meeting: FollowUpMeeting) -> str:
    """Return what the team should know: that an SMS was given up, or no message reached the citizen; else "".

    Reads `meeting.messages`.
    """
    if meeting.state != MeetingState.BOOKED:
        return ""
    states = {
        message.channel: message.state
        for message in meeting.messages.all()
        if message.planned_at == meeting.planned_at and message.state != SendingState.DROPPED
    }
    if SendingState.DEAD not in states.values():
        return ""
    mail = states.get(MessageChannel.EMAIL)
    if mail == SendingState.SENT:
        return _("The SMS about the meeting could not be sent. The citizen got an e-mail instead.")
    if mail == SendingState.PENDING:
        return _("The SMS about the meeting could not be sent. An e-mail is on its way instead.")
    return _("The message about the meeting could not be sent. Call the citizen.")
