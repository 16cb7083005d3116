"""What a system has, for comparison, and backups as another version would have made them."""

import hashlib
import json
from pathlib import Path

from django.db import connection

from jobfirst.backup import manifest, tables
from tests import databases

STRUCTURE = """
    SELECT relkind::text, relname, array_to_string(ARRAY(SELECT unnest(relacl)::text ORDER BY 1), ' ')
      FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'function', pg_proc.oid::regprocedure::text,
           pg_get_functiondef(pg_proc.oid) || ' ' || coalesce(proacl::text, '')
      FROM pg_proc JOIN pg_language ON pg_language.oid = prolang
     WHERE pronamespace = 'public'::regnamespace AND lanname IN ('sql', 'plpgsql')
    UNION ALL
    SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace
     ORDER BY 1, 2, 3
"""


def contents() -> dict[str, tuple[int, str]]:
    """Return the number of rows and a hash of all rows by table, but of those that a restoring changes."""
    changed = {"jobfirst_mutechange", "jobfirst_storedcheck", "django_migrations", "django_session"}
    rows = {}
    with connection.cursor() as cursor:
        for table in set(tables.table_names(cursor)) - changed:
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) "
                f'FROM "{table}" t'
            )
            rows[table] = cursor.fetchone()
    return rows


def switched_off_triggers() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'")
        return cursor.fetchone()[0]


def constraint_count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated")
        return cursor.fetchone()[0]


def rewrite_manifest(folder: Path, **changes: object) -> None:
    """Change the manifest as a whole, with its hash."""
    path = folder / manifest.NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / manifest.HASH_NAME).write_text(f"{sha256}  {manifest.NAME}\n")


def put_tables_aside() -> None:
    """Leave the test's database as `CREATE DATABASE` makes one."""
    with databases.owner_connection() as owner:
        owner.execute("ALTER SCHEMA public RENAME TO aside")
        owner.execute("CREATE SCHEMA public")


def take_tables_back() -> None:
    """Bring the tables back as `MigrationExecutor` makes them: the application has no rights on them."""
    with databases.owner_connection() as owner:
        owner.execute("DROP SCHEMA public")
        owner.execute("ALTER SCHEMA aside RENAME TO public")
        owner.execute("REVOKE ALL ON SCHEMA public FROM jobfirst_app, public")
        owner.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM jobfirst_app")
        owner.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM jobfirst_app")
        owner.execute("ALTER FUNCTION _pgh_attach_context() SECURITY INVOKER")


def structure() -> list[tuple[str, str, str]]:
    """Return tables and sequences with the rights on them, functions, triggers and constraints."""
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE)
        return cursor.fetchall()
