"""The work agreement with its weekly schedule (D15). The questions of its annex: `companies.annex` (D16)."""

from dataclasses import astuple
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.history import tracked
from cases.models import Course, CourseDocument
from companies.models.agreement_triggers import agreement_triggers, only_for_drafts
from companies.models.amendments import SCHEDULE
from companies.models.placement import Placement, PlacementKind
from companies.models.project_rows import CompanyContact
from companies.rules.weekly_schedule import WorkPeriod
from jobfirst.models import append_only
from jobfirst.values import text_limits


class AgreementState(models.TextChoices):
    """What has become of a version; `companies.signing.status` adds what follows from days and signatures."""

    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaits signatures")
    SIGNED = "signed", _("Signed by all")
    DECLINED = "declined", pgettext_lazy("work agreement", "Declined")
    REPLACED = "replaced", _("Replaced")


#: The form of the content that a new version seals, and what each form added to the one before. A version
#: keeps its form: what was signed verifies by the text that was signed (`sealed_values`).
CONTENT_FORMAT = 2
ADDED_FIELDS = {2: ("representative_name", "representative_confirmed_on")}

#: The newest version, as long as not all have signed it.
UNSIGNED_STATES = (AgreementState.DRAFT, AgreementState.AWAITING, AgreementState.DECLINED)


class WorkAgreementQuerySet(models.QuerySet["WorkAgreement"]):
    def signed_by_all(self) -> "WorkAgreementQuerySet":
        """Return the versions that citizen, company and jobcentre have all signed, replaced or not.

        One that another company has signed, before the placement's company was corrected, is none of them.
        """
        is_of_its_company = Q(company_contact=None) | Q(company_contact__company=F("placement__company"))
        return self.filter(is_of_its_company, seal__isnull=False)

    def current(self) -> "WorkAgreementQuerySet":
        """Return the versions that nothing has replaced: the one signed by all, and a later one that is not
        yet; the newest first."""
        return self.exclude(state=AgreementState.REPLACED)


@tracked()
class WorkAgreement(CourseDocument):
    """The work agreement between citizen, company and jobcentre (D15), one row per version.

    A version is saved as a draft, gets its weekly `schedule`, and is put up for signing. The next version
    replaces it at once when not all have signed it, and otherwise when all have signed the next one. It holds
    from `valid_from` on. `VOIDS` (amendments) says whose signatures a change of a field voids (D45).
    `accommodations` is the agreed text, initially taken from the course's list. `company_contact` is the row
    that the contact person's details were copied from.
    """

    BOOKKEEPING = CourseDocument.BOOKKEEPING | {"placement", "state", "content_format"}

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(_("state"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    content_format = models.PositiveSmallIntegerField(default=CONTENT_FORMAT, editable=False)
    tasks = models.TextField(_("tasks"), max_length=text_limits.SECTION)
    goals = models.TextField(_("goals"), max_length=text_limits.SECTION)
    subgoals = models.TextField(_("subgoals"), max_length=text_limits.SECTION, blank=True)
    company_contact = models.ForeignKey(
        CompanyContact, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact person")
    )
    support_needs = models.TextField(_("special support needs"), max_length=text_limits.SECTION, blank=True)
    accommodations = models.TextField(_("accommodations"), max_length=text_limits.SECTION, blank=True)
    # Copies
    valid_from = models.DateField(_("in force from"), editable=False)
    company_name = models.CharField(max_length=150, editable=False)
    company_cvr = models.CharField(max_length=8, editable=False)
    p_number = models.CharField(max_length=10, blank=True, editable=False)
    workplace_name = models.CharField(max_length=150, blank=True, default="", editable=False)
    workplace_address = models.CharField(max_length=250, blank=True, default="", editable=False)
    company_contact_name = models.CharField(max_length=150, editable=False)
    company_contact_title = models.CharField(max_length=100, blank=True, editable=False)
    company_contact_phone = models.CharField(max_length=30, blank=True, editable=False)
    company_contact_email = models.EmailField(blank=True, editable=False)
    job_consultant_name = models.CharField(max_length=254, blank=True, editable=False)
    placement_kind = models.CharField(max_length=20, choices=PlacementKind, editable=False)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(null=True, blank=True, editable=False)
    internship_hours = models.DecimalField(max_digits=5, decimal_places=2, editable=False)
    ordinary_hours = models.DecimalField(max_digits=5, decimal_places=2, editable=False)
    representative_name = models.CharField(max_length=150, blank=True, default="", editable=False)
    representative_confirmed_on = models.DateField(null=True, blank=True, editable=False)
    progression_questions = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, editable=False
    )
    questions_are_own_choice = models.BooleanField(editable=False)

    objects = WorkAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("work agreement")
        verbose_name_plural = _("work agreements")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="companies_agreement_version"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(state=AgreementState.SIGNED),
                name="companies_agreement_one_signed",
            ),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(state__in=UNSIGNED_STATES),
                name="companies_agreement_one_unsigned",
            ),
            models.CheckConstraint(
                condition=~Q(citizen_name="") & ~Q(company_name="") & ~Q(company_contact_name=""),
                name="companies_agreement_parties",
            ),
        ]
        triggers = agreement_triggers()

    def __str__(self) -> str:
        return f"{self.placement_id} v{self.number}"

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        return self.placement.course

    def sealed_values(self) -> dict[str, Any]:
        """Return what a signature seals: the content that the version's form has, and the weekly schedule."""
        values = {**super().sealed_values(), SCHEDULE: [astuple(period) for period in self.periods()]}
        return {name: values[name] for name in self.fields_sealed()}

    def fields_sealed(self) -> list[str]:
        """Return the names of what a signature seals in the form of this version."""
        later = {name for form, names in ADDED_FIELDS.items() if form > self.content_format for name in names}
        fields = [field.name for field in self.content_fields() if not field.is_relation]
        return [name for name in [*fields, SCHEDULE] if name not in later]

    def periods(self) -> list[WorkPeriod]:
        """Return the weekly schedule as values, in order."""
        return sorted(
            WorkPeriod(hours.weekday, hours.starts_at, hours.ends_at, hours.kind)
            for hours in self.schedule.all()
        )


#: The ISO weekdays in words.
WEEKDAYS = {
    1: _("Monday"),
    2: _("Tuesday"),
    3: _("Wednesday"),
    4: _("Thursday"),
    5: _("Friday"),
    6: _("Saturday"),
    7: _("Sunday"),
}


class HoursKind(models.TextChoices):
    INTERNSHIP = "internship", _("Internship")
    ORDINARY = "ordinary", _("Ordinary hours")


@tracked()
class AgreementHours(models.Model):
    """One period of the weekly schedule; internship and ordinary hours apart. Never changes.

    An end at or before the start lies on the next day; 00.00 is midnight (`WorkPeriod`).
    """

    agreement = models.ForeignKey(WorkAgreement, on_delete=models.PROTECT, related_name="schedule")
    weekday = models.PositiveSmallIntegerField(_("weekday"))  # 1 Monday … 7 Sunday (ISO)
    kind = models.CharField(_("kind"), max_length=12, choices=HoursKind)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))

    jobfirst_append_only = True

    class Meta:
        ordering = ["weekday", "starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="companies_hours_weekday"),
            models.CheckConstraint(
                condition=~Q(ends_at=F("starts_at")),
                name="companies_hours_not_empty",
                violation_error_message=_("The working day must end after it starts."),
            ),
            models.UniqueConstraint(
                fields=["agreement", "weekday", "starts_at"], name="companies_hours_once_at_a_time"
            ),
        ]
        triggers = [*append_only(), only_for_drafts()]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_at}-{self.ends_at}"
