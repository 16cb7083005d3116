"""The database of a test process: a copy of one migrated template.

Migrating takes minutes and copying tenths of a second, so the template is made once per state of the
migrations and reused; with new migrations it is made of the one before. After a test that commits, the
database is copied again, which also restores the reference data. The owner migrates and copies; the tests
themselves sign in as the application's role.
"""

import hashlib
import json
import os
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import environ
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from devservices.processes import alive
from devservices.upgrade import fingerprint

PREFIX = "test_jobfirst"
# The same for all processes of a run of the tests, and for no other run.
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)[:8]
# Any number will do; it is the same for all test processes on the server.
ADVISORY_LOCK = 7_246_031
# A copied database sends nothing (jobfirst/messaging/mute.py); that of a test does.
UNMUTED = """
    INSERT INTO jobfirst_mutechange (is_muted, database, reason, changed_at)
    SELECT false, (SELECT system_identifier FROM pg_control_system()) || '/' || oid, '', now()
      FROM pg_database WHERE datname = current_database()
"""


def _connect_as_owner(name: str | None = None) -> psycopg.Connection:
    """Sign in as the owner to the database `name`, by default the one of the settings."""
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=name or owner["NAME"],
        autocommit=True,
    )


@contextmanager
def administration() -> Iterator[psycopg.Connection]:
    """Sign in as the owner, beside the databases that are made and dropped; one test process at a time."""
    with _connect_as_owner() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
        yield connection


@contextmanager
def owner_connection() -> Iterator[psycopg.Connection]:
    """Sign in to the test's own database as its owner; every statement is committed at once."""
    with _connect_as_owner(settings.DATABASES["default"]["NAME"]) as connection:
        yield connection


def use(name: str) -> None:
    """Connect the default connection to the database `name`."""
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name


def databases(connection: psycopg.Connection) -> set[str]:
    rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
    return {row[0] for row in rows}


def template() -> str:
    """Return the name of the migrated template; create it, and drop outdated ones, where necessary."""
    name = f"{PREFIX}_template_{fingerprint()[:12]}"
    with administration() as connection:
        existing = databases(connection)
        if name not in existing:
            making = f"{PREFIX}_making"
            connection.execute(f"DROP DATABASE IF EXISTS {making} WITH (FORCE)")
            former = _former_template(connection, existing)
            source = f"TEMPLATE {former} STRATEGY FILE_COPY" if former else ""
            connection.execute(f"CREATE DATABASE {making} {source}")
            use(making)
            call_command("migrate", interactive=False, verbosity=0)
            connections["default"].close()
            connection.execute(f"COMMENT ON DATABASE {making} IS '{json.dumps(migration_hashes())}'")
            connection.execute(f"ALTER DATABASE {making} RENAME TO {name}")
        for old in existing - {name}:
            process = re.fullmatch(rf"{PREFIX}_(\d+)(_\w+)?", old)
            if process is None or not alive(int(process[1])):
                connection.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    return name


def migration_hashes() -> dict[str, str]:
    """Return the hash of each migration of the project, and of what stands for those of other apps."""
    base = Path(settings.BASE_DIR)
    files = [*base.glob("*/migrations/*.py"), base / "requirements.lock"]
    return {str(file.relative_to(base)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def _former_template(connection: psycopg.Connection, existing: set[str]) -> str | None:
    """Return a template whose migrations are all still there, and as they were."""
    hashes = migration_hashes()
    for name in sorted(existing):
        (comment,) = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone() or [None]
        if f"{PREFIX}_template_" in name and comment and json.loads(comment).items() <= hashes.items():
            return name
    return None


def renew(source: str) -> str:
    """Replace this process's database by a fresh copy of the template `source`; return its name."""
    return copy(source)


def copy(source: str) -> str:
    """As `renew`, of a database made of the template before (tests/guards/plugin.py tells them apart)."""
    name = f"{PREFIX}_{os.getpid()}"
    connections.close_all()
    with administration() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY FILE_COPY")
    use(name)
    with owner_connection() as connection:
        connection.execute(UNMUTED)
    return name


def keep(what: str) -> str:
    """Keep a copy of this process's database as it is, to be copied and at last dropped; return its name."""
    name = f"{PREFIX}_{os.getpid()}_{what}_{RUN}"
    connections.close_all()
    with administration() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {PREFIX}_{os.getpid()} STRATEGY FILE_COPY")
    return name


@contextmanager
def prepared(what: str, fill: Callable[[], None]) -> Iterator[None]:
    """Replace this process's database by the template with what `fill` commits; renew it afterwards.

    Filled once for a run of the tests, by the first process that asks: the others wait, and copy it.
    `what` is a word. What a test commits is seen by the tests after it, as long as this is open.
    """
    parent = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    name = f"{PREFIX}_{parent}_{what}_{RUN}"
    try:
        with _connect_as_owner() as connection:
            connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [ADVISORY_LOCK, name])
            if name not in databases(connection):
                filled_database = renew(template())
                fill()
                connections.close_all()
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {filled_database} STRATEGY FILE_COPY")
        copy(name)
        yield
    finally:
        renew(template())


def drop(name: str) -> None:
    connections.close_all()
    with administration() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
