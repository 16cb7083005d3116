"""Agree, change and end placements (D13, D14, D20). Renew: `companies.actions.renewals`; withdraw:
`companies.actions.withdrawals`."""

import datetime
import uuid
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, locked, refuse, sent_before
from cases.actions.corrections import check_reason, correct_record
from cases.actions.deadlines import updates_deadlines, updates_elements
from cases.models import Course
from companies.actions.company_locks import shared_company
from companies.actions.matches import match_for_internship
from companies.actions.placement_rows import (
    change_placement,
    check_begins_in_course,
    check_fits_kind,
    check_length,
    check_overlap,
    check_workplace,
    current_placement,
    internships_changed,
    locked_placement,
)
from companies.actions.withdrawals import (
    remove_planned_renewals,
    withdraw_as_error,
    withdraw_as_no_show,
    withdraw_placement,
)
from companies.extension_points import placements_changed
from companies.merging.lookup import remaining_workplace
from companies.models import Company, HoursChange, Match, Placement, PlacementKind, Workplace
from companies.rules.agreed_hours import WeeklyHours
from companies.rules.placement_kinds import WAIVERS
from jobfirst.values.dates import DateSpan

__all__ = [
    "change_hours",
    "check_placement",
    "current_placement",
    "end_placement",
    "record_representative",
    "start_placement",
    "withdraw_as_error",
    "withdraw_as_no_show",
    "withdraw_placement",
]


class EndReport(TypedDict, total=False):
    """What is known of how a placement ended: `actual_hours` are those worked in all."""

    end_reason: str
    end_note: str
    end_reported_by: str
    actual_hours: Decimal | None


class PlacementTerms(TypedDict, total=False):
    """The optional terms of a placement; the model's defaults apply to what is left out."""

    workplace: Workplace | None
    internship_hours: Decimal
    ordinary_hours: Decimal
    waived_few_hours: bool
    waived_employment: bool
    waiver_reason: str


@updates_deadlines()
@transaction.atomic
def start_placement(
    course: Course,
    company: Company,
    *,
    kind: str,
    starts_on: datetime.date,
    planned_end_on: datetime.date | None = None,
    by: User | None = None,
    submission: uuid.UUID | None = None,
    **terms: Unpack[PlacementTerms],
) -> Placement:
    """Agree a placement of any kind (D13, D14, D20), with the terms that fit the kind.

    An internship needs a match at the company, has at most the trial's number of days, and opens the course's
    internship phase (D12, D19). It renews another one at the same company that it follows directly. Two
    placements of one kind at one workplace may not overlap. A waiver is recorded with who used it and why.
    """
    company = _remaining_place(company, terms)
    course = locked(course)
    earlier = sent_before(Placement, course, submission, company=company, kind=kind, starts_on=starts_on)
    if earlier is not None:
        return earlier
    check_fits_kind(kind, terms)
    days: dict[str, Any] = {"kind": kind, "starts_on": starts_on, "planned_end_on": planned_end_on}
    match = check_placement(course, company, workplace=terms.get("workplace"), **days)
    placement: Placement = Placement.objects.create(
        course=course,
        company=company,
        match=match,
        submission=submission,
        waived_by=by if any(terms.get(waiver) for waiver in WAIVERS) else None,
        **days,
        **terms,
    )
    if kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [company.pk])
        placement.refresh_from_db()
    placements_changed([course.pk])
    return placement


def _remaining_place(company: Company, terms: PlacementTerms) -> Company:
    """Return the company that the record leads to, and let the terms name its workplace."""
    if (workplace := terms.get("workplace")) is not None:
        terms["workplace"] = remaining_workplace(workplace)
    return shared_company(company)


def check_placement(
    course: Course,
    company: Company,
    *,
    kind: str,
    starts_on: datetime.date,
    planned_end_on: datetime.date | None,
    workplace: Workplace | None = None,
) -> Match | None:
    """Refuse what `start_placement` refuses; return the match of an internship, None for other kinds.

    Final only under the course's lock.
    """
    check_workplace(company, workplace)
    check_begins_in_course(course, starts_on)
    match = match_for_internship(course, company, starts_on) if kind == PlacementKind.INTERNSHIP else None
    check_length(kind, starts_on, planned_end_on)
    workplace_id = None if workplace is None else workplace.pk
    check_overlap(course, company.pk, kind, DateSpan(starts_on, planned_end_on), workplace_id=workplace_id)
    return match


