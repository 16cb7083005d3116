"""Many new rows written at once: quicker than Django's INSERT, with the same triggers and constraints."""

import datetime
import decimal
import json
import uuid
from collections.abc import Sequence
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
    """Save unsaved rows of one model, in a transaction, and give them their keys; by `copy_rows` when many.

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
    """Write unsaved rows of one model with one COPY, and give them their keys.

    PostgreSQL takes no COPY into a table whose rows it shows by project (`jobfirst.row_security`), and the
    application may make no temporary table to copy them into: such rows are inserted from JSON.
    """
    _number_rows(cursor, rows)
    write = _insert if is_walled(type(rows[0])) else _copy
    write(connection, cursor, rows, label)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _copy(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, rows: Sequence[models.Model], label: str
) -> None:
    fields = rows[0]._meta.concrete_fields
    statement = f'COPY "{rows[0]._meta.db_table}" ({_names(fields)}) FROM STDIN'
    with connection.wrap_database_errors, cursor.copy(statement) as sink:
        for piece in progress.batches(rows, PIECE, label):
            for row in piece:
                sink.write_row([_stored_value(connection, field, row) for field in fields])


def _insert(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, rows: Sequence[models.Model], label: str
) -> None:
    fields, table = rows[0]._meta.concrete_fields, rows[0]._meta.db_table
    names = _names(fields)
    statement = (
        f'INSERT INTO "{table}" ({names}) SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s)'  # noqa: S608  # nosec B608 - our own names
    )
    for piece in progress.batches(rows, PIECE, label):
        values = [
            {str(field.column): _stored_value(connection, field, row) for field in fields} for row in piece
        ]
        cursor.execute(statement, [json.dumps(values, default=_as_json)])


def _names(fields: "Sequence[models.Field[Any, Any]]") -> str:
    """Return the columns of the fields, quoted."""
    return ", ".join(f'"{field.column}"' for field in fields)


def _as_json(value: Any) -> object:
    """Return a value as PostgreSQL reads it out of JSON; TypeError for a kind that is not known here."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | decimal.Decimal):
        return str(value)
    content = getattr(value, "obj", value)  # of a wrapper of psycopg's
    if isinstance(content, bytes | bytearray | memoryview):
        return f"\\x{bytes(content).hex()}"
    if content is value:
        raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
    return content


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
