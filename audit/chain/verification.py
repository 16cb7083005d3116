"""Verifying the chain: every batch, and every row that it sealed.

Works in sets: the database hashes the rows of a batch in one query, and only a few batches are in memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import connection, transaction

from audit.chain import hashing, tables
from audit.chain.erasures import GONE, erased_hashes
from audit.chain.hashing import BatchContent
from audit.models import ChainHead, HeadKind, SealedBatch
from jobfirst.row_security.context import all_projects

CHAIN = "chain"
BATCHES_READ = 20
#: Sentences of the findings, by code.
MESSAGES = {
    "changed": "the row is not as it was sealed",
    "deleted": "the row was removed",
    "inserted": "the row was put in afterwards: no batch has it",
    "not_erased": "the row was erased by the rules of retention, and is there again",
    "batch_changed": "the batch is not as it was written: what it sealed cannot be trusted",
    "batch_missing": "the batch is missing",
    "batch_replaced": "the batch was replaced: the next one was made after another batch",
    "batch_displaced": "the batch does not begin where the one before it of its table ended",
    "table_unknown": "the batch seals a table that is not part of the audit log",
    "columns_missing": "the table lacks columns that were sealed: its rows cannot be checked",
    "head_missing": "the chain ends before a head that was recorded: batches were removed",
    "head_differs": "the chain has another hash here than a head that was recorded: it was rewritten",
}


@dataclass(frozen=True)
class ChainFinding:
    """A difference: of which table (`chain`: the batches themselves), which row or batch, and what."""

    table: str
    number: int
    code: str

    def __str__(self) -> str:
        return f"{self.table} {self.number}: {MESSAGES[self.code]}"


class KnownHead(NamedTuple):
    """A head of the chain that was recorded somewhere: the number of the last batch, and its hash."""

    number: int
    batch_hash: bytes


@dataclass
class Progress:
    """How far a verification has come."""

    rows: int = 0
    number: int = 0
    batch_hash: bytes = hashing.START
    frontiers: dict[str, int] = field(default_factory=dict)
    erased: dict[str, dict[int, bytes]] = field(default_factory=dict)

    def erased_rows(self, table: str) -> dict[int, bytes]:
        """Return the rows of the table that were erased, with the hash that they should have now."""
        if table not in self.erased:
            self.erased[table] = erased_hashes(table)
        return self.erased[table]


@dataclass(frozen=True)
class Verification:
    """How many rows were checked, the head of the chain as it is, and how many differences there are."""

    rows: int
    number: int
    batch_hash: bytes
    findings: int


@all_projects("the log is that of all projects")
def verify(
    heads: list[KnownHead], on_finding: Callable[[ChainFinding], None], *, is_recorded: bool
) -> Verification:
    """Check the whole chain, and call `on_finding` for each difference; record the outcome if so asked.

    Of a chain with differences no head is recorded (number 0): it is no evidence.
    """
    progress = Progress()
    findings = 0
    for finding in find_tampering(progress, heads):
        findings += 1
        on_finding(finding)
    if is_recorded:
        ChainHead.objects.create(
            kind=HeadKind.VERIFIED,
            number=0 if findings else progress.number,
            batch_hash=b"" if findings else progress.batch_hash,
            findings=findings,
        )
    return Verification(progress.rows, progress.number, progress.batch_hash, findings)


def find_tampering(progress: Progress, heads: list[KnownHead]) -> Iterator[ChainFinding]:
    """Yield the differences between the audit log and its chain, in order of the batches; in a transaction.

    `heads` were recorded outside; those recorded in the database are compared as well. `progress` is brought
    forward meanwhile: at the end it has the number of rows, and the head of the chain.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables.canonical_session(cursor)
        columns = tables.table_columns(cursor)
        recorded = _recorded_heads(heads)
        for batch in _batches():
            yield from _link_findings(batch, progress)
            progress.number, progress.batch_hash = batch.number, bytes(batch.batch_hash)
            if recorded.pop(batch.number, set()) - {progress.batch_hash}:
                yield ChainFinding(CHAIN, batch.number, "head_differs")
            yield from _batch_findings(batch, progress, columns)
        for number in sorted(recorded):
            yield ChainFinding(CHAIN, number, "head_missing")
        yield from _beyond_the_numbers()


def _recorded_heads(heads: list[KnownHead]) -> dict[int, set[bytes]]:
    """Return the hashes that batches had when they were a head, by number: from outside and from here."""
    recorded: dict[int, set[bytes]] = {}
    rows = ChainHead.objects.values_list("number", "batch_hash").distinct()
    for number, batch_hash in [*heads, *rows]:
        if number > 0:  # the head before the first batch is part of every chain
            recorded.setdefault(number, set()).add(bytes(batch_hash))
    return recorded


