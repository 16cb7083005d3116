"""Recording, correcting and withdrawing deviations from the protocol (D41, D59). None changes the draw."""

import datetime
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import refuse
from cases.actions.corrections import check_reason, correct_record, is_own_slip, withdraw_record
from cases.models import Citizen
from evaluation.deviations.models import ARM_OF_KIND, Deviation, DeviationKind
from jobfirst.kit.versioned import ensure_fresh, refuse_other_content
from randomization.models import Allocation


def may_be_without_reason(deviation: Deviation, by: User | None) -> bool:
    """Whether the user corrects a slip of their own, which needs no reason (D41)."""
    return is_own_slip(deviation.recorded_by_id, deviation.created_at, by)


@transaction.atomic
def record_deviation(
    allocation: Allocation,
    *,
    kind: str,
    happened_on: datetime.date,
    reason: str,
    by: User,
    as_agency: bool = False,
    not_after: datetime.date | None = None,
    submission: uuid.UUID | None = None,
) -> Deviation:
    """Record a deviation of a drawn citizen; return it. Idempotent for the same form.

    `not_after` is the last day allowed. Refused when the kind is about the other arm, or is recorded already.
    """
    _lock_citizen(allocation)
    if submission and (existing := Deviation.everything.filter(submission=submission).first()):
        content = {"allocation": allocation, "kind": kind, "happened_on": happened_on, "reason": reason}
        refuse_other_content(existing, content)
        return existing
    deviation = Deviation(
        allocation=allocation,
        kind=kind,
        happened_on=happened_on,
        reason=reason,
        is_agencys=as_agency,
        recorded_by=by,
        submission=submission,
    )
    _check(deviation, not_after)
    deviation.save()
    return deviation


@transaction.atomic
def correct_deviation(
    deviation: Deviation,
    fields: dict[str, Any],
    *,
    by: User,
    reason: str,
    version: int | None = None,
    not_after: datetime.date | None = None,
) -> Deviation:
    """Correct kind, day or reason of a deviation. `StaleError` when saved since `version`. Idempotent."""
    _lock_citizen(deviation.allocation)
    current = Deviation.objects.select_related("allocation").get(pk=deviation.pk)
    ensure_fresh(current, version)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    check_reason(reason, is_needed=not may_be_without_reason(current, by))
    corrected = Deviation.objects.select_related("allocation").get(pk=deviation.pk)
    for name, value in fields.items():
        setattr(corrected, name, value)
    _check(corrected, not_after)
    correct_record(current, fields, by=by, reason=reason)
    return current


@transaction.atomic
def withdraw_deviation(deviation: Deviation, *, by: User, reason: str, version: int | None = None) -> None:
    """Withdraw a deviation that was recorded in error (`withdraw_record`)."""
    _lock_citizen(deviation.allocation)
    current = Deviation.everything.get(pk=deviation.pk)
    is_own_slip = may_be_without_reason(current, by)
    withdraw_record(current, by=by, reason=reason, is_own_slip=is_own_slip, version=version)


def _lock_citizen(allocation: Allocation) -> None:
    """Lock the citizen's row: the ledger's rows never change, and cannot be locked by the application."""
    Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=allocation.citizen_id)


def _check(deviation: Deviation, not_after: datetime.date | None) -> None:
    """Refuse a kind of the other arm, a day before the draw or ahead, and what is recorded already."""
    arm = ARM_OF_KIND.get(deviation.kind)
    if arm is not None and arm != deviation.allocation.arm:
        raise refuse("kind", _("This does not fit the arm that the citizen was drawn for."), "arm")
    is_before_draw = deviation.happened_on < deviation.allocation.allocated_on
    if is_before_draw and deviation.kind != DeviationKind.WRONG_STRATUM:
        raise refuse("happened_on", _("The day must not be before the draw."), "before_draw")
    if not_after is not None and deviation.happened_on > not_after:
        raise refuse("happened_on", _("The day must not be in the future."), "future")
    try:
        deviation.validate_constraints()
    except ValidationError as error:
        raise ValidationError(error.messages, code="constraint") from error
