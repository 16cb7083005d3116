"""Municipalities and the projects of the trial."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.row_security.rules import Shared

#: The highest target count that is accepted; more is a typing error.
MOST_PARTICIPANTS = 100_000


class Municipality(models.Model):
    """A Danish municipality by its official four-digit code (reference data, loaded by migration)."""

    code = models.CharField(
        _("municipality code"), max_length=4, primary_key=True, validators=[RegexValidator(r"^\d{4}$")]
    )
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Project(models.Model):
    """One project of the trial: one municipality or several together (D2), with its own dates (D3)."""

    slug = models.SlugField(_("project"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=120)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    target_count = models.PositiveIntegerField(_("target count"))
    municipalities: "models.ManyToManyField[Municipality, ProjectMunicipality]" = models.ManyToManyField(
        Municipality, through="ProjectMunicipality", related_name="projects", verbose_name=_("municipalities")
    )

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="accounts_project_dates",
                violation_error_message=_("The project must end after it starts."),
            ),
            models.CheckConstraint(condition=Q(target_count__gt=0), name="accounts_project_target"),
        ]

    def __str__(self) -> str:
        return self.name


class ProjectMunicipality(models.Model):
    """A municipality as part of a project; it belongs to at most one project of the trial."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="places")
    municipality = models.OneToOneField(Municipality, on_delete=models.PROTECT, related_name="place")
    is_lead = models.BooleanField(default=False)

    jobfirst_projects = Shared("which municipality takes part in which project is public")

    class Meta:
        ordering = ["-is_lead", "municipality_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(is_lead=True), name="accounts_project_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.municipality_id}"
