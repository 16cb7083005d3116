"""The lock of the ledger: only one database session at a time writes to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from jobfirst.database.advisory_locks import LockKey, lock, session_lock


@contextmanager
def ledger_lock() -> Iterator[None]:
    """Hold the lock of the ledger, one for the whole trial; other sessions wait.

    Outside a transaction the lock is held over both steps of a draw, so that no other session reveals what
    this one claimed. The database releases it when the session dies.
    """
    if connection.in_atomic_block:
        lock(LockKey.LEDGER)
        yield
        return
    with session_lock(LockKey.LEDGER):
        yield
