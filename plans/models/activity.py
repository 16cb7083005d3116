"""The lines of the activity plan (D13)."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.history import tracked
from cases.models import Course, CourseFunction
from companies.models import Company, Placement
from jobfirst.models import Record
from jobfirst.values.dates import DateSpan


class ActivityKind(models.TextChoices):
    VISIT = "visit", _("Company visit or coffee")
    SNIFFING = "sniffing", _("Sniffing internship")
    CONVERSATION = "conversation", _("Conversation with employees, interns or managers")
    OTHER = "other", _("Other")


class Companion(models.TextChoices):
    """Who of the team goes along."""

    ALONE = "alone", _("The citizen alone")
    MENTOR = CourseFunction.MENTOR.value, _("The citizen and the mentor")
    JOB_CONSULTANT = CourseFunction.JOB_CONSULTANT.value, _("The citizen and the job consultant")
    COURSE_OWNER = CourseFunction.COURSE_OWNER.value, _("The citizen and the course owner")
    CASEWORKER = (
        CourseFunction.COORDINATING_CASEWORKER.value,
        _("The citizen and the coordinating caseworker"),
    )


class ActivityLineQuerySet(models.QuerySet["ActivityLine"]):
    def filling_days(self) -> "ActivityLineQuerySet":
        """Return the lines that fill their days (`ActivityLine.fills_days`)."""
        return self.filter(cancelled=False).exclude(done=False)


@tracked()
class ActivityLine(Record):
    """A line of the activity plan: what, where, who and when.

    A line whose day is agreed later (`day_is_open`) has the days of its week. `done` is None until it is
    ticked; `outcome` is the sentence on how it went.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind)
    what = models.CharField(_("what"), max_length=200)
    where = models.CharField(_("where"), max_length=200, blank=True)
    companion = models.CharField(
        pgettext_lazy("activity", "who"), max_length=30, choices=Companion, blank=True
    )
    who = models.CharField(_("who"), max_length=200, blank=True)
    company = models.ForeignKey(
        Company, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("company")
    )
    placement = models.ForeignKey(
        Placement,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("placement"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    day_is_open = models.BooleanField(_("the day is agreed later"), default=False)
    done = models.BooleanField(_("done"), null=True, blank=True)
    outcome = models.CharField(_("how it went"), max_length=300, blank=True)
    cancelled = models.BooleanField(_("cancelled"), default=False)

    objects = ActivityLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["starts_on", F("starts_at").asc(nulls_first=True), "pk"]
        indexes = [models.Index(fields=["course", "starts_on"], name="plans_activity_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="plans_activity_dates",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=~Q(who="") | ~Q(companion=""),
                name="plans_activity_who",
                violation_error_message=_("Choose who takes part."),
            ),
            models.CheckConstraint(
                condition=Q(day_is_open=False)
                | Q(starts_at__isnull=True, ends_on__lt=F("starts_on") + datetime.timedelta(days=7)),
                name="plans_activity_open_day",
                violation_error_message=_("Without a day there is no time."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(done__isnull=False), name="plans_activity_outcome"
            ),
            models.CheckConstraint(
                condition=Q(done__isnull=True) | Q(cancelled=False), name="plans_activity_state"
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

    @property
    def companion_function(self) -> str:
        """The function of who goes along, in small letters; empty when nobody does or it is not stated."""
        functions = dict(CourseFunction.choices)
        return str(functions.get(self.companion, "")).lower()

    @property
    def state(self) -> str:
        """How it stands: `planned`, `done`, `not_done` or `cancelled`."""
        if self.cancelled:
            return "cancelled"
        return {None: "planned", True: "done", False: "not_done"}[self.done]
