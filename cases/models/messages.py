"""What leaves the system because of a meeting: calendar invitations to staff, and the citizen's appointment
message (D53)."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.meetings import FollowUpMeeting


class SendingState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    DROPPED = "dropped", _("Dropped")


class Outgoing(models.Model):
    """Something to be sent once: a row first, sent after the commit by `cases.messaging.delivery`.

    It is `pending` until a server has accepted it, `dead` when it was refused for good or failed too often,
    and `dropped` when the meeting changed before it was sent. `public_id` names it at every attempt.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    planned_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=SendingState, default=SendingState.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True)  # type and code of the error, without its text

    SENDING_RULE: ClassVar[Q] = Q(state=SendingState.SENT, sent_at__isnull=False) | (
        ~Q(state=SendingState.SENT) & Q(sent_at__isnull=True)
    )

    class Meta:
        abstract = True


class InvitationMethod(models.TextChoices):
    REQUEST = "REQUEST", _("Invitation")
    CANCEL = "CANCEL", _("Cancellation")


@tracked()
class MeetingInvitation(Outgoing):
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


class MessageChannel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


@tracked()
class AppointmentMessage(Outgoing):
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
