"""What every correction of a stored row has in common: its reason, its values before, and its entry (D41)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.corrections import CorrectionAct, record_correction
from audit.withdrawals import Withdrawable
from cases.actions.checks import changed, refuse
from cases.rules.slips import is_slip
from jobfirst.models import Record

#: The field of a form in which the reason of a correction is written.
REASON = "correction_reason"


def is_own_slip(
    registered_by_id: int | None, registered_at: datetime.datetime | None, by: User | None
) -> bool:
    """Whether the user mends what the same user registered within the hour; the command mends nothing."""
    return by is not None and is_slip(registered_by_id, registered_at, by.pk, timezone.now())


def check_reason(reason: str, *, is_needed: bool, field: str = REASON) -> None:
    """Refuse a correction without its reason."""
    if is_needed and not reason.strip():
        raise refuse(field, _("Write why it is corrected."), "no_reason")


@transaction.atomic
def correct_record(
    record: Record,
    fields: dict[str, Any],
    *,
    by: User | None,
    reason: str = "",
    follows: Mapping[str, Any] | None = None,
) -> bool:
    """Save the fields, with the values before of those that differ and the reason; return whether any did.

    `follows` are fields that are saved along. Needs the lock under which `record` was read.
    """
    before = {name: getattr(record, name) for name, value in fields.items() if getattr(record, name) != value}
    if not before:
        return False
    changed(record, {**fields, **(follows or {})})
    record_correction(record, CorrectionAct.CORRECTED, by=by, reason=reason, before=before)
    return True


def withdraw_record(record: Any, *, by: User, reason: str, is_own_slip: bool) -> None:
    """Withdraw a row (a `Record` that is `Withdrawable`) as entered in error. Idempotent.

    Needs the lock under which `record` was read. The reason is not asked for when it is a slip.
    """
    assert isinstance(record, Withdrawable)
    if record.is_withdrawn:
        return
    if not is_own_slip and not reason.strip():
        raise refuse("withdrawn_reason", _("Write why it was entered in error."), "no_reason")
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason.strip()}
    _save(record, withdrawn)
    record_correction(record, CorrectionAct.WITHDRAWN, by=by, reason=reason)


def restore_record(record: Any, *, by: User, reason: str = "") -> None:
    """Let a withdrawn row stand again. Idempotent. Needs the lock under which `record` was read."""
    assert isinstance(record, Withdrawable)
    if not record.is_withdrawn:
        return
    _save(record, {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": ""})
    record_correction(record, CorrectionAct.RESTORED, by=by, reason=reason)


def _save(record: Any, fields: dict[str, Any]) -> None:
    """Save the fields of a row that the default manager leaves out before or after."""
    for name, value in fields.items():
        setattr(record, name, value)
    record.version += 1
    rows = type(record)._base_manager.filter(pk=record.pk)
    rows.update(**fields, version=record.version)


def check_standing_row(record: Any) -> None:
    """Refuse a change to a row that was withdrawn as entered in error."""
    if record.is_withdrawn:
        raise ValidationError(
            _("This was withdrawn as entered in error. Nothing is saved."), code="withdrawn"
        )
