"""The tables of the database, written and read by COPY, which every PostgreSQL server offers by itself.

`pg_dump` must be at least as new as the server and is missing on many machines that run JobFirst (the
embedded server has none); the structure is made by migrations anyway (docs/decisions).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from jobfirst.backup.manifest import SequencePosition

#: The state of the migrations is in the manifest.
MIGRATIONS = "django_migrations"
#: Tables whose rows are not in a backup, and why.
LEFT_OUT = {"django_session": "whoever has a session key is signed in: after a restore people sign in again"}
#: A system that is used has rows in one of these: migrations write to none of them.
USED_TABLES = ("accounts_user", "accounts_project", "companies_company", "cases_citizen")

_TABLES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_COLUMNS = """
    SELECT attname FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
_SEQUENCES = """
    SELECT relname FROM pg_class
     WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key, with what is needed to make it again."""

    table: str
    name: str
    definition: str


def table_names(cursor: CursorWrapper) -> list[str]:
    """Return all tables of the system by name."""
    cursor.execute(_TABLES)
    return [name for (name,) in cursor.fetchall()]


def columns_of(cursor: CursorWrapper, table: str) -> list[str]:
    """Return the columns that are written; generated ones follow from them."""
    cursor.execute(_COLUMNS, [f'public."{table}"'])
    return [name for (name,) in cursor.fetchall()]


def copy_out(cursor: CursorWrapper, table: str, columns: list[str]) -> Iterator[memoryview]:
    """Yield the rows of the table in the text format of COPY. Afterwards `cursor.rowcount` counts them."""
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(*_named(table, columns))
    with cursor.db.wrap_database_errors, cursor.copy(statement) as source:
        yield from source


def copy_in(cursor: CursorWrapper, table: str, columns: list[str], pieces: Iterable[bytes]) -> int:
    """Add the rows, and return how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(*_named(table, columns))
    with cursor.db.wrap_database_errors, cursor.copy(statement) as sink:
        for piece in pieces:
            sink.write(piece)
    return int(cursor.rowcount)


def _named(table: str, columns: list[str]) -> tuple[sql.Composable, sql.Composable]:
    return sql.Identifier("public", table), sql.SQL(", ").join(map(sql.Identifier, columns))


def sequence_positions(cursor: CursorWrapper) -> list[SequencePosition]:
    """Return where each sequence has come to. Sequences are in no snapshot: read after the tables."""
    cursor.execute(_SEQUENCES)
    positions = []
    for (name,) in cursor.fetchall():
        query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier("public", name))
        cursor.execute(query)
        last_value, is_called = cursor.fetchone()
        positions.append(SequencePosition(name, last_value, is_called))
    return positions


def set_sequences(cursor: CursorWrapper, positions: Iterable[SequencePosition]) -> None:
    """Let the sequences go on where they had come to."""
    for position in positions:
        cursor.execute(
            "SELECT setval(%s::regclass, %s, %s)",
            [f'public."{position.name}"', position.last_value, position.is_called],
        )


def is_empty(cursor: CursorWrapper) -> bool:
    """Whether nobody has used this system yet."""
    existing = set(table_names(cursor))
    for table in USED_TABLES:
        if table in existing:
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier("public", table)))
            if cursor.fetchone()[0]:
                return False
    return True


def drop_foreign_keys(cursor: CursorWrapper) -> list[ForeignKey]:
    """Remove the foreign keys and return them; made again after the rows, each is checked by one query."""
    cursor.execute(_FOREIGN_KEYS)
    foreign_keys = [ForeignKey(*row) for row in cursor.fetchall()]
    for key in foreign_keys:
        statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        cursor.execute(statement.format(sql.SQL(key.table), sql.Identifier(key.name)))
    return foreign_keys


def make_foreign_keys(cursor: CursorWrapper, foreign_keys: Iterable[ForeignKey]) -> None:
    """Make the foreign keys again; IntegrityError when a row refers to one that is not there."""
    for key in foreign_keys:
        statement = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}")
        parts = sql.SQL(key.table), sql.Identifier(key.name), sql.SQL(key.definition)
        cursor.execute(statement.format(*parts))


def switch_triggers(cursor: CursorWrapper, tables: Iterable[str], *, on: bool) -> None:
    """Switch our triggers on or off: rows that return are neither new nor changed, and write no history."""
    for table in tables:
        statement = sql.SQL("ALTER TABLE {} {} TRIGGER USER")
        switch = sql.SQL("ENABLE" if on else "DISABLE")
        cursor.execute(statement.format(sql.Identifier("public", table), switch))


def truncate(cursor: CursorWrapper, tables: Iterable[str]) -> None:
    """Remove all rows of the tables."""
    listed = sql.SQL(", ").join(sql.Identifier("public", table) for table in tables)
    cursor.execute(sql.SQL("TRUNCATE {}").format(listed))
