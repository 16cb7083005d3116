"""Companies and workplaces that were registered twice: one row stays, and the merge can be undone."""

from typing import Self, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.company import Company, Workplace
from jobfirst.models import Record

MergeT = TypeVar("MergeT", bound="MergeRecord")


class MergeQuerySet(models.QuerySet[MergeT]):
    """Merges of two rows."""

    def standing(self) -> Self:
        """Return the merges that are not undone."""
        return self.filter(undone_at__isnull=True)

    def duplicates(self) -> "models.QuerySet[MergeT, int]":
        """Return the ids of the rows that are merged into others, for lists that leave them out."""
        return self.standing().values_list("duplicate_id", flat=True)


class MergeRecord(Record):
    """That two rows are the same; a subclass has their keys, `duplicate` and `remaining`.

    The duplicate stays as a row that leads to the one that remains. `changes` is what was done to which rows,
    in order: model and id, and the values before and after, or that the row was removed. The texts of a
    removed row are in its history.
    """

    duplicate_id: int
    remaining_id: int
    reason = models.CharField(_("why they are the same"), max_length=500)
    changes = models.JSONField(default=list, editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.duplicate_id} > {self.remaining_id}"


def _constraints(prefix: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(
            fields=["duplicate"], condition=Q(undone_at__isnull=True), name=f"{prefix}_once"
        ),
        models.CheckConstraint(condition=~Q(duplicate=F("remaining")), name=f"{prefix}_other"),
        models.CheckConstraint(
            condition=Q(undone_at__isnull=True, undone_by__isnull=True)
            | Q(undone_at__isnull=False, undone_by__isnull=False),
            name=f"{prefix}_undone",
        ),
    ]


def _triggers() -> list[pgtrigger.Trigger]:
    return [
        pgtrigger.ReadOnly(name="what_moved_is_final", fields=["duplicate", "remaining", "changes"]),
        pgtrigger.Protect(
            name="undone_stays",
            operation=pgtrigger.Update | pgtrigger.Delete,
            condition=pgtrigger.Q(old__undone_at__isnull=False),
        ),
    ]


@tracked()
class CompanyMerge(MergeRecord):
    """That two records are the same company: what was at `duplicate` is at `remaining`.

    The CVR number of the duplicate leads to the company that remains.
    """

    duplicate = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="merges")
    remaining = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="absorbed")

    objects = MergeQuerySet["CompanyMerge"].as_manager()

    class Meta(MergeRecord.Meta):
        verbose_name = _("merge of two companies")
        verbose_name_plural = _("merges of companies")
        constraints = _constraints("companies_merge")
        triggers = _triggers()


@tracked()
class WorkplaceMerge(MergeRecord):
    """That two workplaces of one company are the same: what was at `duplicate` is at `remaining`.

    The duplicate is closed. Its P-number leads to the workplace that remains.
    """

    duplicate = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="merges")
    remaining = models.ForeignKey(Workplace, on_delete=models.PROTECT, related_name="absorbed")

    objects = MergeQuerySet["WorkplaceMerge"].as_manager()

    class Meta(MergeRecord.Meta):
        verbose_name = _("merge of two workplaces")
        verbose_name_plural = _("merges of workplaces")
        constraints = _constraints("companies_workplace_merge")
        triggers = _triggers()
