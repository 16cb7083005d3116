"""The mute switch: a restored copy of the system sends nothing until somebody switches that on (`unmute`).

The last `MuteChange` says whether the system is muted, and in which database that was decided. A database
that was restored or copied elsewhere is another one, and therefore muted, whatever the row says. Every way
of sending asks `is_muted` before it does anything; what is due waits meanwhile, and no attempt is counted.

A copy of the files of a whole database server is the same database in the server's eyes: there the variable
JOBFIRST_MUTED mutes (docs/operations.md).
"""

import time

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.models.expressions import RawSQL

from jobfirst.models import MuteChange

#: Which database this is: the server (made by `initdb`), and the database in it.
_DATABASE = """
    SELECT (SELECT system_identifier FROM pg_control_system())
           || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def database_name(using: str = DEFAULT_DB_ALIAS) -> str:
    """Return what names this database, and no copy of it in another server or under another name."""
    with connections[using].cursor() as cursor:
        cursor.execute(_DATABASE)
        row = cursor.fetchone()
    return str(row[0])


def is_muted() -> bool:
    """Whether nothing may be sent: switched off, set in the environment, or this is a restored copy."""
    if settings.JOBFIRST_MUTED:
        return True
    last = MuteChange.objects.annotate(this_database=RawSQL(f"({_DATABASE})", [])).first()  # noqa: S611  # nosec B611 - our own constant
    return last is not None and (last.is_muted or last.database != last.this_database)


def set_muted(is_muted: bool, reason: str = "", using: str = DEFAULT_DB_ALIAS) -> None:
    """Store that this system is muted, or that it sends."""
    MuteChange.objects.using(using).create(is_muted=is_muted, database=database_name(using), reason=reason)


class ShownState:
    """Whether pages say that the system is muted: asked again after some seconds, not for every page."""

    SECONDS = 15

    def __init__(self) -> None:
        self.is_muted = False
        self.valid_until = 0.0  # on the monotonic clock

    def ask(self) -> bool:
        """Return the state; the last known one when the database does not answer, as on an error page."""
        if time.monotonic() >= self.valid_until:
            try:
                self.is_muted = is_muted()
            except DatabaseError:
                return self.is_muted
            self.valid_until = time.monotonic() + self.SECONDS
        return self.is_muted


shown_state = ShownState()
