"""Matches between citizen and company, and the placements that follow (D13, D14, D20)."""

import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.history import tracked
from cases.models import Course
from companies.models.company import Company, Workplace
from companies.rules import renewals
from companies.rules.agreed_hours import HoursFrom, HoursSpan, WeeklyHours, placement_hours
from jobfirst.database.deferrable_unique import DeferrableUnique
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from jobfirst.values.dates import DateSpan


class PlacementKind(models.TextChoices):
    SNIFFING = "sniffing", _("Sniffing internship")
    INTERNSHIP = "internship", _("Internship")
    WAGE_SUBSIDY = "wage_subsidy", _("Wage subsidy")
    ORDINARY_EMPLOYMENT = "ordinary_employment", _("Ordinary employment")
    FLEX_JOB = "flex_job", _("Flex job")


#: The constraint that a file defers while placements exchange their days.
ONCE = "companies_placement_once"

EMPLOYMENT_KINDS = (PlacementKind.ORDINARY_EMPLOYMENT, PlacementKind.FLEX_JOB)


#: What a merge of two companies changes of a placement, also of a withdrawn one; in SQL.
MERGED_KEYS = "ARRAY['company_id', 'workplace_id', 'match_id']"


class EarlyEndReason(models.TextChoices):
    """Why a placement ended before its planned last day."""

    HIRED = "hired", _("Hired by the company")
    OTHER_WORKPLACE = "other_workplace", _("Goes on at another workplace")
    OTHER_WORK = "other_work", _("Other work or education")
    ILLNESS = "illness", _("Illness")
    CITIZEN = "citizen", _("The citizen did not want to go on")
    COMPANY = "company", _("The company did not want to go on")
    COURSE_ENDED = "course_ended", _("The course ended")
    OTHER = "other", _("Something else")


@tracked()
class Match(Record):
    """The match between citizen and company (D14); an internship needs one."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="matches")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="matches")
    matched_on = models.DateField(_("matched on"))
    job_function = models.CharField(_("job function"), max_length=150, blank=True)
    why = EncryptedTextField(_("why it is a match"), max_length=text_limits.COMMENT, blank=True)
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
        """Return the placements without those withdrawn as entered in error."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: User) -> "PlacementQuerySet":
        """Return the placements of the courses that the user may see."""
        return self.filter(course_id__in=Course.objects.visible_to(user).values("pk"))

    def running(self, on: datetime.date) -> "PlacementQuerySet":
        """Return the placements that include the day: up to the last day, or the planned one if that is
        unknown."""
        return self.running_within(on, on)

    def running_within(self, first: datetime.date, last: datetime.date) -> "PlacementQuerySet":
        """Return the placements that include one of the days from the first to the last."""
        placements = self.alias(until=Coalesce("ended_on", "planned_end_on"))
        return placements.filter(Q(until__isnull=True) | Q(until__gte=first), starts_on__lte=last)

    def ending(self, first: datetime.date, last: datetime.date) -> "PlacementQuerySet":
        """Return the running placements planned to end between the two days, both included, without a
        renewal."""
        return self.filter(
            ended_on__isnull=True, renewed_by__isnull=True, planned_end_on__range=(first, last)
        )

    def with_hours(self) -> "PlacementQuerySet":
        """Add the later changes of the hours, which `hours_spans` then reads without a query of its own."""
        changes = HoursChange.objects.filter(placement=OuterRef("pk"))
        row = JSONObject(**{name: name for name in HoursChange.FIELDS})
        return self.annotate(hours_rows=ArraySubquery(changes.values(row=row)))


class StandingManager(models.Manager.from_queryset(PlacementQuerySet)):  # type: ignore[misc]  # the base is made at run time
    """Default manager that leaves out withdrawn placements, so that no reader counts them."""

    def get_queryset(self) -> PlacementQuerySet:
        """Return the placements that are not withdrawn."""
        return PlacementQuerySet(self.model, using=self._db).standing()


