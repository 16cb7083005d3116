"""The checks of health. Each has a code, by which monitoring and the log name it.

Plain functions, one after the other: a probe must not need threads and event loops that may fail themselves.
"""

import datetime
import logging
import secrets
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache as cached
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.utils import timezone

from jobfirst.messaging.mute import is_muted
from jobfirst.monitoring import heartbeat
from jobfirst.monitoring.extension_points import HealthCheck, further_checks, mail_queues
from jobfirst.row_security.context import all_projects

logger = logging.getLogger(__name__)

#: A mail that waits for so long could not be sent at the first attempts.
LATE_AFTER = datetime.timedelta(hours=1)
MEGABYTE = 1024 * 1024


def is_database_answering(_now: datetime.datetime) -> bool:
    """Whether PostgreSQL answers a query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def are_migrations_applied(_now: datetime.datetime) -> bool:
    """Whether the database has every migration of this version; those of a later version do no harm."""
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder(connection).applied_migrations()
    return all(node in applied for node in newest_migrations())


@cached
def newest_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app in the code of this process."""
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def is_redis_answering(_now: datetime.datetime) -> bool:
    """Whether Redis stores a value and returns it."""
    cache = caches["redis"]  # the default one goes on without it
    key, value = f"health-{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, timeout=60)
    is_same: bool = cache.get(key) == value
    cache.delete(key)
    return is_same


def is_there_room_on_disk(_now: datetime.datetime) -> bool:
    """Whether the disks of the data folder and of temporary files have the room that the settings ask for."""
    folders = (Path(settings.DATA_DIR), Path(tempfile.gettempdir()))
    least = settings.JOBFIRST_LEAST_DISK_MB * MEGABYTE
    return all(shutil.disk_usage(_existing(folder)).free >= least for folder in folders)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())


def is_worker_heard(_now: datetime.datetime) -> bool:
    """Whether beat and a worker have exchanged a task lately."""
    return heartbeat.is_worker_heard()


def is_mail_sent(now: datetime.datetime) -> bool:
    """Whether no mail waits for more than an hour. A muted system sends nothing, and is fine."""
    oldest = [state.oldest for reader in mail_queues().values() if (state := reader(now)).oldest]
    return not any(now - moment > LATE_AFTER for moment in oldest if moment) or is_muted()


#: What a web server needs to answer requests: a balancer takes a server out that lacks one of these. Redis is
#: not among them: pages go on without it (`jobfirst.cache.resilient`).
SERVING = (
    HealthCheck("database", is_database_answering),
    HealthCheck("migrations", are_migrations_applied),
    HealthCheck("disk", is_there_room_on_disk),
)
BACKGROUND = (
    HealthCheck("redis", is_redis_answering),
    HealthCheck("worker", is_worker_heard),
    HealthCheck("mail_backlog", is_mail_sent),
)


def all_checks() -> tuple[HealthCheck, ...]:
    """Return the checks of the whole system."""
    return (*SERVING, *BACKGROUND, *further_checks())


@all_projects("whether mails wait in any project; the answer is a code")
def failed_codes(checks: Iterable[HealthCheck]) -> list[str]:
    """Make the checks and return the codes of those that fail; logs each with the class of its error."""
    now = timezone.now()
    failed = []
    for check in checks:
        try:
            is_fine, reason = check.is_fine(now), "no"
        except Exception as error:  # whatever a server that does not answer raises
            is_fine, reason = False, type(error).__name__
        if not is_fine:
            failed.append(check.code)
            logger.error("health check failed: %s (%s)", check.code, reason)
    return failed