def _batches() -> Iterator[SealedBatch]:
    """Yield the batches by number, a few in memory at a time."""
    number = 0
    while batches := list(SealedBatch.objects.filter(number__gt=number).order_by("number")[:BATCHES_READ]):
        yield from batches
        number = batches[-1].number


def _link_findings(batch: SealedBatch, progress: Progress) -> Iterator[ChainFinding]:
    """Yield what is wrong between the batch and the one before it."""
    for number in range(progress.number + 1, batch.number):
        yield ChainFinding(CHAIN, number, "batch_missing")
    is_next = batch.number == progress.number + 1
    if is_next and bytes(batch.previous_hash) != progress.batch_hash:
        yield ChainFinding(CHAIN, progress.number or batch.number, "batch_replaced")


def _batch_findings(
    batch: SealedBatch, progress: Progress, columns: dict[str, list[str]]
) -> Iterator[ChainFinding]:
    """Yield what is wrong with the batch itself, and with the rows that it sealed."""
    before, progress.frontiers[batch.table] = progress.frontiers.get(batch.table), batch.upto
    if not _is_as_written(batch):
        yield ChainFinding(CHAIN, batch.number, "batch_changed")
        return
    table = tables.sealed_tables().get(batch.table)
    if table is None:
        yield ChainFinding(CHAIN, batch.number, "table_unknown")
        return
    if batch.after != before:
        yield ChainFinding(CHAIN, batch.number, "batch_displaced")
    if not set(batch.columns) <= set(columns[batch.table]):
        yield ChainFinding(CHAIN, batch.number, "columns_missing")
        return
    later_columns = sorted(set(columns[batch.table]) - set(batch.columns))
    yield from _row_findings(batch, table, later_columns, progress.erased_rows(batch.table))
    progress.rows += len(batch.row_ids)


def _is_as_written(batch: SealedBatch) -> bool:
    """Whether the batch has a hash for each of its rows, and the hash of the batch is the right one."""
    content = _content(batch)
    if len(content.row_hashes) != hashing.HASH_LENGTH * len(content.row_ids):
        return False
    return hashing.batch_hash(bytes(batch.previous_hash), content) == bytes(batch.batch_hash)


def _content(batch: SealedBatch) -> BatchContent:
    """Return what the hash of the batch covers."""
    return BatchContent(
        number=batch.number,
        table=batch.table,
        columns=batch.columns,
        after=batch.after,
        upto=batch.upto,
        sealed_at=batch.sealed_at,
        row_ids=batch.row_ids,
        row_hashes=bytes(batch.row_hashes),
    )


def _row_findings(
    batch: SealedBatch, table: tables.SealedTable, later_columns: list[str], erased: dict[int, bytes]
) -> Iterator[ChainFinding]:
    """Yield the rows in the range of the batch that are not as it sealed them, or as an erasure left them."""
    hashes = hashing.split_hashes(bytes(batch.row_hashes))
    sealed = dict(zip(batch.row_ids, hashes, strict=True))
    for row in _stored_rows(batch, table, later_columns):
        digest = sealed.pop(row.number, None)
        if digest is None:
            yield ChainFinding(batch.table, row.number, "inserted")
        elif erased.get(row.number) == GONE:
            yield ChainFinding(batch.table, row.number, "not_erased")
        elif erased.get(row.number, digest) != row.digest:
            yield ChainFinding(batch.table, row.number, "changed")
    for number in sealed:
        if erased.get(number) != GONE:
            yield ChainFinding(batch.table, number, "deleted")


def _stored_rows(
    batch: SealedBatch, table: tables.SealedTable, later_columns: list[str]
) -> Iterator[tables.HashedRow]:
    """Yield the rows that are stored in the range of the batch, a part at a time."""
    after, limit = batch.after, len(batch.row_ids) + 1000
    with connection.cursor() as cursor:
        while True:
            numbers = tables.NumberRange(after, batch.upto)
            rows = tables.hashed_rows(cursor, table, numbers, limit, later_columns)
            yield from rows
            if len(rows) < limit:
                return
            after = rows[-1].number


def _beyond_the_numbers() -> Iterator[ChainFinding]:
    """Yield the rows above the last number that their table has given out: the system made none of them."""
    with connection.cursor() as cursor:
        largest = tables.largest_numbers(cursor)  # first: a number is given out before its row is there
        numbers = tables.last_numbers(cursor)
        for name, number in largest.items():
            if number > numbers[name]:
                for inserted in tables.rows_above(cursor, tables.sealed_tables()[name], numbers[name]):
                    yield ChainFinding(name, inserted, "inserted")
