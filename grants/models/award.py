"""Dated awards of the agency to a project, and the project's application (D25, D31, D32)."""

import datetime
from zoneinfo import ZoneInfo

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import MOST_PARTICIPANTS, Municipality, Project
from cases.elements.names import ELEMENT_NAMES
from jobfirst.models import DatedQuerySet, append_only
from jobfirst.values import text_limits


class CostCategory(models.TextChoices):
    """The nine categories of cost (D31); the first two are the effort itself."""

    MANAGEMENT = "management", _("Project management and coordination, salaries")
    STAFF = "staff", _("Other project staff, salaries")
    TEACHING = "teaching", _("Teaching")
    MATERIALS = "materials", _("Materials")
    TRANSPORT = "transport", _("Transport")
    RENT = "rent", _("Rent")
    COMMUNICATION = "communication", _("Communication and information")
    AUDIT = "audit", _("Audit")
    OTHER = "other", _("Other, specified")


TARGET = [MinValueValidator(1), MaxValueValidator(MOST_PARTICIPANTS)]
SALARIES = (CostCategory.MANAGEMENT, CostCategory.STAFF)


# An award follows those before it, and never reaches back into what was approved.
IN_TURN = """
    PERFORM 1 FROM accounts_project WHERE id = NEW.project_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM grants_award WHERE project_id = NEW.project_id
               AND valid_from >= NEW.valid_from)
       OR EXISTS (SELECT 1 FROM grants_statement WHERE project_id = NEW.project_id
                  AND state IN ('approved', 'paid') AND cut_off >= NEW.valid_from) THEN
        RAISE EXCEPTION 'an award never changes what is past';
    END IF;
    RETURN NEW;
"""


# What an award grants is written with it, and nothing is added to it later. A row that can be seen while its
# transaction still runs is of one's own transaction; `xmin` has the lower half of that one's number.
WITH_ITS_AWARD = """
    here := pg_current_xact_id()::text::bigint;
    SELECT (xmin::text::bigint - here) & 4294967295 INTO ahead FROM grants_award WHERE id = NEW.award_id;
    IF ahead >= 2147483648 THEN
        ahead := ahead - 4294967296;
    END IF;
    IF pg_xact_status((here + ahead)::text::xid8) IS DISTINCT FROM 'in progress' THEN
        RAISE EXCEPTION 'nothing is added to an award once it is entered';
    END IF;
    RETURN NEW;
"""


def with_its_award() -> list[pgtrigger.Trigger]:
    """Return the triggers of an award's rows: written in the transaction of the award, final afterwards."""
    return [
        *append_only(),
        pgtrigger.Trigger(
            name="with_its_award",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("here", "bigint"), ("ahead", "bigint")],
            func=WITH_ITS_AWARD,
        ),
    ]


class Award(models.Model):
    """A project's award from a day on: target count and budget. Never changed: a new award follows.

    The target count decides the ceiling of every statement with a cut-off from that day on (D29). Before its
    first award a project has none: use `begun(day).first()`.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="awards")
    valid_from = models.DateField(_("valid from"))
    target_count = models.PositiveIntegerField(_("target count"), validators=TARGET)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DatedQuerySet["Award"].as_manager()
    jobfirst_append_only = True

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["project", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "valid_from"],
                name="grants_award_once",
                violation_error_message=_("The project already has an award from that day."),
            ),
            models.CheckConstraint(condition=Q(target_count__gt=0), name="grants_award_target"),
            models.CheckConstraint(condition=~Q(reason=""), name="grants_award_reason"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="in_turn", when=pgtrigger.Before, operation=pgtrigger.Insert, func=IN_TURN
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.valid_from}"


class FixedGrant(models.Model):
    """The most a municipality can get towards the project leader's salary under an award (D25), kroner."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="fixed_grants")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(
        _("fixed grant"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    jobfirst_append_only = True

    class Meta:
        ordering = ["municipality"]
        constraints = [
            models.UniqueConstraint(fields=["award", "municipality"], name="grants_fixed_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="grants_fixed_amount"),
        ]
        triggers = with_its_award()

    def __str__(self) -> str:
        return f"{self.municipality} {self.amount}"


class BudgetLine(models.Model):
    """What the award sets aside for one category of cost (D31), kroner."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="budget")
    category = models.CharField(_("category"), max_length=20, choices=CostCategory)
    amount = models.DecimalField(
        _("budget"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )

    jobfirst_append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "category"], name="grants_budget_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="grants_budget_amount"),
        ]
        triggers = with_its_award()

    def __str__(self) -> str:
        return f"{self.category} {self.amount}"


class CoreElement(models.TextChoices):
    """The nine core elements an application has to address (D7, D32)."""

    ROLES = "roles", ELEMENT_NAMES[1]
    JOB_GOAL = "job_goal", ELEMENT_NAMES[2]
    SNIFFING = "sniffing", ELEMENT_NAMES[3]
    ADJUST = "adjust", ELEMENT_NAMES[4]
    MATCH = "match", ELEMENT_NAMES[5]
    RETENTION = "retention", ELEMENT_NAMES[6]
    HOURS = "hours", ELEMENT_NAMES[7]
    PLAN = "plan", ELEMENT_NAMES[8]
    KICK_START = "kick_start", ELEMENT_NAMES[9]


DEADLINE = datetime.datetime(2015, 11, 9, 12, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))


class Application(models.Model):
    """The project's application as it was received (D32). A correction is a new row with its reason."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="applications")
    received_at = models.DateTimeField(_("received"))
    pages = models.PositiveSmallIntegerField(_("pages"), validators=[MinValueValidator(1)])
    budget = models.DecimalField(
        _("budget applied for"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    target_count = models.PositiveIntegerField(_("target count applied for"), validators=TARGET)
    elements = ArrayField(
        models.CharField(max_length=20, choices=CoreElement),
        verbose_name=_("core elements addressed"),
        default=list,
        blank=True,
    )
    partners = models.CharField(_("joint partners"), max_length=200, blank=True)
    # What the call for applications said (D32), kept beside what was received.
    deadline = models.DateTimeField(_("deadline"), default=DEADLINE)
    pages_at_most = models.PositiveSmallIntegerField(_("pages at most"), default=12)
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    #: The token of the form that made the row: the same form sent twice makes one row.
    submission = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="grants_application_reason")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.project} {self.received_at:%Y-%m-%d}"

    @property
    def is_late(self) -> bool:
        """Whether it came after the deadline."""
        return self.received_at > self.deadline

    @property
    def is_too_long(self) -> bool:
        """Whether it has more pages than allowed."""
        return self.pages > self.pages_at_most

    @property
    def missing(self) -> list[str]:
        """The core elements it does not address, in words."""
        return [str(element.label) for element in CoreElement if element.value not in self.elements]
