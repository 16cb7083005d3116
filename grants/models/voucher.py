"""Documented costs: vouchers with their files (D25, D31)."""

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project
from audit.history import tracked
from grants.models.award import CostCategory
from jobfirst.models import Erasable, Record

# A voucher may be withdrawn, once, with a reason; everything else about it stays as it was entered.
ONLY_WITHDRAWN = """
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
       OR (to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'version'])
       <> (to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason', 'version']) THEN
        RAISE EXCEPTION 'a voucher is never changed; it may be withdrawn with a reason';
    END IF;
    RETURN NEW;
"""


class VoucherQuerySet(models.QuerySet["Voucher"]):
    """Queries of vouchers."""

    def standing(self) -> "VoucherQuerySet":
        """Return the vouchers that count: those not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


@tracked()
class Voucher(Erasable, Record):
    """One documented cost of a project, in kroner.

    `statutory` costs are the jobcentre's own task: listed apart, never eligible. `for_fixed_grant` marks a
    project leader's salary that documents the fixed grant (D25). The file lies under the data folder by its
    SHA-256, outside everything the web server serves. Of an erased voucher day, category and amount stay.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="vouchers")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    category = models.CharField(_("category"), max_length=20, choices=CostCategory)
    on = models.DateField(_("date"))
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    what = models.CharField(_("what it is for"), max_length=200)
    statutory = models.BooleanField(_("the jobcentre's statutory task, not eligible"), default=False)
    for_fixed_grant = models.BooleanField(
        _("the project leader's salary, for the fixed grant"), default=False
    )
    file_type = models.CharField(max_length=20)
    file_size = models.PositiveIntegerField()
    file_sha256 = models.CharField(max_length=64)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(_("why it is withdrawn"), max_length=500, default="", blank=True)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="grants_voucher_amount"),
            models.CheckConstraint(
                condition=~Q(statutory=True, for_fixed_grant=True), name="grants_voucher_one_purpose"
            ),
            models.CheckConstraint(
                condition=Q(for_fixed_grant=False) | Q(category=CostCategory.MANAGEMENT),
                name="grants_voucher_salary",
                violation_error_message=_("Only the project leader's salary documents the fixed grant."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="grants_voucher_withdrawn",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_withdrawn",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=ONLY_WITHDRAWN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"
