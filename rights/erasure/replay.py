"""Erase again, after a restore, what the list outside the database names."""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction

from audit.chain.erasures import ErasureReason
from cases.models import Citizen
from jobfirst.database.owner import as_owner, let_owner_erase
from jobfirst.progress import tracked
from rights.erasure.engine import add_to_list, erase_citizen
from rights.erasure.lists import ListError, list_path, read_own_list
from rights.erasure.others.kinds import SINGLE, erase_other, erase_upto
from rights.models import BULK_KINDS, Erasure, RetentionKind
from rights.models.runs import hash_of_subject


def missing_lines() -> list[dict[str, Any]]:
    """Return the lines of the list that this database does not know.

    ListError when the file is damaged, or the list of another system.
    """
    known = {
        bytes(stored_hash).hex() for stored_hash in Erasure.objects.values_list("subject_hash", flat=True)
    }
    return [line for line in read_own_list() if line["subject"] not in known]


def objection() -> str:
    """Return why this system must not send yet; empty when all on the list are erased here."""
    try:
        lines, missing = read_own_list(), len(missing_lines())
    except ListError as error:
        return str(error)
    stored = Erasure.objects.count()
    if missing:
        return (
            f"{missing} line(s) of the list of erasures ({list_path()}) are not carried out here: "
            "run `erase --replay`."
        )
    if len(lines) < stored:
        return (
            f"The list of erasures ({list_path()}) has {len(lines)} lines, this database {stored}: "
            "bring the list back first."
        )
    return ""


def replay() -> int:
    """Erase what the list names and this database still has; return how many lines were replayed.

    In the order of the list, each in a transaction of its own; idempotent. What the backup did not have is
    put on the list alone. Two persons approved each of them before: nobody is asked again.
    """
    lines = missing_lines()
    if not lines:
        return 0
    with as_owner():
        for line in tracked(lines, "Erasures"):
            _replay_line(line)
    return len(lines)


@transaction.atomic
def _replay_line(line: dict[str, Any]) -> None:
    wanted = bytes.fromhex(line["subject"])
    kind = RetentionKind(line["kind"])
    on = datetime.date.fromisoformat(line["on"])
    reason = ErasureReason(uuid.UUID(line["run"]), kind, line["proposed_by"], line["approved_by"])
    if kind in BULK_KINDS:
        erase_upto(kind, datetime.date.fromisoformat(line["upto"]), wanted, reason, on)
        return
    model = SINGLE[kind].model if kind in SINGLE else Citizen
    ids = model._base_manager.order_by("pk").values_list("public_id", flat=True)
    public_id = next(
        (candidate for candidate in ids.iterator() if hash_of_subject(candidate) == wanted), None
    )
    if public_id is not None and kind in SINGLE:
        erase_other(kind, public_id, on, reason, on)
        return
    if public_id is not None:
        erase_citizen(Citizen.objects.get(public_id=public_id), reason, on, listed=wanted)
        return
    with connection.cursor() as cursor:
        let_owner_erase(cursor)
    add_to_list(reason, on, wanted)
