"""The lock of the ledger: one session at a time writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

# Any number that no other advisory lock of this database uses ("JFDR").
LEDGER_LOCK = 0x4A464452


@contextmanager
def ledger_lock() -> Iterator[None]:
    """Only one session at a time draws, in the whole trial; the others wait.

    Outside a transaction it is held over both steps, so that nobody else reveals what this session
    claimed; the database frees it when the session dies.
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
            # A session that is gone holds no lock.
            with suppress(OperationalError, InterfaceError):
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LEDGER_LOCK])
