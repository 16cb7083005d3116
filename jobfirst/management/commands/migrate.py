"""Django's `migrate`, as the owner of the tables; afterwards the application's role gets its rights, and
tables with data of projects their policies.

Until all of it is done it holds a lock, which `wait_for_migrations` asks for.
"""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections, transaction

from jobfirst.database.advisory_locks import LockKey, session_lock
from jobfirst.database.owner import as_owner, grant_application
from jobfirst.migrating.locks import migrate_patiently
from jobfirst.migrating.quick import quick_migrations
from jobfirst.row_security.context import no_project
from jobfirst.row_security.policies import build_walls


class Command(DjangoMigrate):
    @no_project("it works as the owner, whom no wall binds")
    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        application = connections[alias].settings_dict["USER"]

        def migrate() -> None:
            super(Command, self).handle(*args, **options)

        with (
            as_owner(alias) as connection,
            session_lock(LockKey.MIGRATIONS, shared=True, on=connection),
            quick_migrations(),
        ):
            migrate_patiently(connection, migrate, self.stderr.write)
            if not (options.get("plan") or options.get("check_unapplied")):
                with transaction.atomic(using=alias):
                    grant_application(connection, application)
                build_walls(connection, application, self.stderr.write)
