"""Hand-over notes (D57) and default teams (D43)."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Absence, Membership, Municipality, Project
from audit.history import tracked
from cases.models.course import CourseFunction, FunctionHolding
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


@tracked()
class HandoverNote(Record):
    """What a new holder of a function must know: open promises, worries and the next step (D57).

    `read_by` is the holder (or the stand-in) who has read it.
    """

    holding = models.OneToOneField(FunctionHolding, on_delete=models.CASCADE, related_name="handover_note")
    promises = EncryptedTextField(_("open promises"), max_length=text_limits.COMMENT, blank=True)
    worries = EncryptedTextField(_("worries"), max_length=text_limits.COMMENT, blank=True)
    next_step = EncryptedTextField(_("next step"), max_length=text_limits.COMMENT, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("hand-over note")
        verbose_name_plural = _("hand-over notes")
        constraints = [
            models.CheckConstraint(
                condition=~Q(promises="", worries="", next_step=""),
                name="cases_handover_note_written",
                violation_error_message=_("Write at least one of promises, worries and next step."),
            ),
            models.CheckConstraint(
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False),
                name="cases_handover_note_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holding_id}"


class DefaultTeamQuerySet(models.QuerySet["DefaultTeamMember"]):
    def able_on(self, day: datetime.date) -> "DefaultTeamQuerySet":
        """Return those who can take a function over on the day: with an open account and the role, not
        absent."""
        roles = Membership.objects.filter(
            user=models.OuterRef("user"), project=models.OuterRef("project"), role=models.OuterRef("function")
        )
        absences = Absence.objects.covering(day).filter(
            user=models.OuterRef("user"), project=models.OuterRef("project")
        )
        return self.filter(models.Exists(roles), ~models.Exists(absences), user__is_active=True)


@tracked()
class DefaultTeamMember(models.Model):
    """Who gets a function of a new course of a municipality (D43)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="default_team")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(_("function"), max_length=30, choices=CourseFunction)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    objects = DefaultTeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the default team")
        verbose_name_plural = _("default team")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "municipality", "function"], name="cases_default_team_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.municipality_id} {self.function}"
