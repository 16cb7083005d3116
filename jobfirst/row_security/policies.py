"""The policies of the tables with a wall, made by the tables' owner after each migration.

A policy binds the application's role alone: the owner sees everything, and so do migrations, the checks of
foreign keys and the functions that run with the owner's rights.
"""

import datetime
import hashlib
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model
from psycopg import sql
from psycopg.errors import UndefinedColumn, UndefinedTable

from jobfirst.migrating.locks import Report, migrate_patiently
from jobfirst.row_security.context import ALL_PROJECTS
from jobfirst.row_security.postgresql.base import SETTING
from jobfirst.row_security.rules import (
    OfProject,
    OfProjects,
    OfRows,
    Through,
    related_model,
    rule_of,
    walled_models,
)

POLICY = "jobfirst_projects"
# In a subquery, so that the server reads the setting once for a statement and not once for a row.
_SETTING = f"current_setting('{SETTING}', true)"
ALL = f"(SELECT {_SETTING} = '{ALL_PROJECTS}')"
# Processes of a version before the walls never set it: then it is null, and not empty as after a SET LOCAL.
ALL_OR_EARLIER_VERSION = (
    f"(SELECT {_SETTING} = '{ALL_PROJECTS}' OR ({_SETTING} IS NULL AND now() < '{{}}'::timestamptz))"
)
#: How long the first walls of a system stay open to processes of the earlier version.
TIME_FOR_UPGRADE = datetime.timedelta(minutes=15)
IDS = f"((SELECT string_to_array(nullif(nullif({_SETTING}, '{ALL_PROJECTS}'), ''), ',')::bigint[])::bigint[])"

_EXISTING = """
    SELECT relname, obj_description(pol.oid, 'pg_policy'), relrowsecurity
      FROM pg_class LEFT JOIN pg_policy pol ON polrelid = pg_class.oid AND polname = %s
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (relrowsecurity OR pol.oid IS NOT NULL)
"""
# Functions of triggers that read a table with a wall: what they hold true must not rest on who acts.
_READING_FUNCTIONS = r"""
    SELECT DISTINCT pg_proc.oid::regprocedure::text
      FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_class ON pg_class.oid = tgrelid
      JOIN unnest(%s::text[]) AS walled (name)
        ON prosrc ~* ('(from|join|update|into)\s+(only\s+)?(public\.)?"?' || walled.name || '"?(\W|$)')
     WHERE pg_class.relnamespace = 'public'::regnamespace AND NOT tgisinternal
"""
_AS_OWNER = "ALTER FUNCTION {} SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"
_OUT_OF_REACH = "REVOKE ALL ON FUNCTION {} FROM PUBLIC"


def _column(model: type[Model], name: str) -> str:
    """Return the column of a field, quoted, with its table."""
    field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]  # a concrete field
    return f'"{model._meta.db_table}"."{field.column}"'


def condition(model: type[Model], *, open_until: str | None = None) -> str:
    """Return the SQL condition under which the application sees, adds and changes a row of the model.

    A row that belongs to another one asks for that one: the policy of its table answers. Until `open_until`
    whoever has never said anything sees everything: processes of a version that knew no wall.
    """
    table = model._meta.db_table
    rule = rule_of(model)
    is_all = ALL if open_until is None else ALL_OR_EARLIER_VERSION.format(open_until)
    if isinstance(rule, OfProject):
        column = _column(model, rule.field)
        without = f" OR {column} IS NULL" if rule.also_without else ""
        return f"{is_all} OR {column} = ANY {IDS}{without}"
    if isinstance(rule, OfProjects):
        return f"{is_all} OR {_column(model, rule.field)} <@ {IDS}"
    if isinstance(rule, Through):
        parent = related_model(model, rule.field)._meta
        key = f'"{parent.db_table}"."{parent.pk.column}"'
        column = _column(model, rule.field)
        return f'{is_all} OR EXISTS (SELECT FROM "{parent.db_table}" WHERE {key} = {column})'  # nosec B608
    if isinstance(rule, OfRows):
        child = apps.get_model(rule.model)._meta
        key = _column(apps.get_model(rule.model), rule.field)
        own_key = f'"{table}"."{model._meta.pk.column}"'
        return f'{is_all} OR EXISTS (SELECT FROM "{child.db_table}" WHERE {key} = {own_key})'  # nosec B608
    raise ImproperlyConfigured(f"{model._meta.label} has no wall")


