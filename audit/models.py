"""Records of who saw which citizens, and of corrections with their reasons. (Changes as such are recorded in
the event tables of django-pghistory.)"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import append_only


class AccessOutcome(models.TextChoices):
    SHOWN = "shown", _("Shown")
    REFUSED = "refused", _("Refused")


class AccessRecord(models.Model):
    """A page, export or refusal that concerned citizens. Written in the same request as the answer.

    `citizens` holds public ids, never names or CPR numbers. `asked_for` is the id in the address of a refused
    request, which may not exist.
    """

    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=10, choices=AccessOutcome)
    citizens = ArrayField(models.UUIDField(), default=list)
    asked_for = models.CharField(max_length=80, blank=True)
    reason = models.TextField(blank=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["-pk"]
        indexes = [
            GinIndex(fields=["citizens"], name="audit_access_citizens"),
            models.Index(fields=["user", "-at"], name="audit_access_user"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.outcome}"


class CorrectionAct(models.TextChoices):
    CORRECTED = "corrected", _("Corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn as entered in error")
    RESTORED = "restored", _("Stands again")


class Correction(models.Model):
    """That somebody corrected, withdrew or restored a row, and why (D41).

    `label` names its model and `subject` is its public id. `before` are the values that were replaced, by
    field. The reason is empty only for a slip of one's own.
    """

    label = models.CharField(max_length=80)
    subject = models.UUIDField()
    act = models.CharField(max_length=10, choices=CorrectionAct)
    reason = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject"], name="audit_correction_subject")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.label} {self.act}"
