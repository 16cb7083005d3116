"""Reading many tables as they were at one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment(*, read_only: bool = True) -> Iterator[None]:
    """Run the block in a transaction whose queries all see the same rows.

    The outermost transaction decides: inside another one, its level holds.
    """
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                access = "READ ONLY" if read_only else "READ WRITE"
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, {access}")
        yield
