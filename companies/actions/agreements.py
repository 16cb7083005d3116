"""Making a work agreement (D15): every change of its content is a new version, and the newest is in force."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.checks import locked
from cases.models import Course
from companies.actions.placements import standing
from companies.models import (
    AgreementHours,
    AgreementState,
    AnnexQuestions,
    CompanyContact,
    Placement,
    WorkAgreement,
)
from companies.rules.weekly_schedule import Line, clashes
from jobfirst.kit.versioned import ensure_fresh

CONTENT = ("tasks", "goals", "subgoals", "support_needs", "accommodations")


def lines_of(agreement: WorkAgreement) -> list[Line]:
    """The weekly schedule of an agreement, as values."""
    return sorted(
        Line(each.weekday, each.starts_at, each.ends_at, each.kind) for each in agreement.schedule.all()
    )


def accommodations_on(course: Course, day: datetime.date) -> str:
    """The course's accommodations in force on the day or later, a line each: what an agreement starts with
    (D11)."""
    standing = [
        one.description for one in course.accommodations.all() if one.until_on is None or one.until_on >= day
    ]
    return "\n".join(reversed(standing))


@transaction.atomic
def save_agreement(
    placement: Placement,
    *,
    content: dict[str, str],
    contact: CompanyContact,
    schedule: Sequence[Line],
    made_on: datetime.date,
    by: Any = None,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> WorkAgreement:
    """Make the work agreement of a placement, or its next version; the one before is then replaced.

    Content that says what the newest version says makes no new one. `version` is the number that the form
    was opened on (0 for none): StaleError when somebody else has made another since.
    """
    locked(placement.course)
    standing(placement)
    if submission is not None:
        sent = WorkAgreement.objects.filter(submission=submission, placement=placement).first()
        if sent is not None:
            return sent
    latest = placement.agreements.prefetch_related("schedule").first()
    ensure_fresh(latest or WorkAgreement(placement=placement, version=0), version)
    if contact.company_id != placement.company_id:
        raise ValidationError({"company_contact": _("The contact person must be at this company.")})
    if clashes(schedule):
        raise ValidationError(_("Two periods overlap on the same day."), code="clash")
    if latest is not None and _says(latest, content, contact, schedule):
        return latest
    placement.agreements.filter(state=AgreementState.ACTIVE).update(state=AgreementState.REPLACED)
    number = 1 if latest is None else latest.number + 1
    agreement = WorkAgreement.objects.create(
        placement=placement,
        number=number,
        version=number,
        state=AgreementState.ACTIVE,
        company_contact=contact,
        progression_questions=AnnexQuestions.on(made_on).questions,
        made_by=by,
        made_on=made_on,
        submission=submission,
        **{name: content[name] for name in CONTENT},
    )
    AgreementHours.objects.bulk_create(
        AgreementHours(
            agreement=agreement,
            weekday=line.weekday,
            kind=line.kind,
            starts_at=line.starts_at,
            ends_at=line.ends_at,
        )
        for line in sorted(schedule)
    )
    return agreement


def _says(
    agreement: WorkAgreement, content: dict[str, str], contact: CompanyContact, schedule: Sequence[Line]
) -> bool:
    """Whether the agreement says just this already."""
    return (
        all(getattr(agreement, name) == content[name] for name in CONTENT)
        and agreement.company_contact_id == contact.pk
        and lines_of(agreement) == sorted(schedule)
    )
