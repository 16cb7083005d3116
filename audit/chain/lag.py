"""How far the seal is behind what was recorded, for monitoring."""

import datetime

from django.db import connection

from audit.chain import tables
from audit.chain.heads import chain_status
from audit.chain.sealing import frontiers
from jobfirst.monitoring.extension_points import Gauge


def seal_lag(now: datetime.datetime) -> float | None:
    """Return the seconds since the last seal; 0 when all is sealed, None when nothing has been sealed yet."""
    with connection.cursor() as cursor:
        numbers = tables.last_numbers(cursor)
    covered = frontiers()
    if all(number <= covered.get(name, 0) for name, number in numbers.items()):
        return 0.0
    sealed_at = chain_status().sealed_at
    return (now - sealed_at).total_seconds() if sealed_at else None


GAUGES = (
    Gauge("jobfirst_seal_lag_seconds", "Seconds since the seal of the log, while rows wait for it", seal_lag),
)
