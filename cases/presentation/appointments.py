"""What became of the appointment messages of a booked meeting, in words for the team (D53)."""

from django.utils.translation import gettext as _

from cases.models import FollowUpMeeting, MeetingState, MessageChannel, SendingState


def message_trouble(meeting: FollowUpMeeting) -> str:
    """Return what the team should know: that an SMS was given up, no message reached the citizen, or the last
    one named another time (a meeting moved away and back is told once); else "".

    Reads `meeting.messages`.
    """
    if meeting.state != MeetingState.BOOKED:
        return ""
    stored = [message for message in meeting.messages.all() if message.state != SendingState.DROPPED]
    states = {
        message.channel: message.state for message in stored if message.planned_at == meeting.planned_at
    }
    sent = [message.planned_at for message in stored if message.state == SendingState.SENT]
    if states and sent and sent[-1] != meeting.planned_at and SendingState.PENDING not in states.values():
        return _("The last message to the citizen named another time. Call the citizen.")
    if SendingState.DEAD not in states.values():
        return ""
    mail = states.get(MessageChannel.EMAIL)
    if mail == SendingState.SENT:
        return _("The SMS about the meeting could not be sent. The citizen got an e-mail instead.")
    if mail == SendingState.PENDING:
        return _("The SMS about the meeting could not be sent. An e-mail is on its way instead.")
    return _("The message about the meeting could not be sent. Call the citizen.")