@tracked()
class Placement(Record):
    """A period at a company: `ended_on` is the last day present, empty while it runs.

    Hours are per week. The fields hold from the first day until the first `HoursChange` after it (D38).

    An internship refers to its match; a renewal to the placement it renews (D14). A placement that was
    entered in error, or that the citizen never came to (`is_no_show`), is withdrawn with a reason. The row
    stays, and never changes while it is withdrawn, except that its company may be merged.
    `objects` and every relation leave it out, `everything` includes it.

    `actual_hours` are the hours that were really worked in all, once it has ended. `delivered` is what a file
    said of it last (`cases.rules.deliveries`), empty when none has.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="placements")
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="placements", verbose_name=_("company")
    )
    workplace = models.ForeignKey(
        Workplace,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placements",
        verbose_name=_("company workplace"),
    )
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
    waiver_reason = models.CharField(_("why the waiver is used"), max_length=500, default="", blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The employees' representative confirms to the company that the requirement is kept (D24).
    representative_name = models.CharField(
        _("employee representative"), max_length=150, default="", blank=True
    )
    representative_confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    representative_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # How it ended.
    end_reason = models.CharField(
        _("why it ended"), max_length=20, choices=EarlyEndReason, default="", blank=True
    )
    end_note = models.CharField(_("what happened at the end"), max_length=500, default="", blank=True)
    end_reported_by = models.CharField(_("reported by"), max_length=150, default="", blank=True)
    actual_hours = models.DecimalField(
        _("hours worked in all"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(_("why it is withdrawn"), max_length=500, default="", blank=True)
    is_no_show = models.BooleanField(_("the citizen never came"), default=False)
    delivered = models.JSONField(null=True, blank=True, editable=False)  # D42

    objects = StandingManager()
    everything = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["course", "starts_on"], name="companies_placement_course")]
        constraints = [
            # With the ends, the index holds all days of a course's spells.
            DeferrableUnique(
                expressions=[
                    "course",
                    "company",
                    Coalesce("workplace", 0),  # a workplace that is not known is one workplace
                    "starts_on",
                    "kind",
                ],
                include=["planned_end_on", "ended_on"],
                condition=Q(withdrawn_at__isnull=True),
                name=ONCE,
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
                | Q(withdrawn_at__isnull=False, renews__isnull=True) & ~Q(withdrawn_reason=""),
                name="companies_placement_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(is_no_show=False) | Q(withdrawn_at__isnull=False),
                name="companies_placement_no_show",
            ),
            models.CheckConstraint(
                condition=Q(representative_confirmed_on__isnull=True) | ~Q(representative_name=""),
                name="companies_placement_representative",
            ),
            models.CheckConstraint(
                condition=Q(actual_hours__isnull=True) | Q(actual_hours__gte=0, ended_on__isnull=False),
                name="companies_placement_actual_hours",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="withdrawn_is_not_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="withdrawn_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NOT NULL"
                    f" AND to_jsonb(OLD) - {MERGED_KEYS} IS DISTINCT FROM to_jsonb(NEW) - {MERGED_KEYS}"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_on}"

    @property
    def p_number(self) -> str:
        """The P-number of the workplace, empty while it is not known."""
        return "" if self.workplace is None else self.workplace.p_number

    @property
    def last_day(self) -> datetime.date | None:
        """The actual last day, or the planned one; None when open-ended (D28)."""
        return self.ended_on or self.planned_end_on

    @property
    def span(self) -> DateSpan:
        """The days from the first to `last_day`."""
        return DateSpan(self.starts_on, self.last_day)

    def is_over(self, on: datetime.date) -> bool:
        """Whether the last day lies before the day."""
        return self.last_day is not None and self.last_day < on

    def hours_spans(self) -> list[HoursSpan]:
        """Return the weekly hours over the days of the placement, in order (D38).

        Takes a query, unless the placement was fetched by `PlacementQuerySet.with_hours`.
        """
        rows = [] if self.pk is None else getattr(self, "hours_rows", None)
        stored = self.hours_changes.all() if rows is None else map(HoursChange.from_row, rows)
        changes = [
            change for change in stored if change.from_on > self.starts_on
        ]  # others wait: the day moved
        first = HoursFrom(self.starts_on, WeeklyHours(self.internship_hours, self.ordinary_hours))
        return placement_hours(self.span, [first, *(change.hours_from for change in changes)])

    def hours_on(self, day: datetime.date) -> WeeklyHours:
        """Return the weekly hours on the day: before the placement the first, after it the last ones."""
        spans = self.hours_spans()
        begun = [span for span in spans if span.span.first <= day]
        return (begun[-1] if begun else spans[0]).hours

    @property
    def last_hours(self) -> WeeklyHours:
        """The weekly hours that hold last: a renewal starts with them."""
        return self.hours_spans()[-1].hours

    def chain(self) -> list["Placement"]:
        """Return the chain of renewals with this one in it, first to last; withdrawn ones are in none. A
        query."""
        rows = Placement.objects.with_hours().filter(course=self.course_id, company=self.company_id)
        placements = {placement.pk: placement for placement in rows}
        if self.pk not in placements:
            return [self]
        links = {placement.pk: placement.renews_id for placement in placements.values()}
        return [placements[pk] for pk in renewals.chain_of(self.pk, links)]


@tracked()
class HoursChange(models.Model):
    """Other weekly hours of a placement from a day on, until the next change (D38). Hours are per week."""

    FIELDS = ("from_on", "internship_hours", "ordinary_hours")

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="hours_changes")
    from_on = models.DateField(_("from"))
    internship_hours = models.DecimalField(_("internship hours a week"), max_digits=4, decimal_places=2)
    ordinary_hours = models.DecimalField(_("ordinary hours a week"), max_digits=4, decimal_places=2)

    class Meta:
        verbose_name = _("change of the hours")
        verbose_name_plural = _("changes of the hours")
        ordering = ["from_on"]
        constraints = [
            models.UniqueConstraint(fields=["placement", "from_on"], name="companies_hours_change_once"),
            models.CheckConstraint(
                condition=Q(internship_hours__gte=0, ordinary_hours__gte=0),
                name="companies_hours_change_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.from_on}"

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> "HoursChange":
        """Return the change that `PlacementQuerySet.with_hours` fetched as JSON; not to be saved."""
        fields = {field.name: field for field in cls._meta.fields}
        return cls(**{name: fields[name].to_python(row[name]) for name in cls.FIELDS})

    @property
    def hours_from(self) -> HoursFrom:
        """The hours with their first day."""
        return HoursFrom(self.from_on, WeeklyHours(self.internship_hours, self.ordinary_hours))
