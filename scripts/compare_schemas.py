"""Whether migrations that are applied quickly make the tables that Django makes (`make schemas`).

Two empty databases are migrated, one as `migrate` does it (jobfirst/migrating/quick.py), the other with
nothing left out. What the server's catalogue says of them is compared line by line: columns in their order,
constraints, indexes, triggers, functions, policies, sequences, owners, rights; and how many rows each table
has. (`pg_dump` would do; the servers of rehearsals and tests come without it.) The processor time of both is
printed, with the start of the program and without the server's. Exit code 1 when anything differs.
"""

import argparse
import contextlib
import difflib
import os
import resource
import subprocess
import sys
from pathlib import Path
from unittest import mock

import environ
import psycopg
from psycopg import sql

import devservices

PROJECT = Path(__file__).resolve().parent.parent
NAMES = {"quickly": "schemas_quickly", "as-django": "schemas_as_django"}
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
#: A line for everything of the schema; identifiers of the database itself are in none.
CATALOGUE = """
WITH relations AS (
  SELECT pg_class.* FROM pg_class WHERE relnamespace = 'public'::regnamespace
), functions AS (
  SELECT pg_proc.* FROM pg_proc LEFT JOIN pg_depend ON objid = pg_proc.oid AND deptype = 'e'
   WHERE pronamespace = 'public'::regnamespace AND objid IS NULL
)
SELECT concat_ws(' ', 'relation', relkind, relname, relowner::regrole, relpersistence, relrowsecurity,
                 relforcerowsecurity, reloptions, relreplident, (SELECT array_agg(a ORDER BY a)
                 FROM (SELECT unnest(relacl)::text) AS acl (a)), obj_description(oid, 'pg_class'))
  FROM relations
UNION ALL
SELECT concat_ws(' ', 'column', relname, row_number() OVER (PARTITION BY relname ORDER BY attnum), attname,
                 format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attstorage,
                 attcollation, attacl, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum))
  FROM pg_attribute JOIN relations ON relations.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'index', indisvalid, indisclustered, pg_get_indexdef(indexrelid))
  FROM pg_index JOIN relations ON relations.oid = indrelid
UNION ALL
SELECT concat_ws(' ', 'trigger', tgenabled, pg_get_triggerdef(pg_trigger.oid),
                 obj_description(pg_trigger.oid))
  FROM pg_trigger JOIN relations ON relations.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT concat_ws(' ', 'function', proowner::regrole, proacl, pg_get_functiondef(oid)) FROM functions
UNION ALL
SELECT concat_ws(' ', 'policy', pg_policies) FROM pg_policies
UNION ALL
SELECT concat_ws(' ', 'sequence', sequencename, data_type, start_value, increment_by, max_value, cycle)
  FROM pg_sequences
UNION ALL
SELECT concat_ws(' ', 'extension', extname, extversion) FROM pg_extension
UNION ALL
SELECT concat_ws(' ', 'schema', nspname, nspowner::regrole, nspacl) FROM pg_namespace WHERE nspname = 'public'
"""


def migrate_as(way: str) -> None:
    """Migrate the database of the environment in that way."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jobfirst.settings"
    import django
    from django.core.management import call_command

    django.setup()
    as_django = mock.patch("jobfirst.management.commands.migrate.quick_migrations", contextlib.nullcontext)
    with as_django if way == "as-django" else contextlib.nullcontext():
        call_command("migrate", interactive=False, verbosity=0)


def connection_to(name: str | None = None) -> psycopg.Connection:
    """Sign in as the owner to the database of that name, by default the system's."""
    owner = environ.Env.db_url_config(os.environ["DATABASE_OWNER_URL"])
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"] or None,
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=name or owner["NAME"],
        autocommit=True,
    )


def migrated(way: str) -> float:
    """Make the database anew and migrate it; return the processor time in seconds, without the server's."""
    with connection_to() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAMES[way]} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAMES[way]}")
    variables = ("DATABASE_URL", "DATABASE_OWNER_URL")
    environment = os.environ | {
        variable: f"{os.environ[variable].rpartition('/')[0]}/{NAMES[way]}" for variable in variables
    }
    environment.pop("JOBFIRST_EMBEDDED", None)  # the servers are given
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "scripts.compare_schemas", "--migrate", way]
    subprocess.run(command, cwd=PROJECT, env=environment, check=True)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime


def catalogue(way: str) -> list[str]:
    """Return what the server says of the schema, sorted, and the number of rows of each table."""
    with connection_to(NAMES[way]) as connection:
        lines = [line for (line,) in connection.execute(CATALOGUE)]
        tables = [name for (name,) in connection.execute(TABLES)]
        for name in tables:
            counting = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))
            (count,) = connection.execute(counting).fetchone() or (0,)
            lines.append(f"rows {name}: {count}")
    return sorted(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the schemas of quick and of plain migrations.")
    parser.add_argument("--migrate", choices=NAMES, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.migrate:
        migrate_as(options.migrate)
        return
    devservices.ensure()
    for way in NAMES:
        print(f"{way}: {migrated(way):.0f} s of processor time", flush=True)
    first, second = (catalogue(way) for way in NAMES)
    for line in difflib.unified_diff(first, second, "quickly", "as Django", lineterm="", n=0):
        print(line)
    print(f"{len(first)} lines of the catalogue; the same: {first == second}")
    sys.exit(0 if first and first == second else 1)


if __name__ == "__main__":
    main()
