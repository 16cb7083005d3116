"""Agree, renew, change, end and withdraw placements (D13, D14, D20)."""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import TrialTerms, User
from cases.actions import follow_internships
from cases.actions.checks import changed, locked, refuse, sent_before
from cases.actions.deadlines import updates_deadlines, updates_elements
from cases.models import Course
from companies.actions.company_locks import share_companies
from companies.actions.matches import match_for_internship
from companies.extension_points import placements_changed
from companies.models import (
    EMPLOYMENT_KINDS,
    AgreementState,
    Company,
    HoursChange,
    Match,
    Placement,
    PlacementKind,
    Workplace,
)
from companies.rules import renewals
from companies.rules.agreed_hours import WeeklyHours
from jobfirst.dates import DateSpan
from jobfirst.kit.versioned import ensure_fresh


class PlacementTerms(TypedDict, total=False):
    """The optional terms of a placement; the model's defaults apply to what is left out."""

    workplace: Workplace | None
    internship_hours: Decimal
    ordinary_hours: Decimal
    waived_few_hours: bool
    waived_employment: bool


@updates_deadlines()
@transaction.atomic
def start_placement(
    course: Course,
    company: Company,
    *,
    kind: str,
    starts_on: datetime.date,
    planned_end_on: datetime.date | None = None,
    submission: uuid.UUID | None = None,
    **terms: Unpack[PlacementTerms],
) -> Placement:
    """Agree a placement of any kind (D13, D14, D20).

    An internship needs a match at the company, has at most the trial's number of days, and opens the course's
    internship phase (D12, D19). It renews another one at the same company that it follows directly. Two
    placements of one kind at one company may not overlap.
    """
    share_companies()
    course = locked(course)
    earlier = sent_before(Placement, course, submission, company=company, kind=kind, starts_on=starts_on)
    if earlier is not None:
        return earlier
    match = check_placement(course, company, kind=kind, starts_on=starts_on, planned_end_on=planned_end_on)
    check_workplace(company, terms.get("workplace"))
    placement: Placement = Placement.objects.create(
        course=course,
        company=company,
        kind=kind,
        match=match,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        submission=submission,
        **terms,
    )
    if kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [company.pk])
        placement.refresh_from_db()
    placements_changed([course.pk])
    return placement


def check_placement(
    course: Course,
    company: Company,
    *,
    kind: str,
    starts_on: datetime.date,
    planned_end_on: datetime.date | None,
) -> Match | None:
    """Refuse what `start_placement` refuses; return the match of an internship, None for other kinds.

    Final only under the course's lock.
    """
    match = match_for_internship(course, company, starts_on) if kind == PlacementKind.INTERNSHIP else None
    check_length(kind, starts_on, planned_end_on)
    _check_overlap(course, company, kind, DateSpan(starts_on, planned_end_on))
    return match


def check_workplace(company: Company, workplace: Workplace | None) -> None:
    """Refuse a workplace of another company."""
    if workplace is not None and workplace.company_id != company.pk:
        raise refuse("workplace", _("The workplace must be one of the company."), "other_company")


@transaction.atomic
def renew_placement(
    placement: Placement,
    *,
    starts_on: datetime.date,
    planned_end_on: datetime.date,
    internship_hours: Decimal,
    ordinary_hours: Decimal,
    submission: uuid.UUID | None = None,
) -> Placement:
    """Renew an internship at the same company, linked to the one it renews (D14).

    It must follow directly: on the next day, or the next working day. Of two simultaneous renewals the second
    is refused.
    """
    share_companies()
    course = locked(placement.course)
    earlier = sent_before(Placement, course, submission, starts_on=starts_on)
    if earlier is not None:
        return earlier
    placement = current_placement(placement)
    _check_renewal(placement, starts_on)
    return start_placement(
        course,
        placement.company,
        kind=PlacementKind.INTERNSHIP,
        starts_on=starts_on,
        planned_end_on=planned_end_on,
        workplace=placement.workplace,
        internship_hours=internship_hours,
        ordinary_hours=ordinary_hours,
        waived_few_hours=placement.waived_few_hours,
        waived_employment=placement.waived_employment,
        submission=submission,
    )


