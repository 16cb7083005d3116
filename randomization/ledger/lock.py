"""The lock of the ledger: only one database session at a time writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# Any number that no other advisory lock of this database uses ("JFDR").
LEDGER_LOCK = 0x4A464452


@contextmanager
def ledger_lock() -> Iterator[None]:
    """Hold the lock of the ledger, one for the whole trial; other sessions wait.

    Outside a transaction the lock is held over both steps of a draw, so that no other session reveals what
    this one claimed. The database releases it when the session dies.
    """
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
            yield
            return
        cursor.execute("SELECT pg_advisory_lock(%s)", [LEDGER_LOCK])
        try:
            yield
        finally:
            # A session that has died holds no lock any more.
            with suppress(OperationalError, InterfaceError):
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LEDGER_LOCK])
