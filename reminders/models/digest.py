"""Who was told of what, and the mails that told it (D33, D34)."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from reminders.models.deadline import SubjectType


class ReminderReason(models.TextChoices):
    """Why somebody is told: it is theirs to do, long overdue with others, or news about the subject."""

    DUE = "due", _("Due")
    ESCALATED = "escalated", _("Long overdue")
    NOTICE = "notice", _("Notice")


class Reminder(models.Model):
    """Reminds `recipient` that `kind` is due for the subject on `due_on`, or tells news of that day.

    One row per kind, subject, recipient and due day, ever, made by the day's round from the deadlines;
    `sent_at` is the moment the first mail that carried it had left. What stops being due and becomes due
    again is not told as news a second time.
    """

    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=10, choices=SubjectType)
    subject = models.CharField(max_length=50)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField(_("due"))
    reason = models.CharField(
        max_length=10, choices=ReminderReason, default=ReminderReason.DUE, db_default=ReminderReason.DUE
    )
    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["due_on", "kind", "subject", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(reason=ReminderReason.NOTICE),
                name="reminders_reminder_notice",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject", "recipient", "due_on"], name="reminders_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(subject="") & Q(subject_type__in=SubjectType.values),
                name="reminders_subject",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=ReminderReason.values), name="reminders_reminder_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.due_on}"


class DigestState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Dropped")


class Digest(models.Model):
    """The mail of a recipient on a day, at most one (D33); `items` are its reminders.

    It is `pending` until the mail server has accepted it. It is `dropped` when it was not sent and a later
    digest took over its items, or when none of its reminders was due any more. `public_id` is the mail's
    Message-ID, the same at every attempt.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    state = models.CharField(max_length=10, choices=DigestState, default=DigestState.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=80, blank=True)  # type and code of the error, without its text
    reminders: "models.ManyToManyField[Reminder, DigestItem]" = models.ManyToManyField(
        Reminder, through="DigestItem", related_name="digests"
    )

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["on", "recipient_id"]
        indexes = [
            models.Index(
                fields=["on"], condition=Q(state=DigestState.PENDING), name="reminders_digest_pending"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "on"],
                condition=~Q(state=DigestState.DROPPED),
                name="reminders_one_digest_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=DigestState.PENDING, sent_at__isnull=True, dropped_at__isnull=True)
                | Q(state=DigestState.SENT, sent_at__isnull=False, dropped_at__isnull=True)
                | Q(state=DigestState.DROPPED, sent_at__isnull=True, dropped_at__isnull=False),
                name="reminders_digest_state",
            ),
            models.CheckConstraint(
                condition=Q(attempts=0, attempted_at__isnull=True)
                | Q(attempts__gt=0, attempted_at__isnull=False),
                name="reminders_digest_attempts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.recipient_id} {self.state}"


class DigestItem(models.Model):
    """A reminder in a digest: new, or repeated because it is still open.

    A reminder is new in one digest only (a constraint).
    """

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="items")
    is_new = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "reminder"], name="reminders_item_once"),
            models.UniqueConstraint(
                fields=["reminder"], condition=Q(is_new=True), name="reminders_news_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest_id} {self.reminder_id}"


class Round(models.Model):
    """A day whose digests have all been made. Later ticks of the day make none then."""

    on = models.DateField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on}"
