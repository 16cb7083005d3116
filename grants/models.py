"""The scheme's dated terms, and the statements that were approved: what has been paid, and for what."""

import datetime
from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from cases.models import Course
from companies.models import PlacementKind
from grants.entitlement import Terms
from jobfirst.models import Record


class GrantScheme(models.Model):
    """The activity grant's terms from a day on (D26–D29). A row is never changed: a later row follows it.

    Amounts in kroner; `ceiling_share` as a fraction. `own_choices` names the fields whose value the sources
    leave open; pages that show them say that they are the project's own choice.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    start_amount = models.DecimalField(
        _("for the start"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )
    completion_amount = models.DecimalField(
        _("for the completion"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
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
    own_choices = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    reason = models.TextField(_("reason"))
    created_at = models.DateTimeField(auto_now_add=True)

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
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    @property
    def per_participant(self) -> Decimal:
        """What one participant can earn in all, in kroner."""
        return self.start_amount + self.completion_amount

    def terms(self) -> Terms:
        """The row as `grants.entitlement` reckons with it."""
        return Terms(
            valid_from=self.valid_from,
            start_amount=self.start_amount,
            completion_amount=self.completion_amount,
            counting_kinds=frozenset(self.counting_kinds),
            completion_days=self.completion_days,
            tolerance_days=self.tolerance_days,
            bridge_non_working_days=self.bridge_non_working_days,
            ceiling_share=self.ceiling_share,
        )


class StatementQuerySet(models.QuerySet["Statement"]):
    def approved(self) -> "StatementQuerySet":
        """Statements that a second person approved: only these have paid anything (D30)."""
        return self.filter(approved_at__isnull=False)

    def paid_by_project(self, cut_off: datetime.date) -> dict[int, Decimal]:
        """Kroner paid per project id by approved statements with a cut-off on or before the given one."""
        paid = self.approved().filter(cut_off__lte=cut_off).order_by().values("project_id")
        return dict(paid.annotate(sum=Sum("paid")).values_list("project_id", "sum"))


@tracked()
class Statement(Record):
    """A project's statement of a year as it was presented and, once approved, paid (D30). Kroner.

    `payable` may be negative when earlier statements paid more than is now earned; then nothing is paid and
    the sum is carried over, because the next statement again subtracts only what was really paid. An
    approved statement and its lines are frozen by the database.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="statements")
    year = models.PositiveSmallIntegerField(_("year"))
    cut_off = models.DateField(_("cut-off"))
    target_count = models.PositiveIntegerField(_("target count"))
    ceiling = models.DecimalField(_("ceiling"), max_digits=14, decimal_places=2)
    starts = models.PositiveIntegerField(_("starts"))
    completions = models.PositiveIntegerField(_("completions"))
    earned_to_date = models.DecimalField(_("earned to date"), max_digits=14, decimal_places=2)
    paid_before = models.DecimalField(_("paid before"), max_digits=14, decimal_places=2)
    payable = models.DecimalField(_("payable"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["project", "cut_off"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "cut_off"],
                name="grants_statement_once",
                violation_error_message=_("The project already has a statement with this cut-off."),
            ),
            models.CheckConstraint(
                condition=Q(payable=Least("earned_to_date", "ceiling") - F("paid_before")),
                name="grants_statement_payable",
            ),
            models.CheckConstraint(
                condition=Q(paid=Greatest("payable", Decimal("0.00"))), name="grants_statement_paid"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | (
                    Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("prepared_by"))
                ),
                name="grants_statement_second_person",
                violation_error_message=_("Nobody approves a statement they prepared themselves."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="approved_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__approved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.cut_off}"


class EventKind(models.TextChoices):
    START = "start", _("Start of a company course")
    COMPLETION = "completion", _("Completion of 13 weeks")


# The share lock makes a line and the approval of its statement wait for each other.
LINE_IS_FINAL = """
    IF TG_OP <> 'INSERT' THEN
        PERFORM 1 FROM grants_statement WHERE id = OLD.statement_id FOR SHARE;
        IF (SELECT approved_at FROM grants_statement WHERE id = OLD.statement_id) IS NOT NULL THEN
            RAISE EXCEPTION 'the lines of an approved statement are final';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM 1 FROM grants_statement WHERE id = NEW.statement_id FOR SHARE;
    IF (SELECT approved_at FROM grants_statement WHERE id = NEW.statement_id) IS NOT NULL THEN
        RAISE EXCEPTION 'the lines of an approved statement are final';
    END IF;
    RETURN NEW;
"""


class StatementLine(models.Model):
    """One event in a statement, with the amount, the terms it was reckoned by and what it rests on."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    citizen = models.CharField(_("citizen"), max_length=20)  # the pseudonym as it was printed
    kind = models.CharField(_("event"), max_length=12, choices=EventKind)
    on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    scheme = models.ForeignKey(GrantScheme, on_delete=models.PROTECT, related_name="+")
    basis = models.JSONField(default=dict)  # spells, days counted, days bridged

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["on", "citizen", "-kind"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "course", "kind"], name="grants_line_once"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="approved_is_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=LINE_IS_FINAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen} {self.kind} {self.on}"
