"""The base of tables whose rows are sent once by mail or SMS."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageChannel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")


class SendingState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DEAD = "dead", _("Given up")
    DROPPED = "dropped", _("Dropped")


class Outgoing(models.Model):
    """Something to be sent once: a row first, sent after the commit (`jobfirst.messaging.delivery`).

    It is `pending` until a server has accepted it, `dead` when it was refused for good or failed too often,
    and `dropped` when it was no longer wanted before it was sent. `public_id` names it at every attempt.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
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
