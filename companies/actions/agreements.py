"""Making a work agreement (D15): every change of its content is a new version; the newest is in force."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from companies.actions.placements import change_hours, current_placement
from companies.annex.questions import AnnexTexts, annex_on
from companies.deadlines import agreement_ending
from companies.models import (
    AgreementHours,
    AgreementState,
    CompanyContact,
    HoursKind,
    Placement,
    WorkAgreement,
)
from companies.rules.weekly_schedule import WorkPeriod, clashes, is_credible, weekly_hours
from jobfirst.kit.versioned import ensure_fresh


def accommodations_on(course: Course, day: datetime.date) -> str:
    """Return the course's accommodations in force on the day or later, one per line (D11).

    They are the initial text of a work agreement.
    """
    descriptions = [
        accommodation.description
        for accommodation in course.accommodations.all()
        if accommodation.until_on is None or accommodation.until_on >= day
    ]
    return "\n".join(reversed(descriptions))


@updates_deadlines(agreement_ending.KIND.code)
@transaction.atomic
def save_agreement(
    placement: Placement,
    *,
    content: Mapping[str, Any],
    contact: CompanyContact,
    schedule: Sequence[WorkPeriod],
    made_on: datetime.date,
    by: User | None = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> WorkAgreement:
    """Make the work agreement of a placement, or its next version, which replaces the one before.

    `content` is what users wrote; names, contact details, days and hours are copied as they are now.
    Idempotent: when nothing differs from the newest version, that one is returned. `version` is the number
    that the form was opened on (0 for none): StaleError when there is a newer one.
    """
    course = locked(placement.course)
    placement = current_placement(placement)
    placement.course = course
    if submission is not None:
        earlier = WorkAgreement.objects.filter(submission=submission, placement=placement).first()
        if earlier is not None:
            return earlier
    latest = placement.agreements.prefetch_related("schedule").first()
    ensure_fresh(latest or WorkAgreement(placement=placement, version=0), version)
    _check(placement, contact, schedule)
    content = {**content, **_copied_on(made_on, placement, contact, schedule)}
    if latest is not None and latest.says(content) and latest.periods() == sorted(schedule):
        return latest
    agreement = WorkAgreement.next_version(
        latest, content, made_on=made_on, by=by, placement=placement, submission=submission
    )
    _put_in_force(agreement, schedule)
    _take_over_hours(agreement)
    return agreement


def _copied_on(
    day: datetime.date, placement: Placement, contact: CompanyContact, schedule: Sequence[WorkPeriod]
) -> dict[str, Any]:
    """Return what a version made on the day copies; the contact person as stored now, not as in the form."""
    return copied(
        placement,
        CompanyContact.objects.get(pk=contact.pk),
        schedule,
        staff=placement.course.staff_on(day),
        annex=annex_on(day),
    )


def copied(
    placement: Placement,
    contact: CompanyContact,
    schedule: Sequence[WorkPeriod],
    *,
    staff: Mapping[str, User],
    annex: AnnexTexts,
) -> dict[str, Any]:
    """Return the values that a version copies from other rows; it prints them unchanged ever after (D37).

    Weekly hours are those of the schedule, or without a schedule those of the placement.
    """
    details = {f"company_contact_{name}": getattr(contact, name) for name in CompanyContact.DETAILS}
    hours = {kind: weekly_hours(schedule, kind) for kind in HoursKind.values} if schedule else {}
    last_hours = placement.last_hours
    return {
        **WorkAgreement.copied_names(placement.course, staff),
        "company_name": placement.company.name,
        "company_cvr": placement.company.cvr,
        **_copied_workplace(placement),
        "company_contact": contact,
        **details,
        "placement_kind": placement.kind,
        "starts_on": placement.starts_on,
        "ends_on": placement.last_day,
        "internship_hours": hours.get(HoursKind.INTERNSHIP, last_hours.internship),
        "ordinary_hours": hours.get(HoursKind.ORDINARY, last_hours.ordinary),
        "progression_questions": list(annex.questions),
        "questions_are_own_choice": annex.is_own_choice,
    }


def _copied_workplace(placement: Placement) -> dict[str, str]:
    """Return P-number, name and address of the workplace; the company's address while it is not known."""
    workplace = placement.workplace
    return {
        "p_number": placement.p_number,
        "workplace_name": workplace.name if workplace is not None else "",
        "workplace_address": (workplace.address if workplace is not None else "")
        or placement.company.address,
    }


def _check(placement: Placement, contact: CompanyContact, schedule: Sequence[WorkPeriod]) -> None:
    is_foreign = contact.project_id not in (None, placement.course.project_id)
    if contact.company_id != placement.company_id or is_foreign:
        raise ValidationError({"company_contact": _("The contact person must be at this company.")})
    if not all(is_credible(period) for period in schedule):
        raise ValidationError(_("A period of the weekly schedule is empty or too long."), code="period")
    if clashes(schedule):
        raise ValidationError(_("Two periods of the weekly schedule overlap."), code="clash")


def _put_in_force(agreement: WorkAgreement, schedule: Iterable[WorkPeriod]) -> None:
    """Save a new version with its weekly schedule and replace the one before."""
    agreement.placement.agreements.filter(state=AgreementState.ACTIVE).update(state=AgreementState.REPLACED)
    agreement.save()
    AgreementHours.objects.bulk_create(
        AgreementHours(agreement=agreement, **asdict(line)) for line in sorted(schedule)
    )
    agreement.state = AgreementState.ACTIVE
    agreement.save(update_fields=["state"])


def _take_over_hours(agreement: WorkAgreement) -> None:
    """Let the placement's hours follow the agreement in force (D37), from the day on which it is made or the
    placement's first day."""
    placement = agreement.placement
    from_on = max(agreement.made_on, placement.starts_on)
    if from_on in placement.span:
        change_hours(
            placement,
            from_on=from_on,
            internship_hours=agreement.internship_hours,
            ordinary_hours=agreement.ordinary_hours,
        )
