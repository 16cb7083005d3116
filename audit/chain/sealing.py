"""Sealing what is new in the audit log, in batches.

Writing a record takes no lock of the chain and computes no hash: records are sealed afterwards. Which rows a
batch covers is exact. A row gets its number before its transaction commits, so a smaller number may become
visible after a larger one. Therefore:

1. Read the last number given out for each table.
2. Wait until every transaction that was writing to the table then has ended. Whoever inserts holds a lock on
   the table from before the number is taken, so those transactions include all who hold a number up to that.
3. Rows up to that number are now committed, or will never be. Seal them; each batch covers a range of
   numbers, and the next one begins where it ends.

So no row stays outside, and a row that appears later within a sealed range was not written by the system.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from audit.chain import hashing, tables
from audit.chain.hashing import BatchContent
from audit.chain.tables import NumberRange
from audit.models import ChainHead, HeadKind, SealedBatch
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.row_security.context import all_projects

BATCH_ROWS = 2000
#: Seconds that sealing waits for transactions that are under way; their tables wait for the next run.
PATIENCE = 10.0
PAUSE = 0.02


@dataclass(frozen=True)
class SealResult:
    """How many rows were sealed in how many batches, and the tables that long transactions kept waiting."""

    rows: int
    batches: int
    waiting: list[str]


@all_projects("the log is that of all projects")
def seal(*, patience: float = PATIENCE, batch_rows: int = BATCH_ROWS) -> SealResult:
    """Seal the rows that are new. Idempotent; two runs at the same time seal each row once."""
    with connection.cursor() as cursor:
        numbers = tables.last_numbers(cursor)
    covered = frontiers()
    behind = {name for name, number in numbers.items() if number > covered.get(name, 0)}
    waiting = _wait_for_writers(behind, patience)
    rows = batches = 0
    for name in sorted(behind - waiting):
        sealed = _seal_table(tables.sealed_tables()[name], numbers[name], batch_rows)
        rows += sum(sealed)
        batches += len(sealed)
    return SealResult(rows, batches, sorted(waiting))


def frontiers() -> dict[str, int]:
    """Return the last number that is covered of each table."""
    last = SealedBatch.objects.order_by("table", "-number").distinct("table")
    return dict(last.values_list("table", "upto"))


def _wait_for_writers(names: set[str], patience: float) -> set[str]:
    """Wait until whoever writes to the tables now has ended; return the tables where somebody has not."""
    if not names:
        return set()
    until = time.monotonic() + patience
    present = {(name, writer) for name, writer in tables.writers() if name in names}
    while present and time.monotonic() < until:
        time.sleep(PAUSE)
        present &= tables.writers()
    return {name for name, _writer in present}


@transaction.atomic
def _seal_table(table: tables.SealedTable, upto: int, batch_rows: int) -> list[int]:
    """Seal the rows of the table up to that number; return the number of rows of each new batch."""
    lock(LockKey.AUDIT_CHAIN)
    covered = SealedBatch.objects.filter(table=table.name).order_by("-number").values_list("upto", flat=True)
    after = covered.first()
    last = SealedBatch.objects.order_by("-number").first()
    sizes = []
    for content in _contents(table, after, upto, (last.number if last else 0) + 1, batch_rows):
        last = SealedBatch.objects.create(
            number=content.number,
            table=content.table,
            columns=list(content.columns),
            after=content.after,
            upto=content.upto,
            sealed_at=content.sealed_at,
            row_ids=list(content.row_ids),
            row_hashes=content.row_hashes,
            previous_hash=_hash_of(last),
            batch_hash=hashing.batch_hash(_hash_of(last), content),
        )
        sizes.append(len(content.row_ids))
    if sizes and last is not None:
        ChainHead.objects.create(kind=HeadKind.SEALED, number=last.number, batch_hash=last.batch_hash)
    return sizes


def _hash_of(batch: SealedBatch | None) -> bytes:
    return bytes(batch.batch_hash) if batch else hashing.START


def _contents(
    table: tables.SealedTable, after: int | None, upto: int, number: int, batch_rows: int
) -> Iterator[BatchContent]:
    """Yield the batches of the rows above `after` up to `upto`, numbered from `number`; none without rows."""
    with connection.cursor() as cursor:
        tables.canonical_session(cursor)
        columns = tables.table_columns(cursor)[table.name]
        while rows := tables.hashed_rows(cursor, table, NumberRange(after, upto), batch_rows):
            end = rows[-1].number if len(rows) == batch_rows else upto
            yield BatchContent(
                number=number,
                table=table.name,
                columns=columns,
                after=after,
                upto=end,
                sealed_at=timezone.now(),
                row_ids=[row.number for row in rows],
                row_hashes=b"".join(row.digest for row in rows),
            )
            number, after = number + 1, end
