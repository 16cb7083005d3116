"""The rows behind the actions on placements: locked and current, saved, checked, and linked as renewals."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import TrialTerms
from cases.actions import follow_internships
from cases.actions.checks import changed, locked, refuse
from cases.models import Course
from companies.models import EMPLOYMENT_KINDS, Company, Placement, PlacementKind, Workplace
from companies.rules import renewals
from companies.rules.placement_kinds import unfitting
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.values.dates import DateSpan


def locked_placement(placement: Placement, version: int | None = None) -> Placement:
    """Return the current placement under its course's lock; StaleError when it is not that version."""
    course = locked(placement.course)
    placement = current_placement(placement)
    ensure_fresh(placement, version)
    placement.course = course
    return placement


def current_placement(placement: Placement) -> Placement:
    """Return the current placement with its company; refused when it has been withdrawn or deleted."""
    placement = stored_placement(placement)
    check_standing(placement)
    return placement


def check_standing(placement: Placement) -> None:
    """Refuse a placement that has been withdrawn."""
    if placement.withdrawn_at is not None:
        raise ValidationError(_("The placement has been withdrawn as entered in error."), code="withdrawn")


def stored_placement(placement: Placement) -> Placement:
    """Return the current placement with its company, withdrawn or not; refused when it has been deleted."""
    stored = Placement.everything.select_related("company", "workplace").filter(pk=placement.pk).first()
    if stored is None:
        text = _("Somebody else has taken this back meanwhile. Nothing is saved.")
        raise ValidationError(text, code="gone")
    return stored


def change_placement(placement: Placement, fields: dict[str, Any]) -> Placement:
    """Save the fields that differ, and update the course when it is an internship."""
    if all(getattr(placement, name) == value for name, value in fields.items()):
        return placement
    changed(placement, fields)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(placement.course, [placement.company_id])
    return placement


def check_fits_kind(kind: str, values: Mapping[str, object]) -> None:
    """Refuse a value that this kind of placement has no field for."""
    for name in unfitting(kind, values):
        raise refuse(name, _("This kind of placement has no such field."), "unfitting")


def check_begins_in_course(course: Course, starts_on: datetime.date) -> None:
    """Refuse a first day after the course's end (D42)."""
    if course.ended_on is not None and starts_on > course.ended_on:
        raise refuse("starts_on", _("Nothing begins after the course has ended."), "after_end")


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


def check_workplace(company: Company, workplace: Workplace | None) -> None:
    """Refuse a workplace of another company."""
    if workplace is not None and workplace.company_id != company.pk:
        raise refuse("workplace", _("The workplace must be one of the company."), "other_company")


def check_overlap(
    course: Course,
    company_id: int,
    kind: str,
    span: DateSpan,
    *,
    workplace_id: int | None = None,
    without: Placement | None = None,
    field: str = "starts_on",
) -> None:
    """Refuse two placements of one kind at one workplace on the same day.

    A workplace that is not known may be any of the company's. `without` is the placement itself.
    """
    for placement in course.placements.filter(company_id=company_id, kind=kind):
        is_elsewhere = None not in (workplace_id, placement.workplace_id) and (
            placement.workplace_id != workplace_id
        )
        if placement != without and not is_elsewhere and placement.span.overlaps(span):
            text = _("There is already such a placement at the workplace on these days.")
            raise refuse(field, text, "overlap")


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
            renewals.Internship(internship.pk, internship.span, internship.workplace_id)
            for internship in group
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
