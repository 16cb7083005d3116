"""`wait_for_migrations`: ends when the database has all that this version needs (docs/operations.md).

The unit of the web server runs it first: while the tables are migrated, requests wait at its socket.
"""

import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import Error, connection

from jobfirst import clock
from jobfirst.database.advisory_locks import LockKey, is_free
from jobfirst.monitoring.checks import are_migrations_applied
from jobfirst.row_security.context import no_project
from jobfirst.row_security.policies import missing_walls

PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    """Exit code 0 when ready; it waits as long as it takes, also for a database that does not answer yet.

    The migrations alone are not enough: `migrate` grants rights and builds walls after the last of them.
    """

    help = "Wait until every migration of this version is applied, and no `migrate` is under way."
    requires_system_checks = ()

    @no_project("it reads which migrations are applied")
    def handle(self, *args: Any, **options: Any) -> None:
        reported = ""
        while reason := why_not_ready():
            if reason != reported:
                self.stderr.write(f"Waiting: {reason}")
                reported = reason
            time.sleep(PAUSE_SECONDS)


def why_not_ready() -> str:
    """Return what is missing yet; an empty text when nothing is."""
    try:
        if not are_migrations_applied(clock.now()):
            return "the database lacks migrations of this version (run `migrate`)."
        if not is_free(LockKey.MIGRATIONS):
            return "a `migrate` is under way."
        if missing := missing_walls(connection):
            return f"{missing[0]} has no row-level security: `migrate` has not come to its end."
    except Error as error:
        connection.close()
        return f"the database does not answer as it should ({type(error).__name__})."
    return ""
