"""The tables of the audit log, and how their rows are read for the chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper
from pghistory.models import Context
from psycopg import sql

from audit.history import event_models
from audit.models import AccessRecord, Correction, ErasedRows, SecurityRecord

#: The number of a context row: `pghistory_context` has a random key, and the chain needs an order.
CONTEXT_NUMBER = "audit_number"
RECORDS = (AccessRecord, SecurityRecord, Correction, ErasedRows)


@dataclass(frozen=True)
class SealedTable:
    """A table of the audit log, with the column that numbers its rows."""

    name: str
    key: str


@cache
def sealed_tables() -> dict[str, SealedTable]:
    """Return the tables of the audit log by name: access, security, corrections, and the whole history."""
    tables = [
        *(SealedTable(model._meta.db_table, "id") for model in RECORDS),
        SealedTable(Context._meta.db_table, CONTEXT_NUMBER),
        *(SealedTable(model._meta.db_table, "pgh_id") for model in event_models()),
    ]
    return dict(sorted({table.name: table for table in tables}.items()))


def canonical_session(cursor: CursorWrapper) -> None:
    """Set, until the end of the transaction, what the canonical text of a row depends on."""
    cursor.execute(
        "SELECT set_config('TimeZone', 'UTC', true), set_config('bytea_output', 'hex', true),"
        " set_config('IntervalStyle', 'iso_8601', true), set_config('extra_float_digits', '1', true)"
    )


def table_columns(cursor: CursorWrapper) -> dict[str, list[str]]:
    """Return the columns of all sealed tables, by name of the table, each list sorted."""
    cursor.execute(
        'SELECT attrelid::regclass::text, array_agg(attname::text ORDER BY attname::text COLLATE "C")'
        "  FROM pg_attribute WHERE attrelid = ANY (%s::regclass[]) AND attnum > 0 AND NOT attisdropped"
        " GROUP BY 1",
        [list(sealed_tables())],
    )
    return dict(cursor.fetchall())


def last_numbers(cursor: CursorWrapper) -> dict[str, int]:
    """Return the last number given out by the sequence of each table, whether or not its row is committed."""
    tables = sealed_tables().values()
    cursor.execute(
        "SELECT name, coalesce(pg_sequence_last_value(pg_get_serial_sequence(name, key)::regclass), 0)"
        "  FROM unnest(%s::text[], %s::text[]) AS sealed (name, key)",
        [[table.name for table in tables], [table.key for table in tables]],
    )
    return dict(cursor.fetchall())


@dataclass(frozen=True)
class HashedRow:
    """A row's number and the SHA-256 of its canonical text."""

    number: int
    digest: bytes


class NumberRange(NamedTuple):
    """Numbers above `after` (None: no lower bound) and not above `upto`."""

    after: int | None
    upto: int


def hashed_rows(
    cursor: CursorWrapper,
    table: SealedTable,
    numbers: NumberRange,
    limit: int,
    later_columns: Sequence[str] = (),
) -> list[HashedRow]:
    """Return at most `limit` rows with a number in the range, in order.

    The canonical text of a row is the text of the jsonb object of its columns, without `later_columns`.
    """
    query = sql.SQL(
        "SELECT {key}, sha256(convert_to((to_jsonb(t) - %(later)s::text[])::text, 'UTF8')) FROM {table} t"
        " WHERE {key} <= %(upto)s AND (%(after)s::bigint IS NULL OR {key} > %(after)s::bigint)"
        " ORDER BY {key} LIMIT %(limit)s"
    ).format(key=sql.Identifier(table.key), table=sql.Identifier(table.name))
    values = {"later": list(later_columns), "limit": limit, **numbers._asdict()}
    cursor.execute(query, values)
    return [HashedRow(number, bytes(digest)) for number, digest in cursor.fetchall()]


def hashes_of(
    cursor: CursorWrapper, table: SealedTable, numbers: Sequence[int], later_columns: Sequence[str] = ()
) -> dict[int, bytes]:
    """Return the SHA-256 of the canonical texts of these rows, by number; of a row that is gone none."""
    query = sql.SQL(
        "SELECT {key}, sha256(convert_to((to_jsonb(t) - %s::text[])::text, 'UTF8')) FROM {table} t"
        " WHERE {key} = ANY (%s)"
    ).format(key=sql.Identifier(table.key), table=sql.Identifier(table.name))
    cursor.execute(query, [list(later_columns), list(numbers)])
    return {number: bytes(digest) for number, digest in cursor.fetchall()}


def rows_above(cursor: CursorWrapper, table: SealedTable, number: int) -> Iterator[int]:
    """Yield the numbers of the rows above `number`, in order."""
    query = sql.SQL("SELECT {key} FROM {table} WHERE {key} > %s ORDER BY {key} LIMIT 1000").format(
        key=sql.Identifier(table.key), table=sql.Identifier(table.name)
    )
    while True:
        cursor.execute(query, [number])
        numbers = [row[0] for row in cursor.fetchall()]
        yield from numbers
        if not numbers:
            return
        number = numbers[-1]


def largest_numbers(cursor: CursorWrapper) -> dict[str, int]:
    """Return the largest number of a row in each table that has one."""
    parts = [
        sql.SQL("SELECT {name}, max({key})::bigint FROM {table}").format(
            name=sql.Literal(table.name), key=sql.Identifier(table.key), table=sql.Identifier(table.name)
        )
        for table in sealed_tables().values()
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(parts))
    return {name: number for name, number in cursor.fetchall() if number is not None}


#: Locks of the other transactions that may still add rows to a table, or that hold numbers of rows not yet
#: committed: whoever writes to a table holds one from before the number is taken until the transaction ends.
LOCKS_OF_WRITERS = """
    locktype = 'relation' AND granted AND pid IS DISTINCT FROM pg_backend_pid()
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
"""
WRITERS = f"""
    SELECT relation::regclass::text, virtualtransaction FROM pg_locks
     WHERE relation = ANY (%s::regclass[]::oid[]) AND {LOCKS_OF_WRITERS}
"""  # noqa: S608  # constants  # nosec B608 - our own names


def writers() -> set[tuple[str, str]]:
    """Return who is writing to which table now: the table and the virtual id of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [list(sealed_tables())])
        return set(cursor.fetchall())
