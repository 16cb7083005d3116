"""Needs, parallel efforts and accommodations are corrected and withdrawn, with a reason (D11, D41)."""

from typing import Any

from django.db import transaction

from accounts.models import User
from cases.actions.checks import locked
from cases.actions.corrections import (
    check_constraints_with,
    check_reason,
    check_standing_row,
    correct_record,
    restore_record,
    withdraw_record,
)
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
    current: SupportRow = type(row).everything.get(pk=row.pk)
    check_standing_row(current)
    ensure_fresh(current, version)
    if all(getattr(current, name) == value for name, value in fields.items()):
        return current
    check_reason(reason)
    check_constraints_with(current, fields)
    correct_record(current, fields, by=by, reason=reason)
    return current


@transaction.atomic
def withdraw_support(row: SupportRow, *, by: User, reason: str, version: int | None = None) -> None:
    """Withdraw a need, an effort or an accommodation that was entered in error (`withdraw_record`)."""
    locked(row.course)
    current = type(row).everything.get(pk=row.pk)
    withdraw_record(current, by=by, reason=reason, is_own_slip=False, version=version)


@transaction.atomic
def restore_support(row: SupportRow, *, by: User, reason: str = "", version: int | None = None) -> None:
    """Let a need, an effort or an accommodation stand again that was withdrawn by mistake
    (`restore_record`)."""
    locked(row.course)
    restore_record(type(row).everything.get(pk=row.pk), by=by, reason=reason, version=version)
