"""What a company reports by its link (D48), and its closing assessment with the citizen's word (D54)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course
from companies.models.placement import Placement
from companies.models.project_rows import CompanyContact
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


class ReportKind(models.TextChoices):
    ABSENCE = "absence", _("Absence")
    EARLY_STOP = "early_stop", _("Early stop")


class ReportedAbsence(models.TextChoices):
    """The kinds of absence; the values are the fields of `AttendanceWeek`."""

    ILL = "ill", _("Ill")
    AGREED = "agreed_absence", _("Agreed absence")
    OTHER = "other_absence", _("Other absence")
    NO_SHOW = "no_show", _("Not shown up")


class ReportState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


@tracked()
class PlacementReport(Record):
    """What the company reported: days of absence, or an earlier last day. Staff accept or refuse it.

    An absence has `first_on` and `last_on`; an early stop has its last day in `last_on`.
    """

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(_("what is reported"), max_length=12, choices=ReportKind)
    first_on = models.DateField(_("first day of absence"), null=True, blank=True)
    last_on = models.DateField(_("last day"))
    absence = models.CharField(_("kind of absence"), max_length=15, choices=ReportedAbsence, blank=True)
    reason = EncryptedTextField(_("what has happened"), max_length=text_limits.REASON, blank=True)
    reported_on = models.DateField(_("reported on"))
    reported_by_name = models.CharField(_("reported by"), max_length=150)
    contact = models.ForeignKey(
        CompanyContact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decision_reason = EncryptedTextField(_("why it is refused"), max_length=text_limits.REASON, blank=True)

    class Meta:
        verbose_name = _("report of a company")
        verbose_name_plural = _("reports of companies")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ReportKind.ABSENCE, first_on__isnull=False, last_on__gte=F("first_on"))
                & ~Q(absence="")
                | Q(kind=ReportKind.EARLY_STOP, first_on__isnull=True, absence=""),
                name="companies_report_kind",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.WAITING, decided_at__isnull=True, decision_reason="")
                | Q(state=ReportState.ACCEPTED, decided_at__isnull=False, decision_reason="")
                | Q(state=ReportState.REFUSED, decided_at__isnull=False) & ~Q(decision_reason=""),
                name="companies_report_decided",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="life", field="state", transitions=[("waiting", "accepted"), ("waiting", "refused")]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.kind} {self.last_on}"

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        return self.placement.course


class ClosingOutcome(models.TextChoices):
    COMPLETED = "completed", _("Completed")
    PARTLY = "partly", _("Partly completed")
    NEVER_CAME = "never_came", _("Never came")
    HIRED = "hired", _("Hired")


class HiredAs(models.TextChoices):
    """How somebody was hired; the values are kinds of placements."""

    ORDINARY = "ordinary_employment", _("Ordinary employment")
    FLEX_JOB = "flex_job", _("Flex job")
    WAGE_SUBSIDY = "wage_subsidy", _("Wage subsidy")


class CitizenAgreement(models.TextChoices):
    AGREES = "agrees", _("Agrees")
    COMMENTS = "comments", _("Sees it differently")


@tracked()
class ClosingAssessment(Record):
    """How a placement went, as the company says at its end, and what the citizen says to it (D54).

    One for the last placement of a chain of renewals.
    """

    placement = models.OneToOneField(Placement, on_delete=models.PROTECT, related_name="closing_assessment")
    outcome = models.CharField(_("how it ended"), max_length=12, choices=ClosingOutcome)
    hired_as = models.CharField(_("hired as"), max_length=20, choices=HiredAs, blank=True)
    hired_hours = models.DecimalField(
        _("hours a week"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    comment = EncryptedTextField(_("comment"), max_length=text_limits.REASON, blank=True)
    given_by_name = models.CharField(_("who said it"), max_length=150)
    given_on = models.DateField(_("said on"))
    contact = models.ForeignKey(
        CompanyContact, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    citizen_answer = models.CharField(
        _("the citizen's answer"), max_length=10, choices=CitizenAgreement, blank=True
    )
    citizen_comment = EncryptedTextField(
        _("the citizen's comment"), max_length=text_limits.REASON, blank=True
    )
    citizen_answered_on = models.DateField(null=True, blank=True)
    citizen_entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("closing assessment")
        verbose_name_plural = _("closing assessments")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=ClosingOutcome.HIRED) & ~Q(hired_as="")
                | ~Q(outcome=ClosingOutcome.HIRED) & Q(hired_as="", hired_hours__isnull=True),
                name="companies_closing_hired",
                violation_error_message=_("Say how the employee was hired."),
            ),
            models.CheckConstraint(
                condition=Q(citizen_answer="", citizen_answered_on__isnull=True)
                | ~Q(citizen_answer="") & Q(citizen_answered_on__isnull=False),
                name="companies_closing_citizen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.outcome}"

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        return self.placement.course
