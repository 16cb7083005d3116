"""What the rules of retention erased from the audit log: recorded, so that a verification expects it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from audit.chain import hashing, tables
from audit.models import ErasedRows, SealedBatch

#: Stands for the hash of a row that was removed.
GONE = bytes(hashing.HASH_LENGTH)


@dataclass(frozen=True)
class ErasureReason:
    """Why rows are erased: the run, the kind of data, and the two persons (ids of accounts)."""

    run: uuid.UUID
    kind: str
    proposed_by: int
    approved_by: int


def erased_hashes(table: str) -> dict[int, bytes]:
    """Return the rows of the table that were erased, by number: the hash as it should be now, or `GONE`."""
    hashes: dict[int, bytes] = {}
    records = ErasedRows.objects.filter(table=table).order_by("pk").values_list("row_ids", "row_hashes")
    for row_ids, row_hashes in records.iterator(chunk_size=200):
        hashes.update(zip(row_ids, hashing.split_hashes(bytes(row_hashes)), strict=True))
    return hashes


def record_erased(
    cursor: CursorWrapper, table: str, numbers: Sequence[int], reason: ErasureReason
) -> ErasedRows | None:
    """Record that these rows of a table of the audit log were changed or removed; None without rows.

    Call afterwards, in the transaction of the erasure, signed in as the owner of the tables. Persons whose
    accounts this database does not have are left empty.
    """
    if not numbers:
        return None
    hashes = _hashes_now(cursor, tables.sealed_tables()[table], numbers)
    ordered = sorted(set(numbers))
    accounts = get_user_model()._default_manager.filter(pk__in=[reason.proposed_by, reason.approved_by])
    persons = {pk: pk for pk in accounts.values_list("pk", flat=True)}
    record: ErasedRows = ErasedRows.objects.create(
        run=reason.run,
        table=table,
        row_ids=ordered,
        row_hashes=b"".join(hashes.get(number, GONE) for number in ordered),
        reason=reason.kind,
        proposed_by_id=persons.get(reason.proposed_by),
        approved_by_id=persons.get(reason.approved_by),
    )
    return record


def _hashes_now(
    cursor: CursorWrapper, table: tables.SealedTable, numbers: Sequence[int]
) -> Mapping[int, bytes]:
    """Return the hashes of the rows that are left, each by the columns that its batch covers."""
    tables.canonical_session(cursor)
    hashes = tables.hashes_of(cursor, table, numbers)  # those that no batch has yet
    columns = set(tables.table_columns(cursor)[table.name])
    batches = SealedBatch.objects.filter(
        Q(after__lt=max(numbers)) | Q(after=None), table=table.name, upto__gte=min(numbers)
    )
    for row_ids, sealed_columns in batches.values_list("row_ids", "columns"):
        if later_columns := sorted(columns - set(sealed_columns)):
            within = sorted(set(row_ids) & set(numbers))
            hashes |= tables.hashes_of(cursor, table, within, later_columns)
    return hashes
