"""The policies of the tables with a wall, made by the tables' owner after each migration.

A policy binds the application's role alone: the owner sees everything, and so do migrations, the checks of
foreign keys and the functions that run with the owner's rights.
"""

import hashlib

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import sql

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


def condition(model: type[Model]) -> str:
    """Return the SQL condition under which the application sees, adds and changes a row of the model.

    A row that belongs to another one asks for that one: the policy of its table answers.
    """
    table = model._meta.db_table
    rule = rule_of(model)
    if isinstance(rule, OfProject):
        column = f'"{table}"."{model._meta.get_field(rule.field).column}"'
        without = f" OR {column} IS NULL" if rule.also_without else ""
        return f"{ALL} OR {column} = ANY {IDS}{without}"
    if isinstance(rule, OfProjects):
        column = f'"{table}"."{model._meta.get_field(rule.field).column}"'
        return f"{ALL} OR {column} <@ {IDS}"
    if isinstance(rule, Through):
        field = model._meta.get_field(rule.field)
        parent = related_model(model, rule.field)._meta
        key = f'"{parent.db_table}"."{parent.pk.column}"'
        return f'{ALL} OR EXISTS (SELECT FROM "{parent.db_table}" WHERE {key} = "{table}"."{field.column}")'
    if isinstance(rule, OfRows):
        child = apps.get_model(rule.model)._meta
        key = f'"{child.db_table}"."{child.get_field(rule.field).column}"'
        mine = f'"{table}"."{model._meta.pk.column}"'
        return f'{ALL} OR EXISTS (SELECT FROM "{child.db_table}" WHERE {key} = {mine})'
    raise ImproperlyConfigured(f"{model._meta.label} has no wall")


def build_walls(cursor: CursorWrapper, application: str, tables: set[str]) -> None:
    """Give those of the `tables` that have data of projects their policy for the role `application`.

    A policy that is as it should be is left alone, since making one locks its table.
    """
    cursor.execute(_EXISTING, [POLICY])
    existing = {table: comment for table, comment, is_enabled in cursor.fetchall()}
    walls = {model._meta.db_table: condition(model) for model in walled_models()}
    for table, text in walls.items():
        if table not in tables:
            continue
        mark = hashlib.sha256(f"{application}: {text}".encode()).hexdigest()
        if existing.pop(table, None) != mark:
            _build_wall(cursor, application, table, text, mark)
    for table in existing.keys() & tables:
        _remove_wall(cursor, table)
    cursor.execute(_READING_FUNCTIONS, [sorted(walls.keys() & tables)])
    for (function,) in cursor.fetchall():
        cursor.execute(_AS_OWNER.format(function))
        cursor.execute(_OUT_OF_REACH.format(function))


def _build_wall(cursor: CursorWrapper, application: str, table: str, text: str, mark: str) -> None:
    names = {"table": sql.Identifier(table), "policy": sql.Identifier(POLICY)}
    for statement in (
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        "DROP POLICY IF EXISTS {policy} ON {table}",
        "CREATE POLICY {policy} ON {table} TO {role} USING ({text})",
        "COMMENT ON POLICY {policy} ON {table} IS {mark}",
    ):
        cursor.execute(
            sql.SQL(statement).format(
                **names, role=sql.Identifier(application), text=sql.SQL(text), mark=sql.Literal(mark)
            )
        )


def _remove_wall(cursor: CursorWrapper, table: str) -> None:
    names = {"table": sql.Identifier(table), "policy": sql.Identifier(POLICY)}
    cursor.execute(sql.SQL("DROP POLICY IF EXISTS {policy} ON {table}").format(**names))
    cursor.execute(sql.SQL("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY").format(**names))
