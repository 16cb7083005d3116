"""The unfinished form of a plan for job."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Course


class PlanDraft(models.Model):
    """What a user has typed into the form of the plan for job and not saved yet; one per course and user.

    `values` are the form's own texts by field, with the version that the form was opened on.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="plan_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft of a plan for job")
        verbose_name_plural = _("drafts of plans for job")
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="plans_draft_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.user_id}"
