"""Needs, parallel efforts and accommodations are corrected and withdrawn, with a reason (D11, D41)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from cases.actions.checks import locked
from cases.actions.corrections import check_reason, correct_record, withdraw_record
from cases.models import Accommodation, ParallelEffort, UncoveredNeed
from jobfirst.kit.versioned import ensure_fresh

SupportRow = Accommodation | ParallelEffort | UncoveredNeed


@transaction.atomic
def correct_support(
    row: SupportRow, fields: dict[str, Any], *, by: User, reason: str, version: int | None = None
) -> SupportRow:
    """Correct a need, an effort or an accommodation. `StaleError` when saved since `version`. Idempotent.

    A work agreement keeps the accommodations that it copied.
    """
    locked(row.course)
    current: SupportRow = type(row).objects.get(pk=row.pk)
    ensure_fresh(current, version)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    check_reason(reason, is_needed=True)
    for name, value in fields.items():
        setattr(row, name, value)
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise ValidationError(error.messages, code="constraint") from error
    correct_record(current, fields, by=by, reason=reason)
    return current


@transaction.atomic
def withdraw_support(row: SupportRow, *, by: User, reason: str) -> None:
    """Withdraw a need, an effort or an accommodation that was entered in error. Idempotent."""
    locked(row.course)
    current = type(row).everything.get(pk=row.pk)
    withdraw_record(current, by=by, reason=reason, is_own_slip=False)
