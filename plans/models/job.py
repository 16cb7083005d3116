"""The plan for job (D21)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models import Course, CourseDocument
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import append_only
from jobfirst.values import text_limits


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
    #: The fields that only one effort asks; of the other efforts they are empty.
    OF_EFFORT: ClassVar[dict[str, tuple[str, ...]]] = {
        PlanEffort.EXTENDED_INTERNSHIP.value: ("extended_until",),
        PlanEffort.NEW_WORKPLACE.value: ("new_workplace_how",),
        PlanEffort.WAGE_SUBSIDY.value: ("subsidy_from", "subsidy_until"),
        PlanEffort.ORDINARY_EMPLOYMENT.value: ("employment_from", "employment_is_flex_job"),
    }

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="plans")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), editable=False)
    model = models.CharField(_("model"), max_length=20, choices=PlanModel)
    # A goals
    job_goal = EncryptedTextField(_("consolidated job goal"), max_length=text_limits.SECTION)
    flex_job_considered = models.BooleanField(_("flex job is considered"))
    flex_job_note = EncryptedTextField(_("about flex job"), max_length=text_limits.SECTION, blank=True)
    effort = models.CharField(_("effort"), max_length=30, choices=PlanEffort)
    workplace = models.CharField(_("workplace"), max_length=150, blank=True)
    # What only one of the efforts asks (`OF_EFFORT`)
    extended_until = models.DateField(_("internship until"), null=True, blank=True)
    new_workplace_how = EncryptedTextField(
        _("how the new workplace is found"), max_length=text_limits.SECTION, blank=True
    )
    subsidy_from = models.DateField(_("wage subsidy from"), null=True, blank=True)
    subsidy_until = models.DateField(_("wage subsidy until"), null=True, blank=True)
    employment_from = models.DateField(_("employment from"), null=True, blank=True)
    employment_is_flex_job = models.BooleanField(_("The employment is a flex job"), default=False)
    # B agreed
    tasks_and_times = EncryptedTextField(_("tasks and times"), max_length=text_limits.SECTION)
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
    mentor_tasks = EncryptedTextField(
        _("the mentor's extent and tasks"), max_length=text_limits.SECTION, blank=True
    )
    mentor_end_reason = EncryptedTextField(
        _("why the mentor support ends"), max_length=text_limits.REASON, blank=True
    )
    # D last meeting
    last_meeting = EncryptedTextField(_("summary of the last meeting"), max_length=text_limits.SECTION)
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
            models.CheckConstraint(
                condition=Q(subsidy_from__isnull=True)
                | Q(subsidy_until__isnull=True)
                | Q(subsidy_until__gte=F("subsidy_from")),
                name="plans_plan_subsidy",
                violation_error_message=_("The end must not be before the start."),
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"
