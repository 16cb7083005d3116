"""The job goals of a course, in versions (D12)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


@tracked()
class JobGoal(Record):
    """A version of the citizen's job goals: functions, workplaces or both, and why it was changed (D10)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="job_goals")
    number = models.PositiveSmallIntegerField(_("version"))
    functions = EncryptedTextField(_("job functions"), max_length=text_limits.COMMENT, blank=True)
    workplaces = EncryptedTextField(_("workplaces"), max_length=text_limits.COMMENT, blank=True)
    reason = EncryptedTextField(_("reason for the change"), max_length=text_limits.REASON, blank=True)
    set_on = models.DateField(_("set on"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("job goal")
        verbose_name_plural = _("job goals")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="cases_goal_version"),
            models.CheckConstraint(
                condition=~Q(functions="") | ~Q(workplaces=""),
                name="cases_goal_concrete",
                violation_error_message=_("Write at least one job function or one workplace."),
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="cases_goal_reason",
                violation_error_message=_("Write why the job goal is changed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"
