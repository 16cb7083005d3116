"""Openings that a project has found at companies: what a citizen could do there."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.company import Company, Workplace
from companies.models.project_rows import ProjectRow, ProjectRowQuerySet
from companies.rules.work_times import DAYTIME, EVENING, NIGHT, WEEKEND
from jobfirst.values import text_limits
from jobfirst.values.dates import DateSpan


class WorkTime(models.TextChoices):
    """When the work can lie (`companies.rules.work_times`)."""

    DAYTIME = DAYTIME, _("By day")
    EVENING = EVENING, _("In the evening")
    NIGHT = NIGHT, _("At night")
    WEEKEND = WEEKEND, _("At weekends")


class JobOpeningQuerySet(ProjectRowQuerySet["JobOpening"]):
    """Openings of projects."""

    def open_on(self, day: datetime.date) -> "JobOpeningQuerySet":
        """Return the openings that can still be filled on the day: not past their last day, and not at a
        closed workplace."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day)).exclude(workplace__is_closed=True)


@tracked()
class JobOpening(ProjectRow):
    """Something that citizens could do at a company: job function, tasks, hours, how many, and until when.

    `hours` are per week; `times` is empty while it is not known when the work can lie. `until_on` is the last
    day on which it can be filled; an opening that is no longer there gets the day before as its last one.
    """

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="openings")
    workplace = models.ForeignKey(
        Workplace,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="openings",
        verbose_name=_("company workplace"),
    )
    job_function = models.CharField(_("job function"), max_length=150)
    tasks = models.TextField(_("tasks"), max_length=text_limits.NOTE, blank=True, default="")
    hours = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=2, null=True, blank=True)
    times = ArrayField(
        models.CharField(max_length=10, choices=WorkTime),
        verbose_name=_("when the work can lie"),
        default=list,
        blank=True,
    )
    accommodations = models.TextField(
        _("accommodations that are possible"), max_length=text_limits.COMMENT, blank=True, default=""
    )
    places = models.PositiveSmallIntegerField(_("how many persons"), default=1)
    from_on = models.DateField(_("can be filled from"), null=True, blank=True)
    until_on = models.DateField(_("can be filled until"), null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = JobOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("job opening")
        verbose_name_plural = _("job openings")
        ordering = ["job_function", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(places__range=(1, 99)),
                name="companies_opening_places",
                violation_error_message=_("Write a number from 1 to 99."),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="companies_opening_days",
                violation_error_message=_("The last day must not be before the first."),
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0), name="companies_opening_hours"
            ),
        ]

    def __str__(self) -> str:
        return self.job_function

    @property
    def times_in_words(self) -> str:
        """When the work can lie, in words; empty while it is not known."""
        return ", ".join(str(WorkTime(row).label) for row in self.times)

    @property
    def is_at_closed_workplace(self) -> bool:
        """Whether its workplace is closed, so that nobody can begin there."""
        return self.workplace is not None and self.workplace.is_closed

    @property
    def span(self) -> DateSpan:
        """The days on which it can be filled, from the day it was noted when no first day is given."""
        return DateSpan(self.from_on or self.created_at.date(), self.until_on)
