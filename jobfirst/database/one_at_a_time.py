"""Work that only one process does at a time.

Redis delivers a task again when it is not finished within the visibility timeout (15 seconds). Of a task that
takes longer, copies would run one after the other without end, each of them delivered again in turn, and hold
every process of the worker. A copy that finds the work under way ends at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection


@contextmanager
def run_exclusively(name: str) -> Iterator[bool]:
    """Yield whether nobody else does the work of this name; until the end of the block nobody else begins it.

    The lock belongs to the connection: it is released when the process dies.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            # Without the connection there is no lock any more.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
