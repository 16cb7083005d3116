"""The list of erasures: what a restored backup must erase again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import only_growing
from rights.models.rules import RetentionKind


class Erasure(models.Model):
    """That a citizen, or something of another kind, was erased. No personal data: `subject_hash` is the
    SHA-256 of a random public id, which nothing has any more but a backup made before.

    `number` counts from 1 and is also the line of the list outside the database (`rights.erasure.replay`).
    The persons are the ids of their accounts. `upto` is the last day of the rows of a kind in `BULK_KINDS`.
    """

    number = models.PositiveIntegerField(primary_key=True)
    kind = models.CharField(_("kind of data"), max_length=20, choices=RetentionKind)
    on = models.DateField(_("day"))
    subject_hash = models.BinaryField(max_length=32, unique=True)
    upto = models.DateField(null=True)
    run = models.UUIDField()
    proposed_by = models.BigIntegerField()
    approved_by = models.BigIntegerField()
    erased_at = models.DateTimeField()

    jobfirst_append_only = True
    #: Only the command `erase`, which signs in as the owner of the tables, writes here.
    jobfirst_written_by_owner = True

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["number"]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
