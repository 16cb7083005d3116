"""What leaves the system because of a meeting: calendar invitations to staff, and the citizen's appointment
message (D53)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.meetings import FollowUpMeeting
from jobfirst.messaging.calendar_mail import InvitationMethod
from jobfirst.messaging.outgoing import MessageChannel, Outgoing, SendingState


class MeetingMessage(Outgoing):
    """Something sent once because of a meeting; `dropped` when the meeting changed before it was sent."""

    planned_at = models.DateTimeField()

    class Meta:
        abstract = True


@tracked()
class MeetingInvitation(MeetingMessage):
    """A calendar invitation of one person to a meeting, or its cancellation; a change has a higher
    `sequence`."""

    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="invitations")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=10, choices=InvitationMethod)
    sequence = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("invitation to a meeting")
        verbose_name_plural = _("invitations to meetings")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["planned_at"],
                condition=Q(state=SendingState.PENDING),
                name="cases_invitation_pending",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "recipient", "sequence"], name="cases_invitation_once"
            ),
            models.CheckConstraint(condition=Outgoing.SENDING_RULE, name="cases_invitation_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.recipient_id} {self.method} {self.sequence}"


@tracked()
class AppointmentMessage(MeetingMessage):
    """The message to the citizen the day before a meeting, once per meeting, time and channel (D53).

    One that was dropped does not count: the meeting may be moved back. An SMS that is given up is followed by
    a mail, if there is an address.

    `cannot_come_at` is when the citizen answered by the message's link.
    """

    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=10, choices=MessageChannel)
    cannot_come_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("appointment message")
        verbose_name_plural = _("appointment messages")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["planned_at"],
                condition=Q(state=SendingState.PENDING),
                name="cases_appointment_pending",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "planned_at", "channel"],
                condition=~Q(state=SendingState.DROPPED),
                name="cases_appointment_once",
            ),
            models.CheckConstraint(condition=Outgoing.SENDING_RULE, name="cases_appointment_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.channel} {self.state}"
