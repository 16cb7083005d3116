"""Companies that were registered twice and put together: one record stays, and the merge can be undone."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.company import Company
from jobfirst.models import Record


class CompanyMergeQuerySet(models.QuerySet["CompanyMerge"]):
    def standing(self) -> "CompanyMergeQuerySet":
        """Return the merges that are not undone."""
        return self.filter(undone_at__isnull=True)

    def duplicates(self) -> "models.QuerySet[CompanyMerge, int]":
        """Return the ids of the companies that are merged into others, for lists that leave them out."""
        return self.standing().values_list("duplicate_id", flat=True)


@tracked()
class CompanyMerge(Record):
    """That `duplicate` and `remaining` are the same company: what was at the first is at the second.

    The duplicate stays as a row whose CVR number leads to the company that remains. `changes` is what was
    done to which rows, in order: model and id, and the values of keys before and after, or that the row was
    removed. It has ids alone: the texts of a removed row are in its history.
    """

    duplicate = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="merges")
    remaining = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="absorbed")
    reason = models.CharField(_("why they are the same"), max_length=500)
    changes = models.JSONField(default=list, editable=False)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = CompanyMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge of two companies")
        verbose_name_plural = _("merges of companies")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"], condition=Q(undone_at__isnull=True), name="companies_merge_once"
            ),
            models.CheckConstraint(condition=~Q(duplicate=F("remaining")), name="companies_merge_other"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="companies_merge_undone",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="what_moved_is_final", fields=["duplicate", "remaining", "changes"]),
            pgtrigger.Protect(
                name="undone_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} > {self.remaining_id}"
