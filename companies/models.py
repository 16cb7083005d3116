"""Companies, their workplaces and contacts, placements, matches and work agreements (D13–D15, D20)."""

import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course, CourseDocument
from companies.triggers import agreement_triggers, only_for_drafts
from jobfirst.models import Record, append_only


@tracked()
class Company(models.Model):
    """A company by its CVR number (eight digits, check digit valid). Renaming changes no entitlement."""

    cvr = models.CharField(_("CVR number"), max_length=8, unique=True)
    name = models.CharField(_("name"), max_length=150)
    ordinary_employees = models.PositiveIntegerField(_("ordinary employees"), null=True, blank=True)  # D24
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "cvr"]
        constraints = [
            models.CheckConstraint(condition=Q(cvr__regex=r"^[0-9]{8}$"), name="companies_cvr_digits"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CompanyContact(Record):
    """The person at the workplace (kontaktperson): no account."""

    #: What is known of the person: what the form asks for, and what a work agreement copies.
    DETAILS = ("name", "title", "phone", "email")

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("company contact")
        verbose_name_plural = _("company contacts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PlacementKind(models.TextChoices):
    SNIFFING = "sniffing", _("Sniffing internship")
    INTERNSHIP = "internship", _("Internship")
    WAGE_SUBSIDY = "wage_subsidy", _("Wage subsidy")
    ORDINARY_EMPLOYMENT = "ordinary_employment", _("Ordinary employment")
    FLEX_JOB = "flex_job", _("Flex job")


EMPLOYMENT_KINDS = (PlacementKind.ORDINARY_EMPLOYMENT, PlacementKind.FLEX_JOB)


@tracked()
class Match(Record):
    """The job match between citizen and company; an internship starts when one is recorded (D14)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="matches")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="matches")
    matched_on = models.DateField(_("matched on"))
    job_function = models.CharField(_("job function"), max_length=150, blank=True)
    why = models.TextField(_("why it is a match"), blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-matched_on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["course", "company"], name="companies_match_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.company_id}"


class PlacementQuerySet(models.QuerySet["Placement"]):
    def standing(self) -> "PlacementQuerySet":
        """All but those withdrawn as entered in error."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: Any) -> "PlacementQuerySet":
        """Placements of the courses that the user may see."""
        return self.filter(course_id__in=Course.objects.visible_to(user).values("pk"))

    def running(self, on: datetime.date) -> "PlacementQuerySet":
        """Placements with that day among theirs: to the last day, while unknown to the planned one."""
        last = Coalesce("ended_on", "planned_end_on")
        return self.alias(last=last).filter(Q(last__isnull=True) | Q(last__gte=on), starts_on__lte=on)

    def ending(self, first: datetime.date, last: datetime.date) -> "PlacementQuerySet":
        """Placements still running that are planned to end between the two days, both included, and that
        no renewal takes over."""
        return self.filter(
            ended_on__isnull=True, renewed_by__isnull=True, planned_end_on__range=(first, last)
        )


class StandingManager(models.Manager.from_queryset(PlacementQuerySet)):  # type: ignore[misc]
    """Leaves out what was withdrawn, so that nobody who reads placements counts one that never was."""

    def get_queryset(self) -> PlacementQuerySet:
        """The placements that stand."""
        return PlacementQuerySet(self.model, using=self._db).standing()


@tracked()
class Placement(Record):
    """A spell at a company: `ended_on` is the last day present, empty while it runs.

    Hours are per week. An internship names its match; a renewal names the placement it renews (D14).

    One that was entered in error, or that the citizen never came to, is withdrawn with a reason once it has
    begun. The row stays and never changes again, but `objects` and every relation leave it out;
    `everything` has it.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="placements")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="placements", verbose_name=_("company")
    )
    p_number = models.CharField(_("P-number"), max_length=10, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PlacementKind)
    match = models.ForeignKey(
        Match, null=True, blank=True, on_delete=models.PROTECT, related_name="placements"
    )
    renews = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_by"
    )
    starts_on = models.DateField(_("starts on"))
    planned_end_on = models.DateField(_("planned end"), null=True, blank=True)
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    internship_hours = models.DecimalField(
        _("internship hours a week"), max_digits=4, decimal_places=2, default=0
    )
    ordinary_hours = models.DecimalField(
        _("ordinary hours a week"), max_digits=4, decimal_places=2, default=0
    )
    # The trial's waivers of the company rules, recorded where they are used (D24).
    waived_few_hours = models.BooleanField(_("waiver: few weekly hours, not counted"), default=False)
    waived_employment = models.BooleanField(_("waiver: is or was employed at the company"), default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(_("why it is withdrawn"), max_length=500, default="", blank=True)

    objects = StandingManager()
    everything = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["course", "starts_on"], name="companies_placement_course")]
        constraints = [
            # In this order, and with the ends, its index holds all that the entitlement of everybody at once
            # reads of a placement (grants/reckoning/national.py).
            models.UniqueConstraint(
                fields=["course", "company", "starts_on", "kind"],
                include=["planned_end_on", "ended_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="companies_placement_once",
                violation_error_message=_("This placement is already registered."),
            ),
            models.CheckConstraint(
                condition=Q(planned_end_on__isnull=True) | Q(planned_end_on__gte=F("starts_on")),
                name="companies_placement_planned",
                violation_error_message=_("The planned end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="companies_placement_ended",
                violation_error_message=_("The last day must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EMPLOYMENT_KINDS) | Q(planned_end_on__isnull=False),
                name="companies_placement_end_known",
                violation_error_message=_("Only employment may have no planned end."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlacementKind.INTERNSHIP) | Q(match__isnull=False),
                name="companies_internship_matched",
                violation_error_message=_("An internship starts when a match is recorded."),
            ),
            models.CheckConstraint(
                condition=Q(internship_hours__gte=0, ordinary_hours__gte=0), name="companies_placement_hours"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, renews__isnull=True)
                & ~Q(withdrawn_reason=""),
                name="companies_placement_withdrawn",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="withdrawn_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"

    @property
    def last_day(self) -> datetime.date | None:
        """The last day: the actual one, while unknown the planned one, None for onwards (D28)."""
        return self.ended_on or self.planned_end_on


@tracked()
class AnnexQuestions(models.Model):
    """A set of the fixed progression questions of the work agreement's annex, in force from a day on (D16).

    The trial's own template is not public: the set that ships is the project's own choice, and says so.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    questions = ArrayField(models.CharField(max_length=300), verbose_name=_("questions"))
    is_own_choice = models.BooleanField(_("the project's own choice"), default=True)

    class Meta:
        verbose_name = _("annex questions")
        verbose_name_plural = _("annex questions")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}"

    @classmethod
    def on(cls, day: datetime.date) -> "AnnexQuestions":
        """The set in force on `day` (the earliest for a day before all of them)."""
        return cls.objects.filter(valid_from__lte=day).first() or cls.objects.earliest("valid_from")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In force")
    REPLACED = "replaced", _("Replaced")


@tracked()
class WorkAgreement(CourseDocument):
    """The work agreement between citizen, company and jobcentre (D15), one row a version.

    A version is written as a draft, gets its weekly `schedule`, and is put in force, all in one
    transaction; the next version replaces it. `accommodations` is what was agreed at the workplace, drawn
    from the course's own list when the form was opened. `company_contact` is the row that the contact
    person's details were copied from.
    """

    BOOKKEEPING = CourseDocument.BOOKKEEPING | {"placement", "state"}

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(_("state"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    tasks = models.TextField(_("tasks"))
    goals = models.TextField(_("goals"))
    subgoals = models.TextField(_("subgoals"), blank=True)
    company_contact = models.ForeignKey(
        CompanyContact, on_delete=models.PROTECT, related_name="+", verbose_name=_("contact person")
    )
    support_needs = models.TextField(_("special support needs"), blank=True)
    accommodations = models.TextField(_("accommodations"), blank=True)
    # Copies
    company_name = models.CharField(max_length=150, editable=False)
    company_cvr = models.CharField(max_length=8, editable=False)
    p_number = models.CharField(max_length=10, blank=True, editable=False)
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
    progression_questions = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, editable=False
    )
    questions_are_own_choice = models.BooleanField(editable=False)

    class Meta:
        verbose_name = _("work agreement")
        verbose_name_plural = _("work agreements")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "number"], name="companies_agreement_version"),
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(state=AgreementState.ACTIVE),
                name="companies_agreement_one_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(citizen_name="") & ~Q(company_name="") & ~Q(company_contact_name=""),
                name="companies_agreement_parties",
            ),
        ]
        triggers = agreement_triggers()

    def __str__(self) -> str:
        return f"{self.placement_id} v{self.number}"


class HoursKind(models.TextChoices):
    INTERNSHIP = "internship", _("Internship")
    ORDINARY = "ordinary", _("Ordinary hours")


@tracked()
class AgreementHours(models.Model):
    """One line of the weekly schedule; internship and ordinary hours apart. Final like its agreement."""

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
                condition=Q(ends_at__gt=F("starts_at")),
                name="companies_hours_order",
                violation_error_message=_("The working day must end after it starts."),
            ),
        ]
        triggers = [*append_only(), only_for_drafts()]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts_at}-{self.ends_at}"
