"""Withdraw placements that never began, were entered in error, or the citizen never came to."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.corrections import CorrectionAct, record_correction
from cases.actions.checks import changed, locked
from cases.actions.corrections import (
    check_reason,
    check_same_restoring,
    check_same_withdrawal,
    is_own_slip,
)
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from companies.actions.placement_rows import (
    check_begins_in_course,
    check_overlap,
    internships_changed,
    locked_placement,
    stored_placement,
)
from companies.extension_points import placements_changed
from companies.models import ClosingAssessment, ClosingOutcome, Placement, PlacementKind
from jobfirst.kit.versioned import ensure_fresh


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
    placement = locked_placement(placement)
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
    by: User | None,
    version: int | None = None,
) -> None:
    """Withdraw a placement that was entered in error, begun or not; without a user by a command.

    The row stays, with the reason, but counts nowhere: the course's dates are computed again from the other
    internships, the next statement adjusts what was paid for it, and its work agreement is no longer in
    force. A mistake is taken back with `stand_again`. Idempotent (`_check_same_withdrawal`).
    """
    course = locked(placement.course)
    placement = stored_placement(placement)
    if placement.withdrawn_at is not None:
        _check_same_withdrawal(placement, reason, by)
        return
    ensure_fresh(placement, version)
    check_reason(reason, field="withdrawn_reason", words=_("Say why the placement is withdrawn."))
    _withdraw(course, placement, reason, by)


@updates_deadlines()
@transaction.atomic
def withdraw_as_no_show(
    placement: Placement,
    *,
    reason: str,
    by: User,
    today: datetime.date,
    version: int | None = None,
    removes_renewals: bool = False,
) -> None:
    """Withdraw a placement that has begun and that the citizen never came to, with the reason.

    It counts nowhere, as one entered in error, but is told apart from it. Refused when somebody recorded that
    the citizen came (`signs_of_presence`). A mistake is taken back with `stand_again`. Idempotent
    (`_check_same_withdrawal`).
    """
    course = locked(placement.course)
    placement = stored_placement(placement)
    if placement.withdrawn_at is not None:
        _check_same_withdrawal(placement, reason, by)
        return
    ensure_fresh(placement, version)
    if placement.starts_on > today:
        raise ValidationError(_("The placement has not begun yet."), code="not_begun")
    if signs_of_presence(placement):
        text = _("The citizen came: presence or answers to the annex are recorded. Record the last day.")
        raise ValidationError(text, code="came")
    check_reason(reason, field="withdrawn_reason", words=_("Say why the placement is withdrawn."))
    if removes_renewals:
        remove_planned_renewals(placement, today=today, by=by)
    _withdraw(course, placement, reason, by, is_no_show=True)


def _check_same_withdrawal(placement: Placement, reason: str, by: User | None) -> None:
    """Refuse another withdrawal of a withdrawn placement: nothing of it would be stored."""
    never_came = _("%(person)s has recorded already that the citizen never came, on %(moment)s.")
    check_same_withdrawal(placement, by=by, reason=reason, words=never_came if placement.is_no_show else "")


def _withdraw(
    course: Course, placement: Placement, reason: str, by: User | None, *, is_no_show: bool = False
) -> None:
    """Withdraw a placement that was read under the course's lock; what follows from placements follows."""
    Placement.objects.filter(renews=placement).update(renews=None)
    withdrawn = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": by,
        "withdrawn_reason": reason.strip(),
        "is_no_show": is_no_show,
        "renews": None,
    }
    changed(placement, withdrawn)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [placement.company_id])
    placements_changed([course.pk])


def signs_of_presence(placement: Placement) -> bool:
    """Whether something is recorded that somebody who never came could not have done: days present, answers
    to the annex, hours worked, or an assessment of the company that says otherwise."""
    assessments = ClosingAssessment.objects.filter(placement=placement)
    return (
        bool(placement.actual_hours)
        or placement.attendance.filter(present__gt=0).exists()
        or placement.annex_replies.exists()
        or assessments.exclude(outcome=ClosingOutcome.NEVER_CAME).exists()
    )


def may_stand_again_at_once(placement: Placement, user: User, today: datetime.date) -> bool:
    """Whether the user may take a withdrawal back without a reason: the user's own, a no-show on the same day
    and anything else within the hour."""
    if placement.withdrawn_at is None or placement.withdrawn_by_id != user.pk:
        return False
    if placement.is_no_show and timezone.localdate(placement.withdrawn_at) == today:
        return True
    return is_own_slip(placement.withdrawn_by_id, placement.withdrawn_at, user)


@updates_deadlines()
@transaction.atomic
def stand_again(
    placement: Placement, *, by: User, today: datetime.date, reason: str = "", version: int | None = None
) -> Placement:
    """Let a placement stand again that was withdrawn by mistake, with its work agreement as it was (D41).

    Refused when another placement has taken its days meanwhile, when it begins after the course has ended,
    and when its match was corrected to a later day than its first (D14). The reason is asked for unless
    `may_stand_again_at_once`. Idempotent (`check_same_restoring`). `StaleError` when saved since `version`.
    """
    course = locked(placement.course)
    placement = stored_placement(placement)
    placement.course = course
    if placement.withdrawn_at is None:
        check_same_restoring(placement, by=by, reason=reason, version=version)
        return placement
    ensure_fresh(placement, version)
    check_reason(reason, is_needed=not may_stand_again_at_once(placement, by, today))
    check_begins_in_course(course, placement.starts_on)
    check_overlap(
        course,
        placement.company_id,
        placement.kind,
        placement.span,
        workplace_id=placement.workplace_id,
        without=placement,
    )
    check_match(placement)
    standing = {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": "", "is_no_show": False}
    _stand_again(placement, standing)
    before = {"withdrawn_reason": placement.withdrawn_reason}
    record_correction(placement, CorrectionAct.RESTORED, by=by, reason=reason, before=before)
    if placement.kind == PlacementKind.INTERNSHIP:
        internships_changed(course, [placement.company_id])
    placements_changed([course.pk])
    return stored_placement(placement)


def check_match(placement: Placement) -> None:
    """Refuse an internship whose match lies after its first day (D14)."""
    match = placement.match
    if match is not None and match.matched_on > placement.starts_on:
        text = _("The match is recorded on %(day)s, after this first day. Correct the match first.")
        raise ValidationError(text % {"day": date_format(match.matched_on)}, code="no_match")


def _stand_again(placement: Placement, fields: dict[str, Any]) -> None:
    """Save the fields of a withdrawn placement, which the default manager leaves out."""
    rows = Placement.everything.filter(pk=placement.pk)
    rows.update(**fields, version=placement.version + 1)


def planned_renewals(placement: Placement, today: datetime.date) -> list[Placement]:
    """Return the renewals of a placement, later ones of the chain included, that have not begun."""
    chain = placement.chain()
    return [
        renewal
        for renewal in chain
        if renewal.starts_on > placement.starts_on and renewal.starts_on > today and renewal.ended_on is None
    ]


def remove_planned_renewals(placement: Placement, *, today: datetime.date, by: User) -> None:
    """Remove the renewals that have not begun, the last one first: deleted, or with the reason when they have
    a work agreement."""
    for renewal in reversed(planned_renewals(placement, today)):
        if renewal.agreements.exists():
            withdraw_as_error(renewal, reason=_("The placement that it renews ended before."), by=by)
        else:
            withdraw_placement(renewal, today=today)
