"""Make a backup: a snapshot of the database, then the files that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from jobfirst import clock, progress
from jobfirst.backup import manifest as manifests
from jobfirst.backup import tables
from jobfirst.backup.extension_points import backup_facts, backup_listeners, file_folders
from jobfirst.backup.manifest import Manifest, SequencePosition, TableCopy
from jobfirst.database.one_moment import one_moment
from jobfirst.files.private_folder import NewFolder, hash_of, new_folder, read_pieces


@dataclass(frozen=True, slots=True)
class BackupResult:
    """A backup that was made; `missing` are files that rows name and that were missing or damaged."""

    manifest: Manifest
    sha256: str
    missing: list[str]


def make_backup(output: Path) -> BackupResult:
    """Write a backup of this system to the folder `output`.

    1. Whoever listens is told (the access log): so the record is in the backup.
    2. One transaction reads all tables as they were at one moment, while others go on writing.
    3. The files follow. Each was written before its row was committed and is never removed, so none that the
       rows of the snapshot name can be missing; files of later rows do no harm.
    4. The manifest is last, and only then the folder gets its name.

    FolderError when `output` is there already; OSError when it cannot be written.
    """
    with new_folder(output) as folder:
        for listener in backup_listeners():
            listener()
        made_at = clock.now().isoformat(timespec="seconds")
        snapshot = _copy_database(folder)
        for path in _stored_paths():
            folder.write(f"files/{path}", read_pieces(settings.DATA_DIR / path))
        hashes = {stored.path: stored.sha256 for stored in folder.files}
        expected = sorted(snapshot.expected_files.items())
        missing = [path for path, sha256 in expected if hashes.get(f"files/{path}") != sha256]
        manifest = Manifest(
            format=manifests.FORMAT,
            version=manifests.current_version(),
            made_at=made_at,
            mode=settings.JOBFIRST_MODE,
            postgresql=snapshot.server_version,
            migrations=snapshot.migrations,
            keys=manifests.key_answers(),
            tables=snapshot.tables,
            sequences=snapshot.sequences,
            left_out=tables.LEFT_OUT,
            files=list(folder.files),
            facts=snapshot.facts,
        )
        sha256 = manifests.write(folder, manifest)
    return BackupResult(manifest, sha256, missing)


@dataclass(frozen=True, slots=True)
class _DatabaseCopy:
    """The database as it was at one moment, and the files that its rows name, by path with their SHA-256."""

    tables: list[TableCopy]
    sequences: list[SequencePosition]
    migrations: list[str]
    server_version: str
    facts: dict[str, Any]
    expected_files: dict[str, str]


def _copy_database(folder: NewFolder) -> _DatabaseCopy:
    with one_moment(), connection.cursor() as cursor:
        copies = _copy_tables(cursor, folder)
        sequences = tables.sequence_positions(cursor)
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [name for (name,) in cursor.fetchall()]
        cursor.execute("SHOW server_version")
        (server_version,) = cursor.fetchone()
        expected = {
            f"{stored_folder.name}/{path}": sha256
            for stored_folder in file_folders()
            for path, sha256 in stored_folder.expected().items()
        }
        return _DatabaseCopy(copies, sequences, migrations, server_version, backup_facts(), expected)


def _copy_tables(cursor: CursorWrapper, folder: NewFolder) -> list[TableCopy]:
    names = [name for name in tables.table_names(cursor) if name != tables.MIGRATIONS]
    copies = []
    for name in progress.tracked([name for name in names if name not in tables.LEFT_OUT], "Tables"):
        columns = tables.columns_of(cursor, name)
        stored = folder.write_compressed(f"database/{name}.copy.gz", tables.copy_out(cursor, name, columns))
        copies.append(TableCopy(name, columns, int(cursor.rowcount), stored.path))
    return copies


def _stored_paths() -> Iterator[str]:
    """Yield the stored files by their path in the data folder; what is still being written is left out."""
    for folder in file_folders():
        root = settings.DATA_DIR / folder.name
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("tmp"):
                yield path.relative_to(settings.DATA_DIR).as_posix()


def is_stored(path: str, sha256: str) -> bool:
    """Whether the data folder has the file already."""
    target = settings.DATA_DIR / path
    return target.is_file() and hash_of(target) == sha256
