"""Report, accept and refuse (D48). A report changes nothing of the placement before staff accept it."""

import datetime
import uuid
from dataclasses import replace
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, locked, refuse
from cases.actions.corrections import check_reason
from cases.models import CourseFunction
from companies.actions.attendance import record_attendance
from companies.actions.placement_rows import check_standing, stored_placement
from companies.actions.placements import EndReport, current_placement, end_placement
from companies.models import (
    AttendanceWeek,
    CompanyContact,
    Placement,
    PlacementReport,
    ReportKind,
    ReportState,
)
from companies.presentation.attendance import days_agreed
from companies.reports.notices import REPORTED
from companies.rules.attendance import WEEKS_AHEAD, AttendanceDays
from companies.rules.reported_absence import absent_days
from companies.signing.status import in_force_on
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.values.dates import DAY, WEEK, DateSpan
from reminders.notices import tell


@transaction.atomic
def report(
    placement: Placement,
    content: dict[str, Any],
    *,
    contact: CompanyContact,
    today: datetime.date,
    submission: uuid.UUID | None = None,
) -> PlacementReport:
    """Store what the company reports, and tell mentor and job consultant.

    `content` has kind, first_on, last_on, absence and reason. The same form sent twice makes one report.
    """
    course = locked(placement.course)
    placement = current_placement(placement)
    placement.course = course
    earlier = PlacementReport.objects.filter(submission=submission).first() if submission else None
    if earlier is not None:
        return earlier
    _check_days(placement, content, today)
    row = PlacementReport.objects.create(
        placement=placement,
        reported_on=today,
        reported_by_name=contact.name,
        contact=contact,
        submission=submission,
        **content,
    )
    staff = course.staff_on(today)
    people = {staff.get(CourseFunction.MENTOR), staff.get(CourseFunction.JOB_CONSULTANT)} - {None}
    tell(REPORTED, course.public_id, [person for person in people if person is not None], today)
    return row


def _check_days(placement: Placement, content: dict[str, Any], today: datetime.date) -> None:
    first, last = content["first_on"] or content["last_on"], content["last_on"]
    if last < first:
        raise refuse("last_on", _("The last day must not be before the first."), "order")
    if first not in placement.span or last not in placement.span:
        raise refuse("last_on", _("The days must lie within the placement."), "outside")
    if content["kind"] == ReportKind.ABSENCE and last > today + WEEKS_AHEAD * WEEK:
        text = _("Report at most %(weeks)d weeks ahead.") % {"weeks": WEEKS_AHEAD}
        raise refuse("last_on", text, "far")


@transaction.atomic
def accept_absence(
    row: PlacementReport, *, by: User, today: datetime.date, version: int | None = None
) -> PlacementReport:
    """Fill the attendance with a reported absence. Idempotent."""
    row, placement = _waiting(row, version)
    if row.state == ReportState.ACCEPTED:
        return row
    if row.kind != ReportKind.ABSENCE:
        raise ValidationError(_("An early stop is accepted with its last day and reason."), code="stop")
    check_standing(placement)
    _fill_attendance(row, placement, by, today)
    _decide(row, ReportState.ACCEPTED, by)
    return row


@transaction.atomic
def accept_stop(
    row: PlacementReport,
    *,
    ended_on: datetime.date,
    by: User,
    today: datetime.date,
    version: int | None = None,
    removes_renewals: bool = False,
    reason: str = "",
    **end: Unpack[EndReport],
) -> Placement:
    """Accept a reported early stop and record the last day, as `end_placement` does. Idempotent.

    `version` is that of the placement that the form was opened on.
    """
    row, placement = _waiting(row, None)
    if row.state == ReportState.ACCEPTED:
        return placement
    check_standing(placement)
    _decide(row, ReportState.ACCEPTED, by)
    return end_placement(
        placement,
        ended_on=ended_on,
        today=today,
        version=version,
        removes_renewals=removes_renewals,
        by=by,
        reason=reason or _("The company reported the last day."),
        **end,
    )


@transaction.atomic
def refuse_report(
    row: PlacementReport, *, reason: str, by: User, version: int | None = None
) -> PlacementReport:
    """Refuse what was reported, with the reason; nothing of the placement changes. Idempotent."""
    row, _placement = _waiting(row, version)
    if row.state == ReportState.REFUSED:
        return row
    check_reason(reason, field="decision_reason", words=_("Write why it is refused."))
    _decide(row, ReportState.REFUSED, by, reason.strip())
    return row


def _waiting(row: PlacementReport, version: int | None) -> tuple[PlacementReport, Placement]:
    """Return the report and its placement, withdrawn or not, under the course's lock."""
    course = locked(row.placement.course)
    row = PlacementReport.objects.get(pk=row.pk)
    placement = stored_placement(row.placement)
    placement.course = course
    if row.state == ReportState.WAITING:
        ensure_fresh(row, version)
    return row, placement


def _decide(row: PlacementReport, state: ReportState, by: User, reason: str = "") -> None:
    if row.state != ReportState.WAITING:
        raise ValidationError(_("Somebody else has decided it meanwhile."), code="decided")
    decided = {"decided_by": by, "decided_at": timezone.now(), "decision_reason": reason}
    changed(row, {"state": state, **decided})


def _fill_attendance(row: PlacementReport, placement: Placement, by: User, today: datetime.date) -> None:
    """Add the absent days to the weeks; days that were recorded as present become absent."""
    assert row.first_on is not None
    agreement = in_force_on(placement, row.first_on)
    weekdays = {period.weekday for period in agreement.periods()} if agreement else set()
    days = absent_days(DateSpan(row.first_on, row.last_on), placement.span, weekdays)
    if not days:
        raise ValidationError(_("The citizen was not to work on these days."), code="no_days")
    for monday, absent in days.items():
        stored = AttendanceWeek.objects.filter(placement=placement, monday=monday).first()
        has_passed = monday + 6 * DAY <= today
        usual = days_agreed(placement, monday) if has_passed else absent
        week = stored.days if stored else AttendanceDays(present=usual)
        week = replace(
            week,
            present=max(0, week.present - absent),
            **{row.absence: getattr(week, row.absence) + absent},
        )
        reason = _("The company reported the absence.")
        record_attendance(placement, monday, week, today=today, by=by, reason=reason)
