"""Signed links, their secrets (as hashes), and the requests for new ones."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.messaging.outgoing import MessageChannel, Outgoing, SendingState
from jobfirst.models import append_only

#: The length of a SHA-256 in hexadecimal digits.
HASH_LENGTH = 64


class RecipientKind(models.TextChoices):
    COMPANY_CONTACT = "company_contact", _("Contact person at the company")
    CITIZEN = "citizen", _("Citizen")


class SignedLinkQuerySet(models.QuerySet["SignedLink"]):
    def live(self) -> Self:
        """Return those that are neither used nor revoked; they may have expired."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)

    def messages(self) -> Self:
        """Return those that go out by mail or SMS, without those only shown on a page (`hand_over_link`)."""
        return self.exclude(state=SendingState.SENT, channel="")

    def family_of(self, link: "SignedLink") -> Self:
        """Return the links of the same purpose to the same recipient about the same subject."""
        return self.filter(purpose=link.purpose, subject=link.subject, recipient=link.recipient)


@tracked()
class SignedLink(Outgoing):
    """A link for one purpose, about one subject, to one recipient; of such a family at most one is live.

    `subject` and `recipient` are public ids of rows of higher apps (the citizen is named by the course). Its
    address has a secret and nothing else; stored are only hashes of secrets (`LinkSecret`). `returned_at` is
    set when the mail came back (D52), with the status of the report (RFC 3463); `failed_channel` when the
    link went by another way then.
    """

    purpose = models.CharField(max_length=40)
    subject = models.UUIDField()
    recipient_kind = models.CharField(max_length=20, choices=RecipientKind)
    recipient = models.UUIDField()
    project = models.ForeignKey("accounts.Project", on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10, choices=MessageChannel, blank=True)
    failed_channel = models.CharField(max_length=10, choices=MessageChannel, blank=True)
    language = models.CharField(max_length=10, default="da")
    returned_at = models.DateTimeField(null=True, blank=True)
    return_status = models.CharField(max_length=11, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SignedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["purpose", "subject", "-created_at"], name="accounts_link_subject"),
            models.Index(
                fields=["created_at"],
                condition=Q(state=SendingState.PENDING),
                name="accounts_link_pending",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject", "recipient"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="accounts_link_one_live",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="accounts_link_used_or_revoked",
            ),
            models.CheckConstraint(condition=Outgoing.SENDING_RULE, name="accounts_link_sent"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, return_status="")
                | (Q(returned_at__isnull=False) & ~Q(return_status="")),
                name="accounts_link_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.recipient_kind} {self.state}"

    def is_valid(self, now: datetime.datetime) -> bool:
        """Whether the link may be opened: neither used nor revoked nor expired."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class LinkSecret(models.Model):
    """The hash of a secret that was sent, or was about to be sent, for a link; each attempt makes a new one.

    All secrets of a link are equally good: whichever mail arrives works.
    """

    link = models.ForeignKey(SignedLink, on_delete=models.CASCADE, related_name="secrets")
    secret_hash = models.CharField(max_length=HASH_LENGTH, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("secret of a link")
        verbose_name_plural = _("secrets of links")
        ordering = ["pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.link_id} {self.created_at:%Y-%m-%d %H:%M}"


class LinkRequest(models.Model):
    """That somebody asked for a new link, with the secret of an old one or with something else (D44).

    Stored for every such request alike, and answered later, so that neither the answer nor its time says
    whether there is such a link. `handled_at` is when it was looked up.
    """

    secret_hash = models.CharField(max_length=HASH_LENGTH)
    requested_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("request for a new link")
        verbose_name_plural = _("requests for new links")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["requested_at"],
                condition=Q(handled_at__isnull=True),
                name="accounts_linkrequest_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M}"
