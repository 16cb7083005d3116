"""Acting as the owner of the tables, and what the application's role is granted.

The application signs in as a role that owns no table (DATABASE_URL); only `migrate` signs in as the
owner (DATABASE_OWNER_URL), for as long as it runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

SIGN_IN = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def as_owner(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """Sign the connection `alias` in as the owner of the tables, and back again afterwards.

    The database stays the one the connection is on (the tests have their own). CommandError when no owner is
    named in DATABASE_OWNER_URL.
    """
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(
            "DATABASE_OWNER_URL is not set. Tables belong to a role of their own, which the application "
            "does not sign in as: set DATABASE_OWNER_URL to that role and run the command again."
        )
    connection = connections[alias]
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    before = {key: connection.settings_dict[key] for key in SIGN_IN}
    _sign_in(connection, {key: owner[key] for key in SIGN_IN})
    try:
        yield connection
    finally:
        _sign_in(connection, before)


def _sign_in(connection: BaseDatabaseWrapper, credentials: dict[str, object]) -> None:
    connection.close()
    connection.settings_dict.update(credentials)


# pgtrigger lets a session switch triggers off by a setting that any role may set. What the triggers protect
# must be protected from the application, too: the function that asks for the setting says no to everybody.
NO_TRIGGER_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def grant_application(connection: BaseDatabaseWrapper, application: str) -> None:
    """Grant the role `application` what it needs on every table, and no more.

    Rows may be read, added, changed and removed, tables never emptied or altered; the table of a model with
    the class attribute `jobfirst_append_only = True` may only be read and added to, and no trigger can be
    ignored. Run by the owner after each migration, so that nothing depends on what an earlier one left.
    """
    append_only = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "jobfirst_append_only", False)
    }
    role = sql.Identifier(application)
    with connection.cursor() as cursor:
        cursor.execute(NO_TRIGGER_IGNORED)
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == application:
            raise CommandError(
                f"DATABASE_URL and DATABASE_OWNER_URL both sign in as {application}; "
                "the application must be another role than the owner."
            )
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        for statement, names in (
            ("REVOKE ALL ON {} FROM {}", tables),
            ("GRANT SELECT, INSERT ON {} TO {}", tables),
            ("GRANT UPDATE, DELETE ON {} TO {}", tables - append_only),
        ):
            listed = sql.SQL(", ").join(map(sql.Identifier, sorted(names)))
            cursor.execute(sql.SQL(statement).format(listed, role))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
