"""Invitations of the members to a meeting of the steering group, and cancellations."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from evaluation.steering.models.meetings import SteeringMeeting
from evaluation.steering.models.members import SteeringMember
from jobfirst.messaging.calendar_mail import InvitationMethod
from jobfirst.messaging.outgoing import Outgoing, SendingState


@tracked()
class SteeringInvitation(Outgoing):
    """What a member's calendar is told of a meeting: time and place then; a later one has a higher
    `sequence`.

    `sent_to` is the address that it was sent to (empty for those sent before it was stored). `returned_at` is
    set when the mail came back (D52), with the status that the mail server reported.
    """

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="invitations")
    member = models.ForeignKey(SteeringMember, on_delete=models.PROTECT, related_name="invitations")
    method = models.CharField(max_length=10, choices=InvitationMethod)
    sequence = models.PositiveIntegerField()
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=150, blank=True)
    sent_to = models.EmailField(blank=True, default="")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_status = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        verbose_name = _("invitation to the steering group")
        verbose_name_plural = _("invitations to the steering group")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["planned_at"],
                condition=Q(state=SendingState.PENDING),
                name="evaluation_steering_pending",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member", "sequence"], name="evaluation_steering_invited_once"
            ),
            models.CheckConstraint(condition=Outgoing.SENDING_RULE, name="evaluation_steering_invited_sent"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, return_status="")
                | (Q(returned_at__isnull=False) & ~Q(return_status="")),
                name="evaluation_steering_invited_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.member_id} {self.method} {self.sequence}"
