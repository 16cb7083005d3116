"""The activity plan of the sniffing period (D13) and the plan for job (D21)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course, CourseDocument
from companies.models import Company
from jobfirst.dates import DateSpan
from jobfirst.models import Record, append_only


class ActivityKind(models.TextChoices):
    VISIT = "visit", _("Company visit or coffee")
    SNIFFING = "sniffing", _("Sniffing internship")
    CONVERSATION = "conversation", _("Conversation with employees, interns or managers")
    OTHER = "other", _("Other")


@tracked()
class ActivityLine(Record):
    """A line of the activity plan: what, where, who and when."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind)
    what = models.CharField(_("what"), max_length=200)
    where = models.CharField(_("where"), max_length=200, blank=True)
    who = models.CharField(_("who"), max_length=200)
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("company")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    done = models.BooleanField(_("done"), null=True, blank=True)
    cancelled = models.BooleanField(_("cancelled"), default=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["course", "starts_on"], name="plans_activity_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plans_activity_dates",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.starts_on}"

    @property
    def span(self) -> DateSpan:
        """The days from the first to the last."""
        return DateSpan(self.starts_on, self.ends_on)

    @property
    def fills_days(self) -> bool:
        """Whether it fills its days (D13, D22): neither cancelled nor marked as not done."""
        return not self.cancelled and self.done is not False


class PlanModel(models.TextChoices):
    SAME_WORKPLACE = "same_workplace", _("Combination at the same workplace")
    NEW_WORKPLACE = "new_workplace", _("Combination at a new workplace")
    LADDER = "ladder", _("Ladder, possibly through wage subsidy")


class PlanEffort(models.TextChoices):
    EXTENDED_INTERNSHIP = "extended_internship", _("1: extended internship")
    NEW_WORKPLACE = "new_workplace", _("2: new workplace")
    WAGE_SUBSIDY = "wage_subsidy", _("3: wage subsidy")
    ORDINARY_EMPLOYMENT = "ordinary_employment", _("4: ordinary employment, including flex job")


@tracked()
class PlanForJob(CourseDocument):
    """ "Min Plan – mod job" (D21): made after the first weeks of internship, for some months (both terms).

    It must aim at ordinary hours. One row per version, never changed; the newest is in force.
    """

    BOOKKEEPING = CourseDocument.BOOKKEEPING | {"course"}

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plans")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), editable=False)
    model = models.CharField(_("model"), max_length=20, choices=PlanModel)
    # A goals
    job_goal = models.TextField(_("consolidated job goal"))
    flex_job_considered = models.BooleanField(_("flex job is considered"))
    flex_job_note = models.TextField(_("about flex job"), blank=True)
    effort = models.CharField(_("effort"), max_length=30, choices=PlanEffort)
    # B agreed
    tasks_and_times = models.TextField(_("tasks and times"))
    ordinary_hours_aim = models.DecimalField(
        _("ordinary hours a week aimed at"), max_digits=4, decimal_places=2
    )
    ordinary_hours = models.DecimalField(
        _("ordinary hours a week agreed"), max_digits=4, decimal_places=2, default=0
    )
    wage = models.CharField(_("wage"), max_length=150, blank=True)
    # C activities
    mentor_continues = models.BooleanField(_("the mentor support continues"))
    mentor_until = models.DateField(_("mentor support until"), null=True, blank=True)
    mentor_tasks = models.TextField(_("the mentor's extent and tasks"), blank=True)
    mentor_end_reason = models.TextField(_("why the mentor support ends"), blank=True)
    # D last meeting
    last_meeting = models.TextField(_("summary of the last meeting"))
    # Copies
    course_owner_name = models.CharField(max_length=254, blank=True, editable=False)
    coordinating_caseworker_name = models.CharField(max_length=254, blank=True, editable=False)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("plan for job")
        verbose_name_plural = _("plans for job")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="plans_plan_version"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="plans_plan_dates"),
            models.CheckConstraint(
                condition=Q(ordinary_hours_aim__gt=0),
                name="plans_plan_aims_at_hours",
                violation_error_message=_("A plan for job must aim at ordinary hours."),
            ),
            models.CheckConstraint(
                condition=Q(mentor_continues=True, mentor_until__isnull=False) & ~Q(mentor_tasks="")
                | Q(mentor_continues=False, mentor_until__isnull=True) & ~Q(mentor_end_reason=""),
                name="plans_plan_mentor",
                violation_error_message=_(
                    "Write until when the mentor support continues and what it is, or why it ends."
                ),
            ),
            models.CheckConstraint(condition=~Q(citizen_name=""), name="plans_plan_citizen"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"
