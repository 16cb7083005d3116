"""The lock between entering terms of the grant and reckoning a statement that is submitted or approved.

Advisory, because the application may only read and add terms: it cannot lock their rows. Held until the
transaction ends.
"""

from django.db import connection

#: Any number that no other advisory lock of the application has.
NUMBER = 2016_04_01


def shared() -> None:
    """Let no terms be entered meanwhile; others may reckon at the same time."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s)")


def alone() -> None:
    """Wait for every reckoning that is under way, and let no other begin."""
    _lock("SELECT pg_advisory_xact_lock(%s)")


def _lock(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [NUMBER])
