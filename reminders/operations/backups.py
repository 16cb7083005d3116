"""How old the last copy of the data is: by command, and by PostgreSQL's continuous archiving."""

import datetime
from dataclasses import dataclass

from django.db import connection

from audit.models import AccessRecord
from jobfirst import clock

#: Archiving that is older is behind: the log of a running system grows every minute.
LATE = datetime.timedelta(minutes=10)
_ARCHIVER = """
    SELECT current_setting('archive_mode') <> 'off', last_archived_time,
           CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity') THEN last_failed_time END
      FROM pg_stat_archiver
"""


@dataclass(frozen=True)
class BackupStatus:
    """The last backup by command; whether the server archives its log, when it last did, and whether it is
    behind or fails."""

    made_at: datetime.datetime | None
    is_archiving: bool
    archived_at: datetime.datetime | None
    is_late: bool


def backup_status() -> BackupStatus:
    """Return the status as of now. Where another tool archives (a provider), the server tells nothing."""
    made_at = (
        AccessRecord.objects.filter(user=None, action="backup.command")
        .order_by("-pk")
        .values_list("at", flat=True)
        .first()
    )
    with connection.cursor() as cursor:
        cursor.execute(_ARCHIVER)
        is_archiving, archived_at, failed_at = cursor.fetchone()
    is_late = is_archiving and (
        failed_at is not None or archived_at is None or clock.now() - archived_at > LATE
    )
    return BackupStatus(made_at, is_archiving, archived_at, is_late)