def build_walls(connection: BaseDatabaseWrapper, application: str, report: Report) -> None:
    """Give the tables that have data of projects their policy for the role `application`.

    Each in a transaction of its own, so that requests that go on meanwhile wait for one table at a time. A
    policy that is as it should be is left alone. The first walls of a system that is used stay open for a
    while to processes of the earlier version.
    """
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        cursor.execute(_EXISTING, [POLICY])
        existing = {table: comment for table, comment, _is_enabled in cursor.fetchall()}
        open_until = None if existing else _end_of_upgrade(cursor, tables)
        walled = {model._meta.db_table: model for model in walled_models() if model._meta.db_table in tables}
        for table in sorted(walled):
            text = condition(walled[table])
            mark = hashlib.sha256(f"{application}: {text}".encode()).hexdigest()
            if existing.pop(table, None) != mark:
                if open_until is not None:
                    text = condition(walled[table], open_until=open_until)
                build = partial(_build_wall, cursor, application, table, text, mark)
                migrate_patiently(connection, build, report)
        for table in existing.keys() & tables:
            migrate_patiently(connection, partial(_remove_wall, cursor, table), report)
        cursor.execute(_READING_FUNCTIONS, [sorted(walled)])
        for (function,) in cursor.fetchall():
            cursor.execute(_AS_OWNER.format(function))
            cursor.execute(_OUT_OF_REACH.format(function))


def missing_walls(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that have data of projects and no wall yet: a `migrate` was ended before its end."""
    tables = sorted(model._meta.db_table for model in walled_models())
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relname = ANY(%s)", [tables])
        return sorted(set(tables) - {name for (name,) in cursor.fetchall()})


def _end_of_upgrade(cursor: CursorWrapper, tables: set[str]) -> str | None:
    """Return until when an earlier version may still be running; None in a system that nobody has used."""
    project = "accounts_project"
    if project not in tables:
        return None
    cursor.execute(f"SELECT (now() + %s::interval)::text FROM {project} LIMIT 1", [str(TIME_FOR_UPGRADE)])  # noqa: S608  # nosec B608
    row = cursor.fetchone()
    return None if row is None else str(row[0])


@transaction.atomic
def _build_wall(cursor: CursorWrapper, application: str, table: str, text: str, mark: str) -> None:
    """Give a table its policy. One whose column is not there, since the migrations ended at an earlier state,
    has a wall without a policy: the application sees none of its rows."""
    cursor.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(sql.Identifier(table)))
    try:
        _set_policy(cursor, application, table, text, mark)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedColumn | UndefinedTable):
            raise


@transaction.atomic
def _set_policy(cursor: CursorWrapper, application: str, table: str, text: str, mark: str) -> None:
    names = {"table": sql.Identifier(table), "policy": sql.Identifier(POLICY)}
    for statement in (
        "DROP POLICY IF EXISTS {policy} ON {table}",
        "CREATE POLICY {policy} ON {table} TO {role} USING ({text})",
        "COMMENT ON POLICY {policy} ON {table} IS {mark}",
    ):
        cursor.execute(
            sql.SQL(statement).format(
                **names, role=sql.Identifier(application), text=sql.SQL(text), mark=sql.Literal(mark)
            )
        )


@transaction.atomic
def _remove_wall(cursor: CursorWrapper, table: str) -> None:
    names = {"table": sql.Identifier(table), "policy": sql.Identifier(POLICY)}
    cursor.execute(sql.SQL("DROP POLICY IF EXISTS {policy} ON {table}").format(**names))
    cursor.execute(sql.SQL("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY").format(**names))
