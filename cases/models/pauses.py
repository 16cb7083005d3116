"""Pauses of a course (D50): illness, treatment or leave."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import CLOSED, DateRange, Record
from jobfirst.values import text_limits
from jobfirst.values.dates import DateSpan


class PauseKind(models.TextChoices):
    """Why a course pauses. Health data: shown to nobody but those who may see the course."""

    ILLNESS = "illness", _("Illness")
    TREATMENT = "treatment", _("Treatment")
    LEAVE = "leave", _("Leave")
    OTHER = "other", _("Other")


@tracked()
class CoursePause(Record):
    """A pause of a course from a first to a last day (None: until further notice); no two overlap.

    It suspends the named kinds of deadlines (`suspended`, their codes) and explains gaps (D22). Draw and
    grant do not know of it.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="pauses")
    kind = models.CharField(_("kind"), max_length=10, choices=PauseKind)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    reason = EncryptedTextField(_("reason"), max_length=text_limits.REASON, blank=True)
    suspended = ArrayField(
        models.CharField(max_length=40), verbose_name=_("suspended reminders"), default=list, blank=True
    )
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="cases_pause_one_at_a_time",
                expressions=[
                    ("course", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", CLOSED), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There is a pause on one of these days already."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cases_pause_dates",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PauseKind.OTHER) | ~Q(reason=""),
                name="cases_pause_reason",
                violation_error_message=_("Write the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_on}"

    @property
    def span(self) -> DateSpan:
        """The days of the pause."""
        return DateSpan(self.starts_on, self.ends_on)
