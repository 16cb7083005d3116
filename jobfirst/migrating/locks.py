"""Migrations beside people who work: no request waits long behind a migration that waits for its lock.

A statement that changes a table waits until nobody uses it, and everybody else queues behind it. So it gives
up after some seconds, lets the others pass, and is tried again. A migration is one transaction: what it had
done is undone, and `migrate` goes on with it.
"""

import time
from collections.abc import Callable

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.errors import DeadlockDetected, LockNotAvailable

LOCK_SECONDS = 3
PAUSE_SECONDS = 2.0
ATTEMPTS = 100

Report = Callable[[str], object]


def migrate_patiently(
    connection: BaseDatabaseWrapper,
    migrate: Callable[[], object],
    report: Report,
    pause: Callable[[float], object] = time.sleep,
) -> None:
    """Call `migrate` until it was not stopped by a lock of somebody else, at most ATTEMPTS times."""
    for attempt in range(1, ATTEMPTS + 1):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {int(LOCK_SECONDS * 1000)}")
        try:
            migrate()
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected) or attempt == ATTEMPTS:
                raise
            report("A table is in use: trying again.")
            pause(PAUSE_SECONDS)
        else:
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
            return
