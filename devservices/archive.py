"""Continuous archiving of the embedded PostgreSQL: its log goes to a folder, segment by segment.

For rehearsing what docs/operations.md describes for a real server; off unless JOBFIRST_SERVICES_ARCHIVE names
a folder.
"""

import os
import pwd
from pathlib import Path

VARIABLE = "JOBFIRST_SERVICES_ARCHIVE"
#: A segment that is not full is archived after so many seconds: no more than that can be lost, and a little.
SEGMENT_SECONDS = 60

#: PostgreSQL calls it again until it succeeds. A segment appears whole or not at all, and is never replaced.
_COMMAND = "test ! -f '{folder}/%f' && cp '%p' '{folder}/.%f.part' && mv '{folder}/.%f.part' '{folder}/%f'"
_SETTINGS = """\
wal_level = replica
max_wal_senders = 4
archive_mode = on
archive_timeout = {seconds}
archive_command = '{command}'
"""


def archive_settings(folder: Path, seconds: int = SEGMENT_SECONDS) -> str:
    """Return the lines of postgresql.conf that archive to the folder. ValueError for a path with a quote."""
    if "'" in str(folder) or "%" in str(folder):
        raise ValueError(f"{folder}: a path without ' and %")
    command = _COMMAND.format(folder=folder).replace("'", "''")
    return _SETTINGS.format(seconds=seconds, command=command)


def restore_settings(folder: Path, until: str) -> str:
    """Return the lines that recover from the archive in the folder, until this moment (as PostgreSQL reads
    it), and open the database then. What concerns the log must not be less than where it was written."""
    return (
        f"wal_level = replica\nmax_wal_senders = 4\nrestore_command = 'cp ''{folder}/%f'' ''%p'''\n"
        f"recovery_target_time = '{until}'\nrecovery_target_action = 'promote'\n"
    )


def make_archive_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Create the folder, closed to all but the user as whom PostgreSQL runs (None: this user)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
