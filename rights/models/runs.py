"""A run of erasure: proposed by one person as a fixed list, approved by another."""

import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from jobfirst.row_security.rules import Shared
from rights.models.rules import RetentionKind


class RunState(models.TextChoices):
    PROPOSED = "proposed", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Annulled")
    DONE = "done", _("Carried out")


class ItemState(models.TextChoices):
    LISTED = "listed", _("Listed")
    ERASED = "erased", _("Erased")
    LEFT = "left", _("Left out")


def hash_of_subject(public_id: uuid.UUID) -> bytes:
    """Return what remains of a subject once it is erased: the SHA-256 of its random public id."""
    return hashlib.sha256(public_id.bytes).digest()


def content_hash(items: "list[ErasureItem]") -> str:
    """Return the SHA-256 (hexadecimal) of the list: kinds, subjects and days, in order.

    It stays the same while subjects are erased and their ids emptied.
    """
    lines = sorted(
        f"{item.kind} {item.hash_of_subject.hex()} {item.begins_on} {item.due_on}" for item in items
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class ErasureRun(models.Model):
    """A list of what is to go of one project (None: of no project): citizens, persons, papers, records.

    `content_hash` is the hash of its items as they were proposed; whoever approves states it. The second
    person is never the first. Who approved it (`decided_by`) stays when it is withdrawn; of a list withdrawn
    while it waited it is whoever did so. What an earlier version withdrew has no `withdrawn_by`. `begun_at`
    is when `erase` began to carry it out.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("day"))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.PROPOSED)
    content_hash = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    jobfirst_projects = Shared("it names citizens by random ids; administrators, who see no project, decide")

    class Meta:
        verbose_name = _("run of erasure")
        verbose_name_plural = _("runs of erasure")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RunState.PROPOSED, decided_by__isnull=True)
                | Q(state=RunState.WITHDRAWN, decided_by__isnull=False)
                | (
                    Q(state__in=[RunState.APPROVED, RunState.DONE], decided_by__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="rights_run_two_persons",
                violation_error_message=_("Whoever proposed the erasure cannot approve it."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class ErasureItem(models.Model):
    """A citizen, or something of another kind, on the list of a run.

    `subject` is the public id, emptied by the erasure (of this list or of another one), which leaves
    `subject_hash`; of a kind in `BULK_KINDS` it is a random id, for all rows up to `begins_on`. `note` is a
    code: why it was left out.
    """

    run = models.ForeignKey(ErasureRun, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(_("kind of data"), max_length=20, choices=RetentionKind)
    subject = models.UUIDField(null=True)
    #: None where the item was erased by a version that did not store it.
    subject_hash = models.BinaryField(max_length=32, null=True)
    begins_on = models.DateField(_("the period began"))
    due_on = models.DateField(_("to be erased from"))
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.LISTED)
    note = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("citizen to be erased")
        verbose_name_plural = _("citizens to be erased")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "subject"], name="rights_item_once"),
            models.CheckConstraint(
                condition=Q(state=ItemState.ERASED, subject__isnull=True)
                | ~Q(state=ItemState.ERASED) & (Q(subject__isnull=False) | Q(subject_hash__isnull=False)),
                name="rights_item_subject_or_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"

    @property
    def hash_of_subject(self) -> bytes:
        """The hash of the subject, erased or not; empty where it is not known any more."""
        if self.subject is not None:
            return hash_of_subject(self.subject)
        return bytes(self.subject_hash or b"")
