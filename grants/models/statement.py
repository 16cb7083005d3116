"""Statements as submitted, checked, approved and paid (D30), with their lines and spells."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from cases.models import Course
from companies.models import PlacementKind
from grants.models.terms import GrantTerms
from grants.models.triggers import line_is_final, statement_life
from jobfirst.models import Record
from jobfirst.values import text_limits

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class StatementState(models.TextChoices):
    """The state of a statement (D30)."""

    PREPARING = "preparing", _("Being prepared")
    SUBMITTED = "submitted", _("Submitted")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    RETURNED = "returned", _("Sent back")


FINAL = (StatementState.APPROVED, StatementState.PAID)
PENDING = (StatementState.SUBMITTED, StatementState.CHECKED)


class StatementQuerySet(models.QuerySet["Statement"]):
    """Queries of statements by state."""

    def approved(self) -> "StatementQuerySet":
        """Return the approved and paid statements: only these have paid anything (D30)."""
        return self.filter(state__in=FINAL)

    def submitted(self) -> "StatementQuerySet":
        """Return the statements that were submitted, whatever their state now."""
        return self.exclude(state=StatementState.PREPARING)

    def pending(self) -> "StatementQuerySet":
        """Return the pending statements: submitted or checked."""
        return self.filter(state__in=PENDING)

    def newest(self, project: Project) -> "Statement | None":
        """Return the project's latest submission; if any statement of it is pending, it is this one."""
        return self.submitted().filter(project=project).order_by("-submitted_at", "-pk").first()


def _person(label: "StrPromise", *, null: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=null,
        blank=null,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=label,
    )


def _name(longest: int) -> "models.CharField[str, str]":
    """Return the field of a name as it was when the step was taken, written by the trigger."""
    return models.CharField(max_length=longest, default="", blank=True, editable=False)


@tracked()
class Statement(Record):
    """A project's statement of a year as it was submitted and, once approved, paid (D30). Kroner.

    `payable` may be negative when earlier statements pay more than is now earned; then nothing is paid and
    the sum is carried over, because the next statement again subtracts only what earlier ones really pay.
    `paid_before` was registered as paid when it was submitted, `approved_unpaid` approved only. After its
    submission the database lets a statement only take its next step. The names of the project and of the
    people who took a step are stored, so that renaming them does not change the statement.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="statements")
    project_slug = _name(50)
    project_name = _name(120)
    year = models.PositiveSmallIntegerField(_("year"))
    cut_off = models.DateField(_("cut-off"))
    state = models.CharField(
        _("state"), max_length=10, choices=StatementState, default=StatementState.PREPARING
    )
    terms = models.ForeignKey(GrantTerms, on_delete=models.PROTECT, related_name="+", db_column="scheme_id")
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_count = models.PositiveIntegerField(_("target count"))
    ceiling = models.DecimalField(_("ceiling"), max_digits=14, decimal_places=2)
    starts = models.PositiveIntegerField(_("starts"))
    completions = models.PositiveIntegerField(_("completions"))
    earned_before = models.DecimalField(_("earned before"), max_digits=14, decimal_places=2, default=0)
    earned_to_date = models.DecimalField(_("earned to date"), max_digits=14, decimal_places=2)
    paid_before = models.DecimalField(_("paid before"), max_digits=14, decimal_places=2)
    approved_unpaid = models.DecimalField(
        _("approved and unpaid"), max_digits=14, decimal_places=2, default=0
    )
    payable = models.DecimalField(_("payable"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2)
    content_hash = models.CharField(max_length=64, default="")
    declaration = models.TextField(_("declaration"), default="")
    another_reason = models.TextField(
        _("reason for another statement"), max_length=500, default="", blank=True
    )
    submitted_by = _person(_("submitted by"), null=False)
    submitted_name = _name(150)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    checked_by = _person(_("checked by"))
    checked_name = _name(150)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    approved_by = _person(_("approved by"))
    approved_name = _name(150)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    pdf_sha256 = models.CharField(max_length=64, default="", blank=True)
    paid_by = _person(_("paid by"))
    paid_name = _name(150)
    paid_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    payment_reference = models.CharField(_("payment reference"), max_length=60, default="", blank=True)
    returned_by = _person(_("sent back by"))
    returned_name = _name(150)
    returned_at = models.DateTimeField(_("sent back at"), null=True, blank=True)
    returned_reason = models.TextField(
        _("why it is sent back"), max_length=text_limits.REASON, default="", blank=True
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["project", "cut_off"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "cut_off"],
                condition=~Q(state=StatementState.RETURNED),
                name="grants_statement_once",
                violation_error_message=_("The project already has a statement with this cut-off."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(state__in=(StatementState.PREPARING, *PENDING)),
                name="grants_statement_one_at_a_time",
                violation_error_message=_("A statement of the project is already on its way."),
            ),
            models.CheckConstraint(
                condition=Q(
                    payable=Least("earned_to_date", "ceiling") - F("paid_before") - F("approved_unpaid")
                ),
                name="grants_statement_payable",
            ),
            models.CheckConstraint(
                condition=Q(paid=Greatest("payable", Decimal("0.00"))), name="grants_statement_paid"
            ),
            models.CheckConstraint(
                condition=Q(state=StatementState.PREPARING)
                | (Q(submitted_at__isnull=False) & ~Q(content_hash="") & ~Q(declaration="")),
                name="grants_statement_submitted",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="grants_statement_checked",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, approved_at__isnull=False, approved_by__isnull=False)
                & ~Q(pdf_sha256="")
                & Q(checked_by__isnull=False)
                | (
                    ~Q(state__in=FINAL) & Q(approved_at__isnull=True, approved_by__isnull=True, pdf_sha256="")
                ),
                name="grants_statement_approved",
            ),
            models.CheckConstraint(
                condition=(
                    (Q(checked_by__isnull=True) | ~Q(checked_by=F("submitted_by")))
                    & (Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")))
                    & (Q(approved_by__isnull=True) | ~Q(approved_by=F("checked_by")))
                ),
                name="grants_statement_second_person",
                violation_error_message=_("Nobody checks or approves a statement of their own."),
            ),
            models.CheckConstraint(
                condition=Q(state=StatementState.PAID, paid_on__isnull=False, paid_by__isnull=False)
                & ~Q(payment_reference="")
                | (~Q(state=StatementState.PAID) & Q(paid_on__isnull=True, payment_reference="")),
                name="grants_statement_payment",
            ),
            models.CheckConstraint(
                condition=Q(state=StatementState.RETURNED, returned_by__isnull=False) & ~Q(returned_reason="")
                | (~Q(state=StatementState.RETURNED) & Q(returned_by__isnull=True, returned_reason="")),
                name="grants_statement_returned",
            ),
        ]
        triggers = [statement_life()]

    def __str__(self) -> str:
        return f"{self.project_id} {self.cut_off}"


class GrantEventKindChoices(models.TextChoices):
    """The kinds of events with their labels; the rules use `grants.rules.values.GrantEventKind`."""

    START = "start", _("Start of a company course")
    COMPLETION = "completion", _("Completion")


class LineEntry(models.TextChoices):
    """How a line compares with the project's latest approved statement."""

    CARRIED = "carried", _("As before")
    NEW = "new", _("New")
    CHANGED = "changed", _("Corrected")
    ADJUSTMENT = "adjustment", _("Adjustment")


