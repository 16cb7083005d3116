"""The lock between new terms or periods and the reckonings with them: events stored, statements submitted.

An advisory lock, because the application may only read and add terms and so cannot lock their rows. Held
until the transaction ends.
"""

from django.db import connection

#: A number that no other advisory lock of the application uses.
NUMBER = 2016_04_01


def lock_shared() -> None:
    """Block the entering of terms; other reckonings may go on."""
    _lock("SELECT pg_advisory_xact_lock_shared(%s)")


def lock_exclusive() -> None:
    """Wait for every reckoning under way, and block new ones."""
    _lock("SELECT pg_advisory_xact_lock(%s)")


def _lock(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [NUMBER])
