"""A unique constraint under a condition that can wait until the end of a transaction."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection
from django.db.models import Deferrable


class DeferrableUnique(ExclusionConstraint):
    """Like `UniqueConstraint`, with a condition, expressions and deferral together.

    PostgreSQL defers no partial unique index, but an exclusion constraint over equality on a B-tree, which is
    as quick. It is checked at once, unless a transaction calls `defer`.
    """

    def __init__(self, *, expressions: Any, **kwargs: Any) -> None:
        kwargs.setdefault("deferrable", Deferrable.IMMEDIATE)
        pairs: list[tuple[Any, str]] = [
            (pair[0], pair[1]) if isinstance(pair, list | tuple) else (pair, "=") for pair in expressions
        ]
        kwargs.pop("index_type", None)
        super().__init__(expressions=pairs, **kwargs)
        self.index_type = "btree"  # Django's own check knows GiST alone


def defer(constraint: str) -> None:
    """Check a deferrable constraint at the end of the transaction, or at `check_now`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {connection.ops.quote_name(constraint)} DEFERRED")


def check_now(constraint: str) -> None:
    """Check a deferred constraint, and from now on at once. IntegrityError when it is broken."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {connection.ops.quote_name(constraint)} IMMEDIATE")
