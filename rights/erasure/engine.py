"""Erase one citizen: every row of hers that is found by introspection, history and access records included.

Runs signed in as the owner of the tables (`jobfirst.database.owner.as_owner`): the application can remove no
history.
"""

import datetime
import secrets
import uuid
from typing import Any

from django.db import connection, transaction
from django.db.models import Model, TextField, Value

from audit.chain.erasures import ErasureReason
from audit.models import AccessRecord
from cases.models import Citizen, Course, Referral
from jobfirst import clock
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.database.owner import let_owner_erase
from jobfirst.encryption import crypto
from jobfirst.values.cpr import birth_date
from rights.erasure.removal import Removal
from rights.erasure.treatment import EMPTIED, SHARED, UNTOUCHED
from rights.models import Erasure, ErasureItem
from rights.models.runs import hash_of_subject
from rights.report.coverage import is_history
from rights.report.gathering import GatheredRows


def locked_citizen(pk: int) -> Citizen:
    """Return the citizen, locked with her referrals and course in the order of docs/architecture.md.

    Whatever is being written of her has ended then; whatever waits for one of the locks is refused.
    """
    lock(LockKey.REFERRALS)
    list(Referral.objects.select_for_update(of=("self",)).filter(citizen=pk).order_by("pk"))
    list(Course.objects.select_for_update(of=("self",)).filter(citizen=pk))
    return Citizen.objects.select_for_update(of=("self",)).get(pk=pk)


@transaction.atomic
def erase_citizen(
    citizen: Citizen, reason: ErasureReason, on: datetime.date, listed: bytes | None = None
) -> list[Erasure]:
    """Erase the citizen's rows and return the lines of the list of erasures; all of it or nothing.

    1. Gather her rows by introspection, while her row, referrals and course are locked.
    2. History, and tables that are not named in `treatment`, are deleted; what stays is emptied.
    3. Access records lose her id and their reason; contexts of the history that led to her go.
    4. Her own row gets new ids, a random hash instead of that of her number, and a made-up number.
    5. What was taken from the audit log is recorded there. The list of erasures gets a line for each id under
       which she was known: a backup of before she was put together with somebody (D40) has them as two.

    `listed`: the hash of the line that is replayed, which is the only one to be added.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        let_owner_erase(cursor)
        locked = locked_citizen(citizen.pk)
        rows = GatheredRows(locked)
        known_ids = [*rows.citizen_ids, *rows.public_ids]
        removal = Removal(cursor)
        removal.contexts = _contexts(rows)
        _empty_access_records(rows, removal)
        for model, queryset in rows.tables():
            _treat(removal, model, list(queryset.values_list("pk", flat=True)))
        _take_out_of_shared(rows.citizen_ids)
        _empty_citizen(locked, on)
        for citizen_id in rows.citizen_ids:
            forget_on_lists(citizen_id)
        removal.finish(known_ids, reason)
        hashes = (
            [hash_of_subject(public_id) for public_id in rows.citizen_ids] if listed is None else [listed]
        )
        return [add_to_list(reason, on, erased_hash) for erased_hash in hashes]


def forget_on_lists(public_id: uuid.UUID) -> None:
    """Take the id off all lists: also those on which it was left out, or that were withdrawn."""
    items = ErasureItem.objects.filter(subject=public_id)
    items.update(subject=None, subject_hash=hash_of_subject(public_id))


def _treat(removal: Removal, model: type[Model], keys: list[Any]) -> None:
    """Delete or empty the rows of a table."""
    label = model._meta.label
    if not keys or model in (Citizen, AccessRecord) or label in UNTOUCHED or label in SHARED:
        return
    if label in EMPTIED and not is_history(model):
        if EMPTIED[label]:
            model._base_manager.filter(pk__in=keys).update(**_as_expressions(EMPTIED[label]))
        return
    removal.delete(model, keys)


def _as_expressions(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values, with texts as they are to stand in the database itself."""
    return {
        name: Value(value, output_field=TextField()) if isinstance(value, str) else value
        for name, value in values.items()
    }


def _empty_access_records(rows: GatheredRows, removal: Removal) -> None:
    """Take the citizen's ids, and the reason, out of the records of who saw her; that somebody did stays."""
    records = AccessRecord.objects.filter(citizens__overlap=rows.citizen_ids)
    named = {str(known) for known in (*rows.citizen_ids, *rows.public_ids)}
    touched = []
    for record in records.order_by("pk"):
        asked_for = "" if record.asked_for in named else record.asked_for
        others = [other for other in record.citizens if other not in rows.citizen_ids]
        values = {"citizens": others, "reason": "" if not others else record.reason, "asked_for": asked_for}
        AccessRecord.objects.filter(pk=record.pk).update(**values)
        touched.append(record.pk)
    removal.sealed[AccessRecord._meta.db_table].extend(touched)


def _take_out_of_shared(citizen_ids: list[uuid.UUID]) -> None:
    """Take the citizen's ids out of what is about several citizens."""
    from django.apps import apps

    for label, column in SHARED.items():
        model = apps.get_model(label)
        for row in model._base_manager.filter(**{f"{column}__overlap": citizen_ids}):
            others = [other for other in getattr(row, column) if other not in citizen_ids]
            model._base_manager.filter(pk=row.pk).update(**{column: others})


def _contexts(rows: GatheredRows) -> set[uuid.UUID]:
    """Return the contexts of the history of the citizen's rows."""
    contexts: set[uuid.UUID] = set()
    for model, queryset in rows.tables():
        if is_history(model):
            contexts.update(queryset.exclude(pgh_context=None).values_list("pgh_context_id", flat=True))
    return contexts


def _empty_citizen(citizen: Citizen, on: datetime.date) -> None:
    """Leave of the citizen's own row what ledger and counts need: no number, no hash, no id that led to her.

    The made-up number has the half of the year of her birth, since the balance of the trial reckons with
    ages. The pseudonym stays when the ledger has it, whose hashes cover it; otherwise it is made anew.
    """
    is_drawn = hasattr(citizen, "allocation")
    digits = _made_up(citizen.cpr)
    citizen.public_id = uuid.uuid4()
    citizen.cpr_cipher = crypto.encrypt(digits, citizen.public_id.bytes)
    citizen.cpr_lookup = secrets.token_bytes(32)
    if not is_drawn:
        citizen.pseudonym = crypto.pseudonym(citizen.public_id.bytes)
    citizen.erased_on = on
    citizen.created_at = clock.now()
    citizen.save()


def _made_up(digits: str) -> str:
    """Return a number of nobody, born in the same half of the same year: no serial number ends in 000."""
    month = "04" if birth_date(digits).month <= 6 else "10"
    return f"01{month}{digits[4:6]}{digits[6]}000"


def add_to_list(
    reason: ErasureReason, on: datetime.date, erased_hash: bytes, upto: datetime.date | None = None
) -> Erasure:
    """Add a line to the list of erasures, as the owner of the tables."""
    last = Erasure.objects.order_by("-number").values_list("number", flat=True).first()
    erasure: Erasure = Erasure.objects.create(
        number=(last or 0) + 1,
        kind=reason.kind,
        on=on,
        subject_hash=erased_hash,
        upto=upto,
        run=reason.run,
        proposed_by=reason.proposed_by,
        approved_by=reason.approved_by,
        erased_at=clock.now(),
    )
    return erasure
