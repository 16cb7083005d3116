"""How far the seal is behind what was recorded, for monitoring."""

import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from audit.chain import tables
from audit.chain.heads import chain_status
from audit.chain.sealing import frontiers
from jobfirst.monitoring.extension_points import Gauge


def seal_lag(now: datetime.datetime) -> float | None:
    """Return the seconds since the last seal; 0 when all is sealed, None when nothing has been sealed yet."""
    with connection.cursor() as cursor:
        numbers = tables.last_numbers(cursor)
        covered = frontiers()
        behind = [name for name, number in numbers.items() if number > covered.get(name, 0)]
        # Numbers of transactions that were rolled back have no row that could wait.
        if not any(_has_rows_above(cursor, name, covered.get(name)) for name in behind):
            return 0.0
    sealed_at = chain_status().sealed_at
    return (now - sealed_at).total_seconds() if sealed_at else None


def _has_rows_above(cursor: CursorWrapper, name: str, number: int | None) -> bool:
    """Whether the table has a committed row above that number; None: any row."""
    table, key = sql.Identifier(name), sql.Identifier(tables.sealed_tables()[name].key)
    statement = sql.SQL("SELECT EXISTS (SELECT FROM {table} WHERE %s::bigint IS NULL OR {key} > %s)")
    cursor.execute(statement.format(table=table, key=key), [number, number])
    return bool(cursor.fetchone()[0])


GAUGES = (
    Gauge("jobfirst_seal_lag_seconds", "Seconds since the seal of the log, while rows wait for it", seal_lag),
)
