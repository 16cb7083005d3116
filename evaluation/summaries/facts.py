"""How far the facts have come on which the figures rest: has anything changed since they were reckoned?

Every change of a tracked row leaves an event in the history (`audit.history`), numbered by a sequence of the
database; the tables without a history only grow. The last numbers given out of all of them together are the
position. A number is given out before its row can be read, so while somebody is writing there is none.
"""

import hashlib
from functools import cache

from django.db import connection, models

from audit.chain.tables import LOCKS_OF_WRITERS
from audit.history import event_models
from grants.models import GrantTerms
from randomization.models import Allocation, AllocationEvent

APPS = ("accounts", "cases", "companies", "evaluation", "grants", "plans", "progression")
#: When the database was started: what is kept elsewhere, in the cache, is not that of an earlier database.
STARTED = "SELECT 'started', EXTRACT(EPOCH FROM pg_postmaster_start_time())"
# The numbers are read before the locks are looked at: whoever has a number holds the lock on the table since
# before it was given out, until the row can be read. OFFSET 0 keeps the two apart.
LAST_NUMBERS = f"""
SELECT 'numbers' AS name, numbers.total::numeric AS number, EXISTS (
  SELECT FROM pg_locks WHERE relation = ANY (numbers.tables) AND {LOCKS_OF_WRITERS}
) AS is_moving FROM (
  SELECT SUM(pg_sequence_last_value(pg_get_serial_sequence(name, key)::regclass)) AS total,
         ARRAY_AGG(name::regclass::oid) AS tables
    FROM UNNEST(%s::text[], %s::text[]) AS facts (name, key) OFFSET 0
) AS numbers
"""  # noqa: S608  # constants  # nosec B608 - our own names


def position(*more: str) -> str | None:
    """Return a hash that changes with whatever changes the figures, or None while somebody is changing them;
    one query. `more` are further SELECTs of a name and a number."""
    further = [f"SELECT *, FALSE FROM ({select}) AS more" for select in more]  # noqa: S608  # of the code  # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([LAST_NUMBERS, *further]), _names_and_keys())
        rows = sorted(cursor.fetchall())
    if any(is_moving for _name, _number, is_moving in rows):
        return None
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:32]


@cache
def _names_and_keys() -> tuple[list[str], list[str]]:
    """Return the names of the tables, and their numbered columns."""
    events = [model for model in event_models() if model._meta.app_label in APPS]
    tables: list[type[models.Model]] = [*events, Allocation, AllocationEvent, GrantTerms]
    return [model._meta.db_table for model in tables], [str(model._meta.pk.column) for model in tables]
