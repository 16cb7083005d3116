"""Restore a backup into this system, muted (docs/operations.md)."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg.errors import LockNotAvailable

from jobfirst import progress
from jobfirst.backup import manifest as manifests
from jobfirst.backup import tables
from jobfirst.backup.errors import BackupError
from jobfirst.backup.extension_points import file_folders
from jobfirst.backup.making import is_stored
from jobfirst.backup.manifest import Manifest
from jobfirst.database.owner import as_owner
from jobfirst.files.private_folder import read_pieces, unpacked_pieces
from jobfirst.messaging.mute import database_name
from jobfirst.migrating.quick import quick_migrations

#: How long the restoring waits for those who use the tables.
LOCK_TIMEOUT = "15s"
#: How a failure leaves this system; the second after the tables were made anew.
UNCHANGED = "No row has been changed."
EMPTIED = "The tables of this system are empty now: restore again."

Warn = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """What was restored; `keys_fit` says whether this system's keys are those of the data."""

    manifest: Manifest
    keys_fit: bool


def restore_backup(
    folder: Path, *, replace: bool = False, manifest_sha256: str | None = None, warn: Warn = print
) -> RestoreResult:
    """Restore the backup in `folder` into this system's database and data folder.

    1. Everything is checked before anything is changed: every hash, the version, the mode, the keys, and that
       this system is empty (or `replace`).
    2. The files: named by their content or new, so one that is there stays as it is, unless it is damaged.
    3. Where the tables are not those of the backup's version, they are made anew: without rows, and of that
       version.
    4. In one transaction: the rows go, those of the backup come, and the system is muted. Nobody sees the
       rows unmuted.
    5. The tables are migrated to this version, and the application gets its rights.

    BackupError when it is refused or fails; the text says whether the tables are empty now.
    """
    manifest = manifests.read(folder, manifest_sha256)
    _check_version(manifest)
    if damaged := manifests.damaged_files(folder, manifest):
        raise BackupError(f"Missing, changed or damaged: {', '.join(damaged)}. Nothing has been changed.")
    keys_fit = _check_keys(manifest, warn)
    with as_owner() as connection:
        with connection.cursor() as cursor:
            if not replace and not tables.is_empty(cursor):
                raise BackupError(
                    "This system is not empty. Restore into a new one; with --replace everything in this one "
                    "is lost."
                )
        _copy_files(folder, manifest)
        state = UNCHANGED
        if _applied(connection) != set(manifest.migrations):
            _make_tables(connection, manifest)
            state = EMPTIED
        _load(connection, folder, manifest, state)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    # Also with nothing to migrate: to new tables, or those of a restore that failed, nobody has rights.
    call_command("migrate", interactive=False, verbosity=0)
    return RestoreResult(manifest, keys_fit)


@contextmanager
def _failing_with(state: str) -> Iterator[None]:
    """Raise BackupError for what goes wrong in the block; its text ends with `state`.

    The database's own text is left out: it may show a row.
    """
    try:
        yield
    except IntegrityError as error:
        raise BackupError(f"The rows of the backup do not fit together. {state}") from error
    except DatabaseError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            text = "Somebody uses this system: stop web, worker and beat before."
        else:
            text = f"The database refuses it ({type(error.__cause__ or error).__name__})."
        raise BackupError(f"{text} {state}") from error
    except OSError as error:
        raise BackupError(f"The files cannot be read: {error.strerror or error}. {state}") from error


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}


def _check_version(manifest: Manifest) -> None:
    if unknown := sorted(set(manifest.migrations) - _known_migrations()):
        raise BackupError(
            f"The backup was made by a newer version of JobFirst ({manifest.version}; this one does not know "
            f"the migration {unknown[0]}). Restore with that version. Nothing has been changed."
        )
    if manifest.mode != settings.JOBFIRST_MODE:
        raise BackupError(
            f"The backup is of a system set up as '{manifest.mode}', and JOBFIRST_MODE is "
            f"'{settings.JOBFIRST_MODE}'. The mode of a system never changes. Nothing has been changed."
        )


def _check_keys(manifest: Manifest, warn: Warn) -> bool:
    """Whether this system has all keys of the data. BackupError in a real system without them: it would not
    recognise a citizen who has been drawn (D5)."""
    missing = manifests.missing_keys(manifest.keys, manifests.key_answers())
    if not missing:
        return True
    text = f"This system does not have these keys of the backup: {', '.join(missing)}."
    if manifest.mode == "real":
        raise BackupError(f"{text} Bring them back from the key archive first. Nothing has been changed.")
    warn(f"{text} Until they are brought back, CPR numbers cannot be read and nobody is found by them.")
    return False


def _copy_files(folder: Path, manifest: Manifest) -> None:
    allowed = {entry.name for entry in file_folders()}
    for stored in manifest.files:
        if not stored.path.startswith("files/"):
            continue
        path = stored.path.removeprefix("files/")
        parts = PurePosixPath(path).parts
        if parts[0] not in allowed or ".." in parts:
            raise BackupError(f"{stored.path} does not belong in a backup.")
        if is_stored(path, stored.sha256):
            continue
        target = settings.DATA_DIR / path
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as out:
            for piece in read_pieces(folder / stored.path):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        Path(name).replace(target)


def _applied(connection: BaseDatabaseWrapper) -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations}


def _load(connection: BaseDatabaseWrapper, folder: Path, manifest: Manifest, state: str) -> None:
    """Replace all rows by those of the backup, muted, in one transaction; a failure leaves `state`."""
    with (
        _failing_with(state),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        names = [name for name in tables.table_names(cursor) if name != tables.MIGRATIONS]
        foreign_keys = tables.drop_foreign_keys(cursor)
        tables.switch_triggers(cursor, names, on=False)
        tables.truncate(cursor, names)
        for table in progress.tracked(manifest.tables, "Tables"):
            pieces = unpacked_pieces(folder / table.path)
            rows = tables.copy_in(cursor, table.name, table.columns, pieces)
            if rows != table.rows:
                raise BackupError(f"{table.path} has {rows} rows instead of {table.rows}. {state}")
        tables.set_sequences(cursor, manifest.sequences)
        _mute(connection, manifest)
        tables.make_foreign_keys(cursor, foreign_keys)
        tables.switch_triggers(cursor, names, on=True)


def _mute(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    """Mute by SQL: in a database of an earlier version the model may have other columns."""
    reason = f"restored from the backup of {manifest.made_at}"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobfirst_mutechange (is_muted, database, reason, changed_at) "
            "VALUES (true, %s, %s, now())",
            [database_name(connection.alias), reason],
        )


def _last_of_each_app(loader: MigrationLoader, migrations: list[str]) -> list[tuple[str, str]]:
    """Return the migrations that no other one of their app follows among these."""
    names = {(app, name) for app, _dot, name in (text.partition(".") for text in migrations)}
    followed = {
        parent.key
        for key in names & set(loader.graph.nodes)
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted((names & set(loader.graph.nodes)) - followed)


def _make_tables(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    """Make the tables as they were in the version of the backup, without rows."""
    with (
        _failing_with(UNCHANGED),
        transaction.atomic(using=connection.alias),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    with _failing_with(EMPTIED), quick_migrations():
        executor = MigrationExecutor(connection)
        executor.migrate(_last_of_each_app(executor.loader, manifest.migrations))