def _check_renewal(placement: Placement, starts_on: datetime.date) -> None:
    """Refuse a renewal of another kind, a second one, and one that does not follow directly (D14)."""
    if placement.kind != PlacementKind.INTERNSHIP or placement.last_day is None:
        raise ValidationError(_("Only an internship is renewed."), code="not_internship")
    if Placement.objects.filter(renews=placement).exists():
        raise ValidationError(_("The internship has been renewed already."), code="renewed")
    if not renewals.follows_directly(placement.last_day, starts_on):
        raise refuse(
            "starts_on",
            _("A renewal begins directly after the internship it renews: from %(first)s to %(last)s.")
            % {
                "first": date_format(renewals.earliest_renewal(placement.last_day)),
                "last": date_format(renewals.latest_renewal(placement.last_day)),
            },
            "not_direct",
        )


@updates_deadlines()
@transaction.atomic
def end_placement(
    placement: Placement, *, ended_on: datetime.date, today: datetime.date, version: int | None = None
) -> Placement:
    """End a placement: `ended_on` is the last day present.

    A day after `today` is stored as the planned end instead. Idempotent: the same day again changes nothing.
    """
    placement = _locked(placement, version)
    if ended_on < placement.starts_on:
        raise refuse("ended_on", _("The last day must not be before the start."), "before_start")
    if ended_on > today:
        check_length(placement.kind, placement.starts_on, ended_on, field="ended_on")
        fields = {"planned_end_on": ended_on, "ended_on": None}
    else:
        fields = {"ended_on": ended_on}
    placement = _change(placement, fields)
    placements_changed([placement.course_id])
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
    placement = _locked(placement, version)
    if from_on not in placement.span:
        raise refuse("from_on", _("The day must lie within the placement's days."), "outside")
    fields = {"internship_hours": internship_hours, "ordinary_hours": ordinary_hours}
    if from_on == placement.starts_on:
        return _change(placement, fields)
    change = placement.hours_changes.filter(from_on=from_on).first()
    hours = WeeklyHours(Decimal(internship_hours), Decimal(ordinary_hours))
    if change is None and placement.hours_on(from_on) == hours:
        return placement
    if change is not None and change.hours_from.hours == hours:
        return placement
    HoursChange.objects.update_or_create(placement=placement, from_on=from_on, defaults=fields)
    changed(placement, {})
    return placement


@updates_deadlines()
@transaction.atomic
def withdraw_placement(placement: Placement, *, today: datetime.date) -> None:
    """Delete a placement that has not begun.

    Refused for one that has begun (it is ended instead) or has a work agreement in force. The course's dates
    are computed again from its other internships. Idempotent.
    """
    locked(placement.course)
    if not Placement.everything.filter(pk=placement.pk).exists():
        return
    placement = _locked(placement)
    if placement.starts_on <= today:
        raise ValidationError(
            _("The placement has begun: end it, or withdraw it with a reason if it was entered in error."),
            code="begun",
        )
    if placement.agreements.exists():
        raise ValidationError(
            _("There is a work agreement for this placement: withdraw it with a reason."), code="agreement"
        )
    course, company, kind = placement.course, placement.company_id, placement.kind
    Placement.objects.filter(renews=placement).update(renews=None)
    placement.delete()
    if kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [company])
    placements_changed([course.pk])


@updates_deadlines()
@transaction.atomic
def withdraw_as_error(
    placement: Placement,
    *,
    reason: str,
    by: User,
    version: int | None = None,
    today: datetime.date | None = None,
) -> None:
    """Withdraw a placement that was entered in error, or that the citizen never came to, begun or not.

    The row stays, with the reason, but counts nowhere: the course's dates are computed again from the other
    internships, the next statement adjusts what was paid for it, and its work agreement is no longer in
    force. This is how a wrong first day or kind is corrected: withdraw the placement and enter it again.
    Idempotent.
    """
    course = locked(placement.course)
    placement = _stored(placement)
    if placement.withdrawn_at is not None:
        return
    ensure_fresh(placement, version)
    if not reason.strip():
        raise refuse("reason", _("Say why the placement is withdrawn."), "no_reason")
    Placement.objects.filter(renews=placement).update(renews=None)
    placement.agreements.filter(state=AgreementState.ACTIVE).update(state=AgreementState.REPLACED)
    withdrawn = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": by,
        "withdrawn_reason": reason.strip(),
        "renews": None,
    }
    changed(placement, withdrawn)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [placement.company_id])
    placements_changed([course.pk])


