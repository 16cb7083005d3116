"""Many new rows written by COPY: quicker than INSERT, with the same triggers and constraints."""

import datetime
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection as default_connection
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from jobfirst import progress
from jobfirst.row_security.rules import is_walled

#: What COPY writes as it is.
PLAIN = frozenset({str, int, bool, datetime.date, datetime.time, uuid.UUID, type(None)})
#: Fewer rows are inserted.
FEW = 200
PIECE = 500


def create_rows(rows: Sequence[models.Model], label: str) -> None:
    """Save unsaved rows of one model, in a transaction, and give them their keys; by COPY when many.

    Raises Django's database errors. The label names the rows in the progress.
    """
    if len(rows) < FEW:
        if rows:
            type(rows[0])._base_manager.bulk_create(rows)
        return
    with default_connection.cursor() as cursor:
        # pghistory names the user to the triggers before a statement that it knows; COPY is none.
        cursor.execute("VALUES (1)")
        copy_rows(default_connection, cursor, rows, label)


def copy_rows(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, rows: Sequence[models.Model], label: str = ""
) -> None:
    """Write unsaved rows of one model with one COPY, and give them their keys."""
    fields = rows[0]._meta.concrete_fields
    _number_rows(cursor, rows)
    with (
        copied_into(cursor, type(rows[0]), [str(field.column) for field in fields]) as statement,
        connection.wrap_database_errors,
        cursor.copy(statement) as sink,
    ):
        for piece in progress.batches(rows, PIECE, label):
            for row in piece:
                sink.write_row([_stored_value(connection, field, row) for field in fields])
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


@contextmanager
def copied_into(cursor: CursorWrapper, model: type[models.Model], columns: Sequence[str]) -> Iterator[str]:
    """Yield the COPY statement that writes rows of the model.

    PostgreSQL takes no COPY into a table whose rows it shows by project (`jobfirst.row_security`). Such rows
    go by way of a temporary table; from there they are inserted at the end of the block.
    """
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    if not is_walled(model):
        yield f'COPY "{table}" ({names}) FROM STDIN'
        return
    cursor.execute(f'CREATE TEMPORARY TABLE copied_rows (LIKE public."{table}") ON COMMIT DROP')
    yield f"COPY pg_temp.copied_rows ({names}) FROM STDIN"
    cursor.execute(f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM pg_temp.copied_rows')  # noqa: S608  # names of our own columns  # nosec B608
    cursor.execute("DROP TABLE pg_temp.copied_rows")


def _number_rows(cursor: CursorWrapper, rows: Sequence[models.Model]) -> None:
    """Give the rows keys from the sequence of their table."""
    table = rows[0]._meta.db_table
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, len(rows)]
    )
    for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
        row.pk = key


def _stored_value(
    connection: BaseDatabaseWrapper, field: "models.Field[Any, Any]", row: models.Model
) -> object:
    """Return the value of a row's field as COPY takes it; of a relation, the key that it has now."""
    if isinstance(field, models.ForeignKey):
        related = field.get_cached_value(row, default=None)
        if related is not None:
            setattr(row, field.attname, related.pk)
        return getattr(row, field.attname)
    value = field.pre_save(row, add=True)
    return value if type(value) in PLAIN else field.get_db_prep_save(value, connection)
