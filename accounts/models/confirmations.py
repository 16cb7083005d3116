"""What a second administrator must confirm."""

import datetime
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.projects import Project
from accounts.models.users import User
from accounts.roles import Role
from audit.history import tracked
from jobfirst.row_security.rules import Shared


class RequestKind(models.TextChoices):
    ROLE = "role", _("Give a role")
    SECOND_STEP = "second_step", _("Reset the second step of sign-in")


class RequestOutcome(models.TextChoices):
    OPEN = "", _("Waits for another administrator")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Turned down")
    EXPIRED = "expired", _("Ran out unconfirmed")


class AccountRequestQuerySet(models.QuerySet["AccountRequest"]):
    def waiting(self, now: datetime.datetime) -> "AccountRequestQuerySet":
        """Return those that can be confirmed now, the oldest first."""
        return self.filter(outcome=RequestOutcome.OPEN, expires_at__gt=now).order_by("asked_at", "pk")

    def lapsed(self, now: datetime.datetime) -> "AccountRequestQuerySet":
        """Return those that nobody decided in time."""
        return self.filter(outcome=RequestOutcome.OPEN, expires_at__lte=now)


@tracked()
class AccountRequest(models.Model):
    """A change of an account that one administrator has asked for and another one confirms.

    `decided_by` is empty when it was confirmed on the server (command confirm_request).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=RequestKind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role, blank=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=RequestOutcome, blank=True, default=RequestOutcome.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["AccountRequest"]] = AccountRequestQuerySet.as_manager()

    jobfirst_projects = Shared("a change of an account waits for administrators, who see no project")

    class Meta:
        verbose_name = _("change that waits for a second administrator")
        verbose_name_plural = _("changes that wait for a second administrator")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "person", "role", "project"],
                nulls_distinct=False,
                condition=Q(outcome=""),
                name="accounts_request_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | ~Q(outcome="") & Q(decided_at__isnull=False),
                name="accounts_request_decided",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="confirmed")
                | Q(decided_by__isnull=True)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("person"))),
                name="accounts_request_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind="second_step") | ~Q(asked_by=F("person")),
                name="accounts_request_reset_of_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="role") & ~Q(role="") | Q(kind="second_step", role="", project__isnull=True),
                name="accounts_request_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.role} of {self.person_id}"
