"""What was corrected of a citizen's referral or course, by whom and why (D39-D41)."""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.citizen import Referral
from jobfirst.models import append_only
from jobfirst.values import text_limits


class CorrectionKind(models.TextChoices):
    """What was done; the end of a course is an entry too, so that its correction has what it corrects."""

    NAME = "name", _("The name was corrected")
    NUMBER = "number", _("The CPR number was replaced")
    FACTS = "facts", _("The referral was corrected")
    WITHDRAWN = "withdrawn", _("The referral was taken back")
    STANDS_AGAIN = "stands_again", _("The referral stands again")
    ENDED = "ended", _("The course was ended")
    END_CORRECTED = "end_corrected", _("The end of the course was corrected")
    REOPENED = "reopened", _("The course was reopened")

    @classmethod
    def of_courses(cls) -> "list[CorrectionKind]":
        """Return the kinds that tell of the course, and are for those who may open it."""
        return [cls.ENDED, cls.END_CORRECTED, cls.REOPENED]


class CaseCorrection(models.Model):
    """An entry about a referral, or the course that the draw made of it: never changed.

    `changes` are the fields with their values before and after: codes, ISO days and names, never a CPR
    number. `effects` is what ended with a course (`cases.actions.ending`), so that reopening can undo it.
    Only the referral's own project sees it (D39).
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(_("what was done"), max_length=20, choices=CorrectionKind)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON, blank=True)
    changes: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    effects: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    submission = models.UUIDField(null=True, unique=True, default=None)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("correction of a referral or course")
        verbose_name_plural = _("corrections of referrals and courses")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.ENDED) | ~Q(reason=""), name="cases_case_correction_reason"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.referral_id} {self.kind}"

    @property
    def made_on(self) -> datetime.date:
        """The day of the correction."""
        return timezone.localdate(self.made_at)

    @staticmethod
    def submitted(submission: uuid.UUID | None) -> "CaseCorrection | None":
        """Return the entry that this form made before, if any."""
        if submission is None:
            return None
        return CaseCorrection.objects.filter(submission=submission).first()
