"""Connect as the owner of the tables, and grant rights to the application's role.

The application signs in as a role that owns no table (DATABASE_URL); only `migrate`, `restore` and `erase`
sign in as the owner (DATABASE_OWNER_URL), while they run.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import environ
from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from pghistory.models import Context
from psycopg import sql

SIGN_IN = ("USER", "PASSWORD", "HOST", "PORT")
#: Options by which a role proves who it is: never those of another role.
OWN_OPTIONS = {"sslcert", "sslkey", "sslpassword"}


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
    application_login = {key: connection.settings_dict[key] for key in (*SIGN_IN, "OPTIONS")}
    shared = {key: value for key, value in application_login["OPTIONS"].items() if key not in OWN_OPTIONS}
    options = shared | owner.get("OPTIONS", {})
    _sign_in(connection, {key: owner[key] for key in SIGN_IN} | {"OPTIONS": options})
    try:
        yield connection
    finally:
        _sign_in(connection, application_login)


def _sign_in(connection: BaseDatabaseWrapper, credentials: dict[str, object]) -> None:
    connection.close()
    connection.settings_dict.update(credentials)


# pgtrigger lets any role switch triggers off for its session by a setting. The triggers must hold for the
# application, too, so the function that reads the setting is replaced by one that returns false, but to the
# owner of the tables while it erases (`let_owner_erase`). It asks for the role that signed in: the history's
# own functions run with the owner's rights, and the application must not switch those off.
NO_TRIGGER_IGNORED = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql STABLE AS $$
SELECT session_user = {owner} AND coalesce(current_setting('jobfirst.erasing', true), '') = 'on'
$$
"""

# A context of the history (who, from which page) is written once and never changed. django-pghistory would
# change it when more becomes known during a request: here that makes a second context, with an id that is
# made of both. A lookup is all that an event costs whose context is there already.
ATTACHED_CONTEXT = """
CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS pghistory_context.id%TYPE
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  context_id uuid := nullif(current_setting('pghistory.context_id', true), '');
  facts jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
  IF context_id IS NULL OR facts IS NULL THEN RETURN NULL; END IF;
  PERFORM FROM public.pghistory_context WHERE id = context_id AND metadata = facts;
  IF FOUND THEN RETURN context_id; END IF;
  INSERT INTO public.pghistory_context (id, metadata, created_at, updated_at)
    VALUES (context_id, facts, now(), now()) ON CONFLICT (id) DO NOTHING;
  IF FOUND THEN RETURN context_id; END IF;
  context_id := md5(context_id::text || facts::text)::uuid;
  INSERT INTO public.pghistory_context (id, metadata, created_at, updated_at)
    VALUES (context_id, facts, now(), now()) ON CONFLICT (id) DO NOTHING;
  RETURN context_id;
END $$
"""
NOBODY_ATTACHES = "REVOKE ALL ON FUNCTION public._pgh_attach_context() FROM PUBLIC"
# The functions of the history's triggers, by the table into which they write.
HISTORY_FUNCTIONS = """
SELECT DISTINCT pg_proc.oid::regprocedure::text FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
  JOIN unnest(%s::text[]) AS history (name) ON position('INSERT INTO "' || name || '"' IN prosrc) > 0
"""
# With the owner's rights, and without a schema in which the application could put a table of that name.
WRITES_AS_OWNER = "ALTER FUNCTION {} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
# A trigger of a temporary table, which every role may make, would write any event as the owner. The right to
# a function is asked for when a trigger is made, not when it fires: the history's own triggers go on.
NOBODY_MAKES_A_TRIGGER = "REVOKE ALL ON FUNCTION {} FROM PUBLIC"


# A session finds its temporary tables before those of the schema: whoever got one statement into a connection
# that is used again would lead all records of access that follow into a table of their own.
NO_TEMPORARY_TABLES = sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}")


def let_owner_erase(cursor: CursorWrapper) -> None:
    """Until the end of the transaction no trigger refuses or records what the owner of the tables removes."""
    cursor.execute("SELECT set_config('jobfirst.erasing', 'on', true)")


def _history_tables() -> set[str]:
    """Return the tables of the history, with that of the contexts."""
    events = [model for model in apps.get_models() if getattr(model, "jobfirst_written_by_triggers", False)]
    return {Context._meta.db_table, *(model._meta.db_table for model in events if model._meta.managed)}


def let_only_triggers_write_history(cursor: CursorWrapper, history: Collection[str]) -> None:
    """Make the triggers write the history (those tables) as the owner; nobody else has the right."""
    cursor.execute(ATTACHED_CONTEXT)
    cursor.execute(NOBODY_ATTACHES)
    cursor.execute(HISTORY_FUNCTIONS, [sorted(history)])
    for (function,) in cursor.fetchall():
        cursor.execute(WRITES_AS_OWNER.format(function))
        cursor.execute(NOBODY_MAKES_A_TRIGGER.format(function))


def _tables_with(attribute: str) -> set[str]:
    """Return the tables of the models that say so."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, attribute, False)
    }


def grant_application(connection: BaseDatabaseWrapper, application: str) -> None:
    """Grant the role `application` the rights it needs on every table, and no others.

    Rows may be read, added, changed and removed; tables never truncated or altered. The table of a model with
    the class attribute `jobfirst_append_only = True` may only be read and added to, and the history with its
    contexts (`jobfirst_written_by_triggers`) and what the owner writes (`jobfirst_written_by_owner`) only be
    read. No trigger can be ignored, and there are no temporary tables. Run by the owner after each migration,
    so that nothing depends on earlier grants.
    """
    append_only, of_owner = _tables_with("jobfirst_append_only"), _tables_with("jobfirst_written_by_owner")
    role = sql.Identifier(application)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
        cursor.execute(sql.SQL(NO_TRIGGER_IGNORED).format(owner=sql.Literal(owner)))
        if owner == application:
            raise CommandError(
                f"DATABASE_URL and DATABASE_OWNER_URL both sign in as {application}; "
                "the application must be another role than the owner."
            )
        tables = set(connection.introspection.table_names(cursor))
        history = _history_tables() & tables
        if Context._meta.db_table in history:  # not while the first migrations are tried one by one
            let_only_triggers_write_history(cursor, history)
        cursor.execute("SELECT current_database()")
        database = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(NO_TEMPORARY_TABLES.format(database, role))
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
        for statement, names in (
            ("REVOKE ALL ON {} FROM {}", tables),
            ("GRANT SELECT ON {} TO {}", tables),
            ("GRANT INSERT ON {} TO {}", tables - history - of_owner),
            ("GRANT UPDATE, DELETE ON {} TO {}", tables - append_only - history - of_owner),
        ):
            listed = sql.SQL(", ").join(map(sql.Identifier, sorted(names)))
            cursor.execute(sql.SQL(statement).format(listed, role))
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role))
