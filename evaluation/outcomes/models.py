"""The dated terms of the evaluation of outcomes."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from jobfirst.models import DatedQuerySet


class OutcomeTermsQuerySet(DatedQuerySet["OutcomeTerms"]):
    def of_day(self, day: datetime.date) -> OutcomeTerms:
        """Return the terms in force on the day; before the first row, or without any, the defaults."""
        return self.begun(day).first() or OutcomeTerms(valid_from=day)


@tracked()
class OutcomeTerms(models.Model):
    """The numbers of the evaluation of outcomes, dated: a change applies from `valid_from`.

    D6 gives the factor and the share of the success criteria. The others are the project's own choice, and
    pages that show them say so.
    """

    valid_from = models.DateField(_("valid from"), unique=True)
    hours_factor = models.DecimalField(
        _("paid hours, times the controls'"), max_digits=4, decimal_places=2, default=Decimal(2)
    )
    progressed_percent = models.PositiveSmallIntegerField(
        _("participants who have progressed, per cent"), default=75, validators=[MaxValueValidator(100)]
    )
    # The sniffing period and the internship with retention support, thirteen weeks each (D12).
    course_weeks = models.PositiveSmallIntegerField(_("a course, weeks from the draw"), default=26)
    redraws = models.PositiveIntegerField(
        _("repetitions of the draw"), default=999, validators=[MinValueValidator(99)]
    )
    # A month of full time in Denmark: 37 hours a week.
    full_time_hours = models.DecimalField(
        _("full time, hours a month"), max_digits=5, decimal_places=2, default=Decimal("160.33")
    )
    power_percent = models.PositiveSmallIntegerField(
        _("power, per cent"), default=80, validators=[MinValueValidator(51), MaxValueValidator(99)]
    )
    significance_percent = models.PositiveSmallIntegerField(
        _("significance level, per cent"), default=5, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    # Until the controls' own hours tell.
    assumed_deviation = models.DecimalField(
        _("assumed spread of paid hours, hours a month"), max_digits=5, decimal_places=2, default=Decimal(40)
    )

    objects = OutcomeTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of the outcomes")
        verbose_name_plural = _("terms of the outcomes")
        ordering = ["-valid_from"]

    def __str__(self) -> str:
        return f"{self.valid_from}"
