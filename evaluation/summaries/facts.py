"""How far the facts have come on which the figures rest: has anything changed since they were reckoned?

Every change of a tracked row leaves an event in the history (`audit.history`), numbered by the database; the
tables without a history only grow. The newest numbers of all of them together are the position.
"""

import hashlib
from functools import lru_cache

from django.db import connection, models

from audit.history import event_models
from grants.models import GrantTerms
from randomization.models import Allocation, AllocationEvent

APPS = ("accounts", "cases", "companies", "evaluation", "grants", "plans", "progression")
#: A number may become visible after higher ones, when its transaction takes longer. So many are looked at.
NEWEST = 1000
#: A page looks at fewer: what takes long is an import, which leaves an order (`evaluation.summaries.orders`).
NEWEST_OF_PAGE = 100
#: When the database was started: what is kept elsewhere, in the cache, is not that of an earlier database.
STARTED = "SELECT 'started', EXTRACT(EPOCH FROM pg_postmaster_start_time())"


def position(*more: str, newest: int = NEWEST) -> str:
    """Return a hash that changes with whatever changes the figures; one query. `more` are further SELECTs of
    a name and a number, `newest` how many numbers of each table are looked at."""
    parts = [*_newest_of_all(newest), *more]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        rows = sorted(cursor.fetchall())
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


def _tables() -> list[type[models.Model]]:
    events = [model for model in event_models() if model._meta.app_label in APPS]
    return [*events, Allocation, AllocationEvent, GrantTerms]


@lru_cache(maxsize=2)
def _newest_of_all(newest: int) -> list[str]:
    return [_newest(model, newest) for model in _tables()]


def _newest(model: type[models.Model], number: int) -> str:
    """Return the query of the sum of the newest numbers of a table; the index of the key gives it."""
    table, key = model._meta.db_table, model._meta.pk.column
    newest = f"SELECT {key} AS number FROM {table} ORDER BY {key} DESC LIMIT {number}"  # noqa: S608  # names
    return f"SELECT '{table}' AS history, COALESCE(SUM(number), 0) FROM ({newest}) AS newest"  # noqa: S608
