"""Parallel efforts, needs and accommodations (D11).

`objects` and every relation leave out what was withdrawn as entered in error.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.withdrawals import (
    StandingRows,
    Withdrawable,
    WithdrawableQuerySet,
    withdrawn_by_somebody,
)
from cases.models.course import Course
from cases.rules.work_limits import LIMITS, WorkLimits
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


class EffortKind(models.TextChoices):
    HEALTH = "health", _("Health")
    SOCIAL = "social", _("Social")
    OTHER = "other", _("Other")


@tracked()
class ParallelEffort(Withdrawable, Record):
    """A health, social or other intervention beside the course, and who coordinates it."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="efforts")
    kind = models.CharField(_("kind"), max_length=10, choices=EffortKind)
    description = EncryptedTextField(_("what"), max_length=text_limits.COMMENT)
    coordinator = models.CharField(_("who coordinates"), max_length=150)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    objects = StandingRows.from_queryset(WithdrawableQuerySet)()
    everything = WithdrawableQuerySet.as_manager()

    class Meta:
        verbose_name = _("parallel effort")
        verbose_name_plural = _("parallel efforts")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cases_effort_dates",
                violation_error_message=_("The end must not be before the start."),
            ),
            withdrawn_by_somebody("cases_effort_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.kind}"

    @property
    def words(self) -> str:
        """What it says."""
        return self.description


@tracked()
class UncoveredNeed(Withdrawable, Record):
    """A need of the citizen; listed until it is covered."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="needs")
    description = EncryptedTextField(_("need"), max_length=text_limits.COMMENT)
    noted_on = models.DateField(_("noted on"))
    covered_on = models.DateField(_("covered on"), null=True, blank=True)
    covered_how = EncryptedTextField(_("how it was covered"), max_length=text_limits.COMMENT, blank=True)

    objects = StandingRows.from_queryset(WithdrawableQuerySet)()
    everything = WithdrawableQuerySet.as_manager()

    class Meta:
        verbose_name = _("uncovered need")
        verbose_name_plural = _("uncovered needs")
        ordering = [F("covered_on").asc(nulls_first=True), "-noted_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(covered_on__isnull=True) | Q(covered_on__gte=F("noted_on")),
                name="cases_need_dates",
            ),
            withdrawn_by_somebody("cases_need_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.noted_on}"

    @property
    def words(self) -> str:
        """What it says."""
        return self.description


@tracked()
class Accommodation(Withdrawable, Record):
    """An accommodation at the workplace (skånehensyn); those in force are copied to the work agreement.

    The limits are optional; the weekly schedule of a work agreement is compared with them.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="accommodations")
    description = EncryptedTextField(_("accommodation"), max_length=text_limits.COMMENT)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    hours_a_day = models.DecimalField(
        _("at most hours a day"), max_digits=4, decimal_places=2, null=True, blank=True
    )
    hours_a_week = models.DecimalField(
        _("at most hours a week"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    days_a_week = models.PositiveSmallIntegerField(_("at most days a week"), null=True, blank=True)
    not_before = models.TimeField(_("not before"), null=True, blank=True)
    not_after = models.TimeField(_("not after"), null=True, blank=True)
    no_nights = models.BooleanField(_("no work at night, 22.00 to 06.00"), default=False)
    no_weekend = models.BooleanField(_("no work on Saturdays and Sundays"), default=False)

    objects = StandingRows.from_queryset(WithdrawableQuerySet)()
    everything = WithdrawableQuerySet.as_manager()

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="cases_accommodation_dates",
            ),
            models.CheckConstraint(
                condition=(Q(hours_a_day__isnull=True) | Q(hours_a_day__gt=0, hours_a_day__lte=24))
                & (Q(hours_a_week__isnull=True) | Q(hours_a_week__gt=0, hours_a_week__lte=168))
                & (Q(days_a_week__isnull=True) | Q(days_a_week__range=(1, 7)))
                & (Q(not_before__isnull=True) | Q(not_after__isnull=True) | Q(not_after__gt=F("not_before"))),
                name="cases_accommodation_limits",
            ),
            withdrawn_by_somebody("cases_accommodation_withdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.from_on}"

    @property
    def words(self) -> str:
        """What it says."""
        return self.description

    @property
    def limits(self) -> WorkLimits:
        """The limits of the working hours as values."""
        return WorkLimits(**{name: getattr(self, name) for name in LIMITS})
