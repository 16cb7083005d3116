"""PDF documents: ordered by a user, made by the worker, stored with their hash."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from grants.models.snapshot import Snapshot
from grants.models.statement import Statement
from jobfirst.models import Record
from jobfirst.row_security.rules import Shared


class DocumentState(models.TextChoices):
    """The state of an ordered document."""

    QUEUED = "queued", _("Waiting")
    DONE = "done", _("Made")
    FAILED = "failed", _("Could not be made")


class Document(Record):
    """A draft or a submitted statement as PDF. A made document is final in the database.

    A draft has a year, a cut-off, and a project unless it is of all projects the user may see; a submitted
    statement is in `statement`, and with its approval sheet in `approved`. `snapshot` is the content of a
    made draft; `again` says that the document was ordered from a snapshot. `citizens` are the public ids of
    the citizens in it.
    """

    statement = models.OneToOneField(
        Statement, null=True, blank=True, on_delete=models.CASCADE, related_name="document"
    )
    approved = models.OneToOneField(
        Statement, null=True, blank=True, on_delete=models.CASCADE, related_name="approved_document"
    )
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    again = models.BooleanField(default=False)
    year = models.PositiveSmallIntegerField()
    cut_off = models.DateField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    moved_at = models.DateTimeField(default=timezone.now)  # when a worker last got further
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True, blank=True)
    name = models.CharField(max_length=120, default="", blank=True)
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    citizens = ArrayField(models.UUIDField(), default=list, blank=True)

    jobfirst_projects = Shared("a draft of several projects names none of them; who ordered it sees it")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DocumentState.DONE)
                | (Q(content__isnull=False, made_at__isnull=False) & ~Q(sha256="")),
                name="grants_document_done",
            ),
            models.CheckConstraint(
                condition=Q(again=False) | Q(snapshot__isnull=False), name="grants_document_again"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="made_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.cut_off} {self.state}"

    @property
    def of_statement(self) -> Statement | None:
        """The submitted or approved statement that it is of; None of a draft."""
        return self.approved or self.statement
