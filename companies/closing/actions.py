"""Give the closing assessment of a placement, and the citizen's word on it (D54)."""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import changed, locked, refuse
from cases.actions.corrections import check_reason, correct_record
from companies.actions.placements import current_placement
from companies.models import CitizenAgreement, ClosingAssessment, CompanyContact, Placement
from companies.rules.closing import is_over
from jobfirst.kit.versioned import ensure_fresh


@dataclass(frozen=True)
class AssessedBy:
    """Who said it on which day, and who wrote it down (nobody by link)."""

    name: str
    on: datetime.date
    contact: CompanyContact | None = None
    entered_by: User | None = None


def may_be_assessed(placement: Placement, on: datetime.date) -> bool:
    """Whether the placement is over on the day, and the last of its chain; one query."""
    is_renewed = Placement.objects.filter(renews=placement).exists()
    return is_over(placement.last_day, on, is_renewed=is_renewed)


@transaction.atomic
def assess(
    placement: Placement,
    content: dict[str, Any],
    by: AssessedBy,
    *,
    today: datetime.date,
    submission: uuid.UUID | None = None,
) -> ClosingAssessment:
    """Store the company's assessment: `content` has outcome, hired_as, hired_hours and comment.

    Refused before the placement is over, for one that was renewed or withdrawn, and when there is one.
    """
    locked(placement.course)
    placement = current_placement(placement)
    earlier = ClosingAssessment.objects.filter(placement=placement).first()
    if earlier is not None and submission is not None and earlier.submission == submission:
        return earlier
    if earlier is not None:
        raise ValidationError(_("The placement has been assessed already."), code="assessed")
    if not may_be_assessed(placement, today):
        raise ValidationError(
            _("A placement is assessed when it is over, at the end of its renewals."), code="running"
        )
    if by.on > today:
        raise refuse("given_on", _("The day lies in the future."), "future")
    row = ClosingAssessment(
        placement=placement,
        given_by_name=by.name.strip(),
        given_on=by.on,
        contact=by.contact,
        entered_by=by.entered_by,
        submission=submission,
        **content,
    )
    row.validate_constraints()
    row.save()
    return row


@transaction.atomic
def correct_assessment(
    row: ClosingAssessment,
    content: dict[str, Any],
    *,
    by: User,
    reason: str,
    version: int | None = None,
) -> ClosingAssessment:
    """Correct what the company said, with the reason: a slip of the company, or of who wrote it down (D41).

    What the citizen said to the assessment before is taken out, since it answered something else; it is asked
    for anew. StaleError when saved since `version`. Idempotent.
    """
    locked(row.placement.course)
    row = ClosingAssessment.objects.get(pk=row.pk)
    ensure_fresh(row, version)
    if all(getattr(row, name) == value for name, value in content.items()):
        return row
    check_reason(reason, is_needed=True)
    word = {"citizen_answer": "", "citizen_comment": ""}
    follows = {"citizen_answered_on": None, "citizen_entered_by": None}
    correct_record(row, {**content, **word}, by=by, reason=reason, follows=follows)
    return row


@transaction.atomic
def record_citizens_word(
    row: ClosingAssessment,
    *,
    answer: str,
    comment: str,
    on: datetime.date,
    by: User | None = None,
    version: int | None = None,
) -> ClosingAssessment:
    """Store what the citizen says to the assessment: agrees, or sees it differently and why. Idempotent."""
    locked(row.placement.course)
    row = ClosingAssessment.objects.get(pk=row.pk)
    if (row.citizen_answer, row.citizen_comment) == (answer, comment.strip()):
        return row
    ensure_fresh(row, version)
    if answer == CitizenAgreement.COMMENTS and not comment.strip():
        raise refuse("citizen_comment", _("Write how the citizen sees it."), "no_comment")
    word = {"citizen_answer": answer, "citizen_comment": comment.strip()}
    changed(row, {**word, "citizen_answered_on": on, "citizen_entered_by": by})
    return row