class StatementLine(models.Model):
    """One event earned up to the cut-off, or one adjustment; with the terms it was reckoned by.

    The events (all entries but `adjustment`) add up to what is earned to date. An adjustment holds the
    difference to the line it corrects in the approved statement before; new events and adjustments together
    are what is earned since then. `amount` in kroner.
    """

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    entry = models.CharField(_("entry"), max_length=10, choices=LineEntry, default=LineEntry.NEW)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    citizen = models.CharField(_("citizen"), max_length=20)  # the pseudonym as it was printed
    kind = models.CharField(_("event"), max_length=12, choices=GrantEventKindChoices)
    on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    terms = models.ForeignKey(GrantTerms, on_delete=models.PROTECT, related_name="+", db_column="scheme_id")
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    basis = models.JSONField(default=dict)  # company, spells, days counted, holes; of an adjustment: before

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        ordering = ["on", "citizen", "-kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "course", "kind"],
                condition=~Q(entry=LineEntry.ADJUSTMENT),
                name="grants_line_once",
            ),
            models.UniqueConstraint(
                fields=["statement", "corrects"],
                condition=Q(entry=LineEntry.ADJUSTMENT),
                name="grants_line_adjusted_once",
            ),
            models.CheckConstraint(
                condition=Q(entry=LineEntry.ADJUSTMENT, corrects__isnull=False)
                | (~Q(entry=LineEntry.ADJUSTMENT) & Q(corrects__isnull=True)),
                name="grants_line_corrects",
            ),
        ]
        triggers = [line_is_final()]

    def __str__(self) -> str:
        return f"{self.citizen} {self.kind} {self.on}"


class StatementSpell(models.Model):
    """A placement as it stood when the statement was submitted; `reason` says why it earned nothing."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="spells")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    placement = models.BigIntegerField()  # its number; the placement itself may be changed or removed later
    company = models.CharField(_("CVR number"), max_length=8)
    company_name = models.CharField(max_length=150, default="", blank=True)  # for the project leader
    citizen = models.CharField(max_length=20, default="", blank=True)  # the pseudonym, as it was then
    kind = models.CharField(_("kind"), max_length=20, choices=PlacementKind)
    starts_on = models.DateField(_("starts on"))
    planned_end_on = models.DateField(_("planned end"), null=True, blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(max_length=30, default="", blank=True)
    counted_days = models.PositiveIntegerField(default=0)
    needed_days = models.PositiveIntegerField(default=0)

    jobfirst_append_only = True

    class Meta:
        ordering = ["starts_on", "placement"]
        indexes = [models.Index(fields=["statement", "course"], name="grants_spell_course")]
        triggers = [line_is_final()]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"