@updates_deadlines()
@transaction.atomic
def end_placement(
    placement: Placement,
    *,
    ended_on: datetime.date,
    today: datetime.date,
    version: int | None = None,
    removes_renewals: bool = False,
    by: User | None = None,
    reason: str = "",
    **report: Unpack[EndReport],
) -> Placement:
    """End a placement: `ended_on` is the last day present, `report` how it ended.

    A day after `today` is stored as the planned end instead. With `removes_renewals` the renewals that have
    not begun are removed by the user `by`. Refused when the placement would then overlap another one, such as
    its renewal. Another last day than the one recorded is a correction, for which a user gives the `reason`
    (D41). Idempotent: the same again changes nothing.
    """
    placement = locked_placement(placement, version)
    if ended_on < placement.starts_on:
        raise refuse("ended_on", _("The last day must not be before the start."), "before_start")
    fields: dict[str, Any] = {**report, "ended_on": ended_on}
    if ended_on > today:
        fields |= _planned_end(placement, ended_on, report.get("actual_hours"))
    if removes_renewals and by is not None:
        remove_planned_renewals(placement, today=today, by=by)
    check_overlap(
        placement.course,
        placement.company_id,
        placement.kind,
        DateSpan(placement.starts_on, ended_on),
        workplace_id=placement.workplace_id,
        without=placement,
        field="ended_on",
    )
    placement = _save_end(placement, fields, by, reason)
    placements_changed([placement.course_id])
    return placement


def _planned_end(placement: Placement, day: datetime.date, hours: Decimal | None) -> dict[str, Any]:
    """Return the fields of an end that lies ahead: it becomes the planned one."""
    check_length(placement.kind, placement.starts_on, day, field="ended_on")
    if hours is not None:
        text = _("The hours that were worked are entered once the last day has come.")
        raise refuse("actual_hours", text, "not_ended")
    return {"planned_end_on": day, "ended_on": None, "actual_hours": None}


def _save_end(placement: Placement, fields: dict[str, Any], by: User | None, reason: str) -> Placement:
    """Save the end; as a correction with its reason when another one was recorded before (D41)."""
    is_same = all(getattr(placement, name) == value for name, value in fields.items())
    if placement.ended_on is None or is_same:
        return change_placement(placement, fields)
    check_reason(reason, is_needed=by is not None)
    correct_record(placement, fields, by=by, reason=reason)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(placement.course, [placement.company_id])
    return placement


@transaction.atomic
def record_representative(
    placement: Placement,
    *,
    name: str,
    confirmed_on: datetime.date | None,
    by: User,
    version: int | None = None,
) -> Placement:
    """Record the employees' representative, and the day on which she confirmed that the reasonableness
    requirement is kept (D24); without a name there is none. Idempotent."""
    placement = locked_placement(placement, version)
    fields = {"representative_name": name.strip(), "representative_confirmed_on": confirmed_on}
    if confirmed_on is not None and not name.strip():
        raise refuse("representative_name", _("Write who has confirmed it."), "no_name")
    if all(getattr(placement, field) == value for field, value in fields.items()):
        return placement
    changed(placement, {**fields, "representative_recorded_by": by})
    return placement


@updates_elements(7)
@transaction.atomic
def change_hours(
    placement: Placement,
    *,
    from_on: datetime.date,
    internship_hours: Decimal,
    ordinary_hours: Decimal,
    version: int | None = None,
) -> Placement:
    """Change the weekly hours of a placement from a day on, until the next change (D20, D38).

    Hours of other days stay as they were. On the placement's first day, or the day of an earlier change, the
    hours are corrected; the history keeps what stood there. Idempotent.
    """
    placement = locked_placement(placement, version)
    if from_on not in placement.span:
        raise refuse("from_on", _("The day must lie within the placement's days."), "outside")
    fields = {"internship_hours": internship_hours, "ordinary_hours": ordinary_hours}
    if from_on == placement.starts_on:
        return change_placement(placement, fields)
    change = placement.hours_changes.filter(from_on=from_on).first()
    hours = WeeklyHours(Decimal(internship_hours), Decimal(ordinary_hours))
    if change is None and placement.hours_on(from_on) == hours:
        return placement
    if change is not None and change.hours_from.hours == hours:
        return placement
    HoursChange.objects.update_or_create(placement=placement, from_on=from_on, defaults=fields)
    changed(placement, {})
    return placement
