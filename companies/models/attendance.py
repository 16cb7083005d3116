"""Attendance at a placement, week by week (D48)."""

from typing import ClassVar

from django.conf import settings
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
from cases.models import Course
from companies.models.placement import Placement
from companies.rules.attendance import AttendanceDays
from jobfirst.models import Record


@tracked()
class AttendanceWeek(Withdrawable, Record):
    """The days of one week at a placement: present, absent by kind, and not shown up.

    It explains the placement and changes nothing of it: the grant's days stay those of the placement.
    `objects` and every relation leave out withdrawn weeks.
    """

    #: The numbers of days, in the order of the form and the table.
    DAYS: ClassVar[tuple[str, ...]] = ("present", "ill", "agreed_absence", "other_absence", "no_show")

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="attendance")
    monday = models.DateField(_("week"))
    present = models.PositiveSmallIntegerField(_("days present"), default=0)
    ill = models.PositiveSmallIntegerField(_("days ill"), default=0)
    agreed_absence = models.PositiveSmallIntegerField(_("days of agreed absence"), default=0)
    other_absence = models.PositiveSmallIntegerField(_("days of other absence"), default=0)
    no_show = models.PositiveSmallIntegerField(_("days not shown up"), default=0)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = StandingRows.from_queryset(WithdrawableQuerySet)()
    everything = WithdrawableQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance of a week")
        verbose_name_plural = _("attendance of weeks")
        ordering = ["-monday"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "monday"],
                condition=Q(withdrawn_at__isnull=True),
                name="companies_attendance_once",
            ),
            withdrawn_by_somebody("companies_attendance_withdrawn"),
            models.CheckConstraint(condition=Q(monday__iso_week_day=1), name="companies_attendance_monday"),
            models.CheckConstraint(
                condition=Q(
                    present__lte=7 - F("ill") - F("agreed_absence") - F("other_absence") - F("no_show")
                ),
                name="companies_attendance_seven_days",
                violation_error_message=_("A week has seven days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.monday}"

    @property
    def course(self) -> Course:
        """The course that it belongs to."""
        return self.placement.course

    @property
    def days(self) -> AttendanceDays:
        """The numbers as a value."""
        return AttendanceDays(**{name: getattr(self, name) for name in self.DAYS})
