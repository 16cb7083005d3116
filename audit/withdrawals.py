"""Rows that are withdrawn as entered in error: they stay, with who withdrew them and why, and count nowhere
(D41)."""

from typing import Self, TypeVar, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

RowT = TypeVar("RowT", bound=models.Model)


class WithdrawableQuerySet(models.QuerySet[RowT]):
    """Rows that may be withdrawn."""

    def standing(self) -> Self:
        """Return the rows without those withdrawn as entered in error."""
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self) -> Self:
        """Return the rows withdrawn as entered in error."""
        return self.filter(withdrawn_at__isnull=False)


class StandingRows(models.Manager[RowT]):
    """Default manager that leaves out withdrawn rows, so that no reader counts them.

    A model has `objects = StandingRows.from_queryset(ItsQuerySet)()`, and `everything =
    ItsQuerySet.as_manager()` beside it.
    """

    def get_queryset(self) -> WithdrawableQuerySet[RowT]:
        """Return the rows that are not withdrawn."""
        return cast(WithdrawableQuerySet[RowT], super().get_queryset()).standing()


class Withdrawable(models.Model):
    """Base of a row that may be withdrawn; the reason is empty only for a slip of one's own (D41)."""

    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_reason = models.CharField(
        _("why it is withdrawn"), max_length=500, default="", blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was withdrawn as entered in error."""
        return self.withdrawn_at is not None


def withdrawn_by_somebody(name: str) -> models.CheckConstraint:
    """Return the constraint that ties who withdrew a row, and why, to when."""
    return models.CheckConstraint(
        condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
        | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
        name=name,
    )
