"""Connect as the owner of the tables, and grant rights to the application's role.

The application signs in as a role that owns no table (DATABASE_URL); only `migrate` signs in as the owner
(DATABASE_OWNER_URL), while it runs.
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
    """Connect `alias` as the owner of the tables inside the block, and as before afterwards.

    The database stays the same one (the tests use databases of their own). CommandError when
    DATABASE_OWNER_URL names no owner.
    """
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(
            "DATABASE_OWNER_URL is not set. Tables belong to a role of their own, which the application "
            "does not sign in as: set DATABASE_OWNER_URL to that role and run the command again."
        )
    connection = connections[alias]
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    application_login = {key: connection.settings_dict[key] for key in SIGN_IN}
    _sign_in(connection, {key: owner[key] for key in SIGN_IN})
    try:
        yield connection
    finally:
        _sign_in(connection, application_login)


def _sign_in(connection: BaseDatabaseWrapper, credentials: dict[str, object]) -> None:
    connection.close()
    connection.settings_dict.update(credentials)


# pgtrigger lets any role switch triggers off for its session by a setting. The triggers must hold for the
# application, too, so the function that reads the setting is replaced by one that always returns false.
NO_TRIGGER_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT FALSE'
"""


def grant_application(connection: BaseDatabaseWrapper, application: str) -> None:
    """Grant the role `application` the rights it needs on every table, and no others.

    Rows may be read, added, changed and removed; tables never truncated or altered. The table of a model with
    the class attribute `jobfirst_append_only = True` may only be read and added to. No trigger can be
    ignored. Run by the owner after each migration, so that nothing depends on earlier grants.
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
