"""Legal hold: a citizen's data stays, whatever the rules of retention say, while it holds."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from cases.models import Citizen
from jobfirst.values import text_limits


class HoldKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    COURT = "court", _("Court case")
    AUDIT = "audit", _("Audit of the grant")
    REQUEST = "request", _("The citizen's own request")
    OTHER = "other", _("Other")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self, day: datetime.date) -> Self:
        """Return the holds that block an erasure on the day."""
        return self.filter(_in_force(day))

    def with_force(self, day: datetime.date) -> Self:
        """Annotate `is_in_force`: whether the hold blocks an erasure on the day."""
        return self.annotate(is_in_force=ExpressionWrapper(_in_force(day), models.BooleanField()))


def _in_force(day: datetime.date) -> Q:
    return Q(lifted_at=None) & (Q(until_on=None) | Q(until_on__gte=day))


@tracked()
class LegalHold(models.Model):
    """That a citizen's data must not be erased, and why, until a day or (None) until it is lifted."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="legal_holds")
    #: Whose leaders read and lift it; without one only administrators do.
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("because of"), max_length=10, choices=HoldKind)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    until_on = models.DateField(_("until"), null=True, blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(_("why it is lifted"), max_length=text_limits.REASON, blank=True)

    is_in_force: bool  #: where `with_force` has annotated it

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="rights_hold_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_reason="")
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_reason=""),
                name="rights_hold_lifted",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | Q(lifted_at__gte=F("placed_at")), name="rights_hold_order"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
