"""Attendance at a placement, week by week (D48)."""

import datetime
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked
from cases.actions.corrections import check_reason, correct_record, is_own_slip, withdraw_record
from cases.rules.weekly_contact import week_of
from companies.actions.placements import current_placement
from companies.models import AttendanceWeek, Placement
from companies.rules.attendance import AttendanceDays, days_possible, may_be_entered
from jobfirst.kit.versioned import ensure_fresh


@transaction.atomic
def record_attendance(
    placement: Placement,
    monday: datetime.date,
    days: AttendanceDays,
    *,
    today: datetime.date,
    by: User | None = None,
    reason: str = "",
    version: int | None = None,
) -> AttendanceWeek:
    """Record the days of a week, or correct them; the values before stay in the history.

    A user who corrects gives the reason, unless it is a slip of the user's own (D41). Idempotent: the same
    days again change nothing. `version` is that of the row that the form was opened on (0 for none):
    StaleError when somebody else has saved since.
    """
    course = locked(placement.course)
    placement = current_placement(placement)
    placement.course = course
    _check(placement, monday, days, today)
    week = placement.attendance.filter(monday=monday).first()
    if week is not None and week.days == days:
        return week
    ensure_fresh(week or AttendanceWeek(placement=placement, monday=monday, version=0), version)
    if week is None:
        return AttendanceWeek.objects.create(
            placement=placement, monday=monday, entered_by=by, **asdict(days)
        )
    check_reason(reason, is_needed=by is not None and not is_slip_of_week(week, by))
    correct_record(week, asdict(days), by=by, reason=reason)
    return week


def is_slip_of_week(week: AttendanceWeek, by: User) -> bool:
    """Whether the user may mend the week without a reason: the user's own, of the last hour."""
    return is_own_slip(week.entered_by_id, week.created_at, by)


@transaction.atomic
def withdraw_attendance(
    week: AttendanceWeek, *, by: User, reason: str = "", version: int | None = None
) -> None:
    """Withdraw the attendance of a week that was entered in error (`withdraw_record`); it can be recorded
    anew."""
    locked(week.placement.course)
    current = AttendanceWeek.everything.get(pk=week.pk)
    withdraw_record(current, by=by, reason=reason, is_own_slip=is_slip_of_week(current, by), version=version)


def _check(placement: Placement, monday: datetime.date, days: AttendanceDays, today: datetime.date) -> None:
    """Refuse a week outside the placement, presence in a week to come, and more days than the week has."""
    week = week_of(monday)
    if week.monday != monday or not placement.span.overlaps(week.span):
        raise ValidationError(_("The week lies outside the placement."), code="outside")
    if not may_be_entered(monday, days, today):
        raise ValidationError(_("The week lies in the future."), code="future")
    possible = days_possible(placement.span, week)
    if days.total > possible:
        message = _("The placement has %(possible)d days in this week; %(total)d are entered.")
        raise ValidationError(message % {"possible": possible, "total": days.total}, code="too_many")
    if days.total == 0:
        raise ValidationError(_("Enter at least one day."), code="none")