def check_length(
    kind: str,
    starts_on: datetime.date,
    planned_end_on: datetime.date | None,
    *,
    field: str = "planned_end_on",
) -> None:
    """Refuse a planned end that is missing, before the start, or too late for an internship (D14)."""
    if planned_end_on is None:
        if kind not in EMPLOYMENT_KINDS:
            raise refuse(field, _("Only employment may have no planned end."), "no_end")
        return
    if planned_end_on < starts_on:
        raise refuse(field, _("The planned end must not be before the start."), "order")
    days = TrialTerms.objects.in_force_or_first(starts_on).internship_max_days
    if kind == PlacementKind.INTERNSHIP and DateSpan(starts_on, planned_end_on).days > days:
        raise refuse(
            field,
            _("An internship is agreed for at most %(n)d days at a time; renew it afterwards.") % {"n": days},
            "too_long",
        )


def internships_changed(course: Course, companies: Iterable[int]) -> None:
    """Link the renewals at these companies and update the course's dates (D12, D14, D19).

    Call under the course's lock whenever an internship was added, changed or removed.
    """
    internships = list(course.placements.filter(kind=PlacementKind.INTERNSHIP))
    link_renewals(placement for placement in internships if placement.company_id in set(companies))
    follow_internships(course, [internship.span for internship in internships])


def link_renewals(internships: Iterable[Placement]) -> None:
    """Save the renewal links among these internships: all those of their courses at their companies."""
    groups: dict[tuple[int, int], list[Placement]] = {}
    for placement in internships:
        groups.setdefault((placement.course_id, placement.company_id), []).append(placement)
    stale = []
    for group in groups.values():
        links = renewals.predecessors(
            renewals.Internship(internship.pk, internship.span) for internship in group
        )
        for placement in group:
            if placement.renews_id != links.get(placement.pk):
                placement.renews_id = links.get(placement.pk)
                stale.append(placement)
    # In two steps, since each internship is renewed at most once and links may change places.
    Placement.objects.filter(pk__in=[placement.pk for placement in stale]).update(renews=None)
    Placement.objects.bulk_update(
        [placement for placement in stale if placement.renews_id], ["renews"], batch_size=200
    )


def _locked(placement: Placement, version: int | None = None) -> Placement:
    """Return the current placement under its course's lock; StaleError when it is not that version."""
    course = locked(placement.course)
    placement = current_placement(placement)
    ensure_fresh(placement, version)
    placement.course = course
    return placement


def current_placement(placement: Placement) -> Placement:
    """Return the current placement with its company; refused when it has been withdrawn or deleted."""
    placement = _stored(placement)
    if placement.withdrawn_at is not None:
        raise ValidationError(_("The placement has been withdrawn as entered in error."), code="withdrawn")
    return placement


def _stored(placement: Placement) -> Placement:
    """Return the current placement with its company, withdrawn or not; refused when it has been deleted."""
    stored = Placement.everything.select_related("company", "workplace").filter(pk=placement.pk).first()
    if stored is None:
        text = _("Somebody else has taken this back meanwhile. Nothing is saved.")
        raise ValidationError(text, code="gone")
    return stored


def _change(placement: Placement, fields: dict[str, Any]) -> Placement:
    """Save the fields that differ, and update the course when it is an internship."""
    if all(getattr(placement, name) == value for name, value in fields.items()):
        return placement
    changed(placement, fields)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(placement.course, [placement.company_id])
    return placement


def _check_overlap(course: Course, company: Company, kind: str, span: DateSpan) -> None:
    for placement in course.placements.filter(company=company, kind=kind):
        if placement.span.overlaps(span):
            raise refuse(
                "starts_on", _("There is already such a placement at the company on these days."), "overlap"
            )
