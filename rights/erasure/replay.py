"""Erase again, after a restore, whom the list outside the database names."""

import datetime
import uuid
from typing import Any

from django.db import connection, transaction

from audit.chain.erasures import ErasureReason
from cases.models import Citizen
from jobfirst.owner import as_owner, let_owner_erase
from jobfirst.progress import tracked
from rights.erasure.engine import add_to_list, erase_citizen, subject_hash
from rights.erasure.lists import list_path, read_list
from rights.models import Erasure


def missing_lines() -> list[dict[str, Any]]:
    """Return the lines of the list that this database does not know. ListError when the file is damaged."""
    known = {
        bytes(stored_hash).hex() for stored_hash in Erasure.objects.values_list("subject_hash", flat=True)
    }
    return [line for line in read_list(list_path()) if line["subject"] not in known]


def objection() -> str:
    """Return why this system must not send yet; empty when all on the list are erased here."""
    lines, stored = read_list(list_path()), Erasure.objects.count()
    if missing := len(missing_lines()):
        return (
            f"{missing} citizen(s) on the list of erasures ({list_path()}) are not erased in this database: "
            "run `erase --replay`."
        )
    if len(lines) < stored:
        return (
            f"The list of erasures ({list_path()}) has {len(lines)} lines, this database {stored}: "
            "bring the list back first."
        )
    return ""


def replay() -> int:
    """Erase whom the list names and this database still has; return how many lines were replayed.

    In the order of the list, each in a transaction of its own; idempotent. A citizen whom the backup did not
    have is put on the list alone. Two persons approved each of them before: nobody is asked again.
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
    ids = Citizen.objects.filter(erased_on=None).values_list("pk", "public_id")
    pk = next((pk for pk, public_id in ids.iterator() if subject_hash(public_id) == wanted), None)
    on = datetime.date.fromisoformat(line["on"])
    reason = ErasureReason(uuid.UUID(line["run"]), line["kind"], line["proposed_by"], line["approved_by"])
    if pk is not None:
        erase_citizen(Citizen.objects.get(pk=pk), reason, on)
        return
    with connection.cursor() as cursor:
        let_owner_erase(cursor)
    add_to_list(reason, on, wanted)
