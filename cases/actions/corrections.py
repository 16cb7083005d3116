"""What every correction of a stored row has in common: its reason, its values before, and its entry (D41)."""

import copy
import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from audit.corrections import Correction, CorrectionAct, record_correction
from audit.withdrawals import Withdrawable
from cases.actions.checks import changed, refuse
from cases.rules.slips import is_slip
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.models import Record

#: The field of a form in which the reason of a correction is written.
REASON = "correction_reason"


def is_own_slip(
    registered_by_id: int | None, registered_at: datetime.datetime | None, by: User | None
) -> bool:
    """Whether the user mends what the same user registered within the hour; the command mends nothing."""
    return by is not None and is_slip(registered_by_id, registered_at, by.pk, timezone.now())


def check_reason(reason: str, *, is_needed: bool = True, field: str = REASON, words: str = "") -> None:
    """Refuse an act without its reason; `words` ask for another one than that of a correction."""
    if is_needed and not reason.strip():
        raise refuse(field, words or _("Write why it is corrected."), "no_reason")


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


def withdraw_record(
    record: Any, *, by: User, reason: str, is_own_slip: bool, version: int | None = None
) -> None:
    """Withdraw a row (a `Record` that is `Withdrawable`) as entered in error.

    Needs the lock under which `record` was read. The reason is not asked for when it is a slip. Idempotent
    for the same user and reason; another withdrawal is refused, since nothing of it would be stored.
    `StaleError` when the row was saved since `version`.
    """
    assert isinstance(record, Withdrawable)
    assert isinstance(record, Record)
    if record.is_withdrawn:
        check_same_withdrawal(record, by=by, reason=reason)
        return
    ensure_fresh(record, version)
    check_reason(
        reason,
        is_needed=not is_own_slip,
        field="withdrawn_reason",
        words=_("Write why it was entered in error."),
    )
    withdrawn = {"withdrawn_at": timezone.now(), "withdrawn_by": by, "withdrawn_reason": reason.strip()}
    _save(record, withdrawn)
    record_correction(record, CorrectionAct.WITHDRAWN, by=by, reason=reason)


def check_same_withdrawal(record: Any, *, by: User | None, reason: str, words: str = "") -> None:
    """Refuse to withdraw a withdrawn row again, unless the same user does so with the same reason.

    Nothing of another withdrawal would be stored. `words` are those of `act_in_words`.
    """
    if (record.withdrawn_by_id, record.withdrawn_reason) != (by.pk if by else None, reason.strip()):
        raise ValidationError(withdrawn_already(record, words), code="withdrawn")


def withdrawn_already(record: Any, words: str = "") -> str:
    """Return who marked a row as entered in error, when and why."""
    words = words or _("%(person)s has marked this as entered in error already, on %(moment)s.")
    return act_in_words(words, record.withdrawn_by, record.withdrawn_at, record.withdrawn_reason)


def standing_already(restored: Correction | None) -> str:
    """Return who let a row stand again, when and why; `restored` is the entry, None for a row that stood."""
    if restored is None:
        return _("It is not marked as entered in error: it stands.")
    words = _("%(person)s has let this stand again already, on %(moment)s.")
    return act_in_words(words, restored.made_by, restored.made_at, restored.reason)


def act_in_words(words: str, person: User | None, moment: datetime.datetime | None, reason: str) -> str:
    """Return the words with who did something and when, and with the reason if there is one."""
    text = words % {
        "person": person or _("A delivered file"),
        "moment": date_format(timezone.localtime(moment), "DATETIME_FORMAT"),
    }
    if reason:
        text += " " + _("The reason: %(reason)s") % {"reason": reason}
    return text


def may_restore_at_once(record: Any, by: User) -> bool:
    """Whether the user takes back a withdrawal of the user's own within the hour, and so needs no reason."""
    return is_own_slip(record.withdrawn_by_id, record.withdrawn_at, by)


def restore_record(record: Any, *, by: User, reason: str = "", version: int | None = None) -> None:
    """Let a row stand again that was withdrawn by mistake.

    Needs the lock under which `record` was read. The reason is asked for unless `may_restore_at_once`.
    Idempotent (`check_same_restoring`). `StaleError` when the row was saved since `version`.
    """
    assert isinstance(record, Withdrawable)
    assert isinstance(record, Record)
    if not record.is_withdrawn:
        check_same_restoring(record, by=by, reason=reason, version=version)
        return
    ensure_fresh(record, version)
    check_reason(reason, is_needed=not may_restore_at_once(record, by))
    _save(record, {"withdrawn_at": None, "withdrawn_by": None, "withdrawn_reason": ""})
    record_correction(record, CorrectionAct.RESTORED, by=by, reason=reason)


def check_same_restoring(record: Record, *, by: User, reason: str, version: int | None) -> None:
    """Refuse a form that lets a standing row stand again, unless the same user sent it with the same reason.

    Nothing of another one would be stored. Without `version` there was no form, and so nothing is lost.
    """
    if version is None:
        return
    restorings = Correction.objects.filter(subject=record.public_id, act=CorrectionAct.RESTORED)
    restored = restorings.select_related("made_by").last()
    if restored is None or (restored.made_by_id, restored.reason) != (by.pk, reason.strip()):
        raise ValidationError(standing_already(restored), code="standing")


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


def check_constraints_with(record: Record, fields: Mapping[str, Any]) -> None:
    """Refuse values with which the row, as stored now, would break a constraint of its table."""
    candidate = copy.copy(record)
    for name, value in fields.items():
        setattr(candidate, name, value)
    try:
        candidate.validate_constraints()
    except ValidationError as error:
        raise ValidationError(error.messages, code="constraint") from error
