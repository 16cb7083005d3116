"""A base backup of a running server by SQL and copying, and a standby that follows it.

`pg_basebackup` does the same; the embedded server comes without it.
"""

import os
import shutil
from pathlib import Path

from devservices import keys
from devservices.binaries import postgres_home
from devservices.layout import Layout
from devservices.postgres import ADMIN_ROLE, Postgres

#: What a base backup leaves out, by PostgreSQL's documentation of the low-level interface.
LEFT_OUT = shutil.ignore_patterns(
    "postmaster.*", ".s.PGSQL.*", "pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial",
    "pg_snapshots", "pg_stat_tmp", "pg_subtrans", "pgsql_tmp*",
)  # fmt: skip
EMPTY_FOLDERS = (
    "pg_wal/archive_status", "pg_wal/summaries", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial",
    "pg_snapshots", "pg_stat_tmp", "pg_subtrans",
)  # fmt: skip


def copy_base(server: Postgres, layout: Layout) -> None:
    """Copy the running server's cluster into the folder of another layout, with the keys."""
    layout.create()
    shutil.copy2(server.layout.keys, layout.keys)
    with server.connect() as connection:
        connection.execute("SELECT pg_backup_start('base', fast => true)")
        shutil.copytree(server.folder, layout.postgres, symlinks=True, ignore=LEFT_OUT)
        (label,) = connection.execute(
            "SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)"
        ).fetchone()
    for name in EMPTY_FOLDERS:
        (layout.postgres / name).mkdir(parents=True, exist_ok=True)
    (layout.postgres / "backup_label").write_text(label)
    give(layout.postgres, server)


def give(folder: Path, server: Postgres) -> None:
    """Give the files to the user as whom the server runs, closed to others."""
    for root, _folders, files in os.walk(folder):
        os.chmod(root, 0o700)
        if server.user is not None:
            for path in (root, *(os.path.join(root, name) for name in files)):
                os.chown(path, server.user.pw_uid, server.user.pw_gid, follow_symlinks=False)


def start_standby(server: Postgres, layout: Layout, settings: str) -> Postgres:
    """Start a standby that follows the server by streaming; return when it answers.

    Not by `Postgres.start`, which makes roles: a standby takes them over.
    """
    copy_base(server, layout)
    (layout.postgres / "standby.signal").touch()
    give(layout.postgres, server)
    if server.user is not None:  # as root; the standby's user must reach the socket of the other
        for folder in (server.layout.root, server.layout.root.parent):
            folder.chmod(0o711)
    password = keys.read(layout.keys)[keys.ADMIN_ENTRY]
    source = f"host={server.layout.reachable_root() / 'pg'} port=5432 user={ADMIN_ROLE} password={password}"
    standby = Postgres(
        layout, server.durable, f"{settings}primary_conninfo = '{source} application_name=standby'\n"
    )
    standby._configure()
    standby._launch(postgres_home(standby.user))
    assert standby._wait_until_answering(lambda: True), "the standby has ended"
    return standby
