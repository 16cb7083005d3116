"""Snapshots of drafts: the content as it was shown, stored once by its SHA-256, and who saw it when."""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from jobfirst.models import only_growing
from jobfirst.row_security.rules import OfProjects

SHORT = 12


class SnapshotKind(models.TextChoices):
    """How much of a draft a snapshot holds."""

    OVERVIEW = "overview", _("Overview")
    EVENTS = "events", _("All projects with events")
    PROJECT = "project", _("One project")


class ShowingChannel(models.TextChoices):
    """Where a draft was shown: on which page, in which file, or by the command."""

    PAGE = "page", _("Page")
    SUBMISSION = "submission", _("Submission")
    EXPLANATION = "explanation", _("Explanation")
    UNUSED = "unused", _("Spells that gave nothing")
    DIFFERENCE = "difference", _("Comparison")
    XLSX = "xlsx", "Excel"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    PDF = "pdf", "PDF"
    COMMAND = "command", _("Command")


IS_ITS_HASH = """
    IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of what was shown is not that of its content';
    END IF;
    RETURN NEW;
"""


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Queries of snapshots."""

    def with_showings(self) -> "SnapshotQuerySet":
        """Return the snapshots without their content, the last shown first.

        Annotated with `last_shown_at`, `showing_count` and `people`, the names of those who saw it.
        """
        names = ArrayAgg(
            "showings__user__name", distinct=True, filter=Q(showings__user__isnull=False), default=[]
        )
        rows = self.annotate(
            last_shown_at=Max("showings__at"), showing_count=Count("showings", distinct=True), people=names
        )
        return rows.order_by("-last_shown_at", "-pk").select_related("project").defer("content")


class Snapshot(models.Model):
    """A draft as it was shown (D30), identified by the hash of its content: the same content is stored once.

    `content` is canonical JSON (`grants.storage.snapshots`) of all that was shown: figures, events,
    adjustments, of one project every spell with its reason, names as they were, and the terms; citizens by
    pseudonym and public ids. `projects` are the ids of its projects: only users who may see all of them may
    see it. `earned_to_date` and `payable` are its sums in kroner, for lists.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(_("what"), max_length=10, choices=SnapshotKind)
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    projects = ArrayField(models.BigIntegerField())
    year = models.PositiveSmallIntegerField(_("year"))
    cut_off = models.DateField(_("cut-off"))
    earned_to_date = models.DecimalField(_("earned to date"), max_digits=16, decimal_places=2)
    payable = models.DecimalField(_("payable"), max_digits=16, decimal_places=2)
    content = models.TextField()
    first_shown_at = models.DateTimeField(_("first shown"))

    objects = SnapshotQuerySet.as_manager()
    jobfirst_append_only = True

    jobfirst_projects = OfProjects("projects")

    class Meta:
        verbose_name = _("what was shown")
        verbose_name_plural = _("what was shown")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["project", "-first_shown_at"], name="grants_snapshot_project")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=SnapshotKind.PROJECT, project__isnull=False)
                | (~Q(kind=SnapshotKind.PROJECT) & Q(project__isnull=True)),
                name="grants_snapshot_of_project",
            ),
        ]
        triggers = [
            *only_growing(),
            pgtrigger.Trigger(
                name="is_its_hash", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IS_ITS_HASH
            ),
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """The short hash: its first digits, shown on pages and searched by."""
        return self.sha256[:SHORT]


class Showing(models.Model):
    """A snapshot was shown to a user on a channel: one row a day, however often.

    Without a user it was shown by the command.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="showings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    way = models.CharField(_("how"), max_length=12, choices=ShowingChannel)
    on = models.DateField(_("date"))
    at = models.DateTimeField(_("first that day"))

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("showing")
        verbose_name_plural = _("showings")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "user", "way", "on"], nulls_distinct=False, name="grants_showing_once"
            ),
        ]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.on} {self.way}"
