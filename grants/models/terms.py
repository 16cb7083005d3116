"""The dated terms of the activity grant (D25–D29)."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from companies.models import PlacementKind
from grants.rules.values import EntitlementTerms
from jobfirst.models import DatedQuerySet, append_only
from jobfirst.values import text_limits

# The reason of the first row, which the migration entered: read in the reader's language.
gettext_noop("Default split 8,000 + 8,000: the sources give 16,000 per participant, not the split.")

#: Kroner for one event: with the most participants a project can aim at, its ceiling still has room.
MOST_KRONER = 1_000_000
AMOUNT = [MinValueValidator(0), MaxValueValidator(MOST_KRONER)]


class GrantTerms(models.Model):
    """The activity grant's terms from a day on (D26–D29). A row is never changed: a later row follows it.

    Amounts in kroner; `ceiling_share` as a fraction. `own_choices` names the fields whose value the sources
    leave open; pages that show them say that they are the project's own choice.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    start_amount = models.DecimalField(_("for the start"), max_digits=10, decimal_places=2, validators=AMOUNT)
    completion_amount = models.DecimalField(
        _("for the completion"), max_digits=10, decimal_places=2, validators=AMOUNT
    )
    completion_days = models.PositiveSmallIntegerField(
        _("days to completion"), validators=[MinValueValidator(1)]
    )
    tolerance_days = models.PositiveSmallIntegerField(_("days a course may be broken"), default=0)
    bridge_non_working_days = models.BooleanField(
        _("weekends and public holidays do not break"), default=True
    )
    counting_kinds = ArrayField(
        models.CharField(max_length=20, choices=PlacementKind), verbose_name=_("kinds that count")
    )
    ceiling_share = models.DecimalField(
        _("the ceiling's share"),
        max_digits=5,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    fixed_grant = models.DecimalField(  # D25
        _("fixed grant per municipality, at most"),
        max_digits=12,
        decimal_places=2,
        default=Decimal("850000.00"),
        validators=[MinValueValidator(0)],
    )
    own_choices = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet["GrantTerms"].as_manager()

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("terms of the grant")
        verbose_name_plural = _("terms of the grant")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start_amount__gte=0, completion_amount__gte=0), name="grants_scheme_amounts"
            ),
            models.CheckConstraint(condition=Q(completion_days__gte=1), name="grants_scheme_days"),
            models.CheckConstraint(
                condition=Q(ceiling_share__gte=0, ceiling_share__lte=1), name="grants_scheme_share"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="grants_scheme_reason"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.valid_from}"

    @property
    def per_participant(self) -> Decimal:
        """What one participant can earn in all, in kroner."""
        return self.start_amount + self.completion_amount

    def as_values(self) -> EntitlementTerms:
        """Return the row as the plain value that `grants.rules.entitlement` reckons with."""
        return EntitlementTerms(
            valid_from=self.valid_from,
            start_amount=self.start_amount,
            completion_amount=self.completion_amount,
            counting_kinds=frozenset(self.counting_kinds),
            completion_days=self.completion_days,
            tolerance_days=self.tolerance_days,
            bridge_non_working_days=self.bridge_non_working_days,
            ceiling_share=self.ceiling_share,
        )
