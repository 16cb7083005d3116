"""Making a work agreement (D15): every change of its content is a new version, which is signed anew (D45)."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import locked, refuse
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from companies.actions.placements import current_placement
from companies.annex.questions import AnnexTexts, annex_on
from companies.deadlines import OF_AGREEMENTS
from companies.models import (
    UNSIGNED_STATES,
    AgreementHours,
    AgreementState,
    CompanyContact,
    HoursKind,
    Placement,
    WorkAgreement,
)
from companies.models.amendments import EVERYBODY, SCHEDULE
from companies.rules.weekly_schedule import WorkPeriod, clashes, is_credible, weekly_hours
from companies.signing.actions import begin_signing
from companies.signing.amending import voided_by
from companies.signing.status import AgreementStatus, status_of
from jobfirst.kit.fields import MOST_HOURS
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


@updates_deadlines(*OF_AGREEMENTS)
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
    valid_from: datetime.date | None = None,
    is_draft: bool = False,
) -> WorkAgreement:
    """Make the work agreement of a placement, or its next version, and put it up for signing.

    `content` is what users wrote; names, contact details, days and hours are copied as they are now. The
    version holds from `valid_from` on (`_default_day`). A draft waits until it is put up. Idempotent: when
    nothing differs from the newest version, that one is returned. `version` is the number that the form was
    opened on (0 for none): StaleError when there is a newer one.
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
    _check(placement, contact, schedule, valid_from)
    content = {**content, **_copied_on(made_on, placement, contact, schedule)}
    content["valid_from"] = valid_from or _default_day(latest, content, schedule)
    if latest is not None and latest.says(content) and latest.periods() == sorted(schedule):
        return _put_up_unless(latest, is_draft=is_draft)
    _check_not_over(latest, made_on)
    agreement = WorkAgreement.next_version(
        latest, content, made_on=made_on, by=by, placement=placement, submission=submission
    )
    _store(agreement, schedule)
    return _put_up_unless(agreement, is_draft=is_draft)


def _default_day(
    latest: WorkAgreement | None, content: Mapping[str, Any], schedule: Sequence[WorkPeriod]
) -> datetime.date:
    """Return from when a version holds that names no day.

    What all three sign anew holds from the day on which it is made (a copied value), anything else from the
    same day as the version before.
    """
    made_on: datetime.date = content["valid_from"]
    if latest is None:
        return made_on
    names = [name for name in content if name != "valid_from" and getattr(latest, name) != content[name]]
    if latest.periods() != sorted(schedule):
        names.append(SCHEDULE)
    return made_on if voided_by(names) == EVERYBODY else latest.valid_from


def _check_not_over(latest: WorkAgreement | None, today: datetime.date) -> None:
    """Refuse a next version when the placement is over: nobody could sign it."""
    if latest is not None and status_of(latest, today) == AgreementStatus.ENDED:
        raise ValidationError(_("The placement is over: its work agreement stays as it is."), code="ended")


def _put_up_unless(agreement: WorkAgreement, *, is_draft: bool) -> WorkAgreement:
    """Let a version that is a draft await its signatures, unless it is to stay a draft."""
    if is_draft or agreement.state != AgreementState.DRAFT:
        return agreement
    return begin_signing(agreement, timezone.now())


def _copied_on(
    day: datetime.date, placement: Placement, contact: CompanyContact, schedule: Sequence[WorkPeriod]
) -> dict[str, Any]:
    """Return what a version made on the day copies; the contact person as stored now, not as in the form."""
    return copied(
        placement,
        CompanyContact.objects.get(pk=contact.pk),
        schedule,
        made_on=day,
        staff=placement.course.staff_on(day),
        annex=annex_on(day),
    )


def copied(
    placement: Placement,
    contact: CompanyContact,
    schedule: Sequence[WorkPeriod],
    *,
    made_on: datetime.date,
    staff: Mapping[str, User],
    annex: AnnexTexts,
) -> dict[str, Any]:
    """Return the values that a version made on a day copies from other rows; it prints them ever after (D37).

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
        "valid_from": max(made_on, placement.starts_on),
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


def _check(
    placement: Placement,
    contact: CompanyContact,
    schedule: Sequence[WorkPeriod],
    valid_from: datetime.date | None,
) -> None:
    is_foreign = contact.project_id not in (None, placement.course.project_id)
    if contact.company_id != placement.company_id or is_foreign:
        raise ValidationError({"company_contact": _("The contact person must be at this company.")})
    if valid_from is not None and valid_from not in placement.span:  # on such a day nothing could hold
        raise refuse("valid_from", _("The day must lie within the placement's days."), "outside")
    if not all(is_credible(period) for period in schedule):
        raise ValidationError(_("A period of the weekly schedule is empty or too long."), code="period")
    if clashes(schedule):
        raise ValidationError(_("Two periods of the weekly schedule overlap."), code="clash")
    for kind in HoursKind:
        hours = weekly_hours(schedule, kind)
        if hours > MOST_HOURS:
            text = _("%(kind)s: %(hours)s hours a week are more than %(most)d.")
            words = {"kind": kind.label, "hours": floatformat(hours, -2), "most": MOST_HOURS}
            raise ValidationError(text % words, code="too_many_hours")


def _store(agreement: WorkAgreement, schedule: Iterable[WorkPeriod]) -> None:
    """Save a new version with its weekly schedule, as a draft, in place of one that not all have signed."""
    agreement.placement.agreements.filter(state__in=UNSIGNED_STATES).update(state=AgreementState.REPLACED)
    agreement.save()
    AgreementHours.objects.bulk_create(
        AgreementHours(agreement=agreement, **asdict(line)) for line in sorted(schedule)
    )
