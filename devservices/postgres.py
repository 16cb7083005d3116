"""The embedded PostgreSQL: its data folder, start and stop, roles and database."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from devservices import keys
from devservices.binaries import postgres_home
from devservices.errors import AbandonedError, ServiceError
from devservices.layout import POSTGRES_SOCKET, Layout
from devservices.processes import (
    LINUX,
    POLL_SECONDS,
    alive,
    before_exec,
    end_leftovers,
    server_user,
    tail,
)

ADMIN_ROLE = "postgres"
OWNER_ROLE = "jobfirst_owner"
APP_ROLE = "jobfirst_app"
DATABASE = "jobfirst"

# The passwords have 256 random bits: more SCRAM iterations would only slow down every connection.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '.'
unix_socket_permissions = 0700
password_encryption = scram-sha-256
scram_iterations = 1
timezone = 'UTC'
log_timezone = 'UTC'
shared_buffers = 128MB
max_connections = 100
max_wal_size = 512MB
wal_level = minimal
max_wal_senders = 0
jit = off
log_min_duration_statement = -1
log_statement = none
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
"""
HBA = "local all all scram-sha-256\nlocal replication postgres scram-sha-256\n"


class Postgres:
    """One PostgreSQL server on a data folder; only the supervisor uses this class.

    `more_settings` are lines of postgresql.conf that come after those of this module.
    """

    name = "postgres"

    def __init__(self, layout: Layout, durable: bool, more_settings: str = "") -> None:
        self.folder = layout.postgres
        self.log = layout.logs / "postgres.log"
        self.layout = layout
        self.durable = durable
        self.more_settings = more_settings
        self.user = server_user()
        self.process: subprocess.Popen[bytes] | None = None

    # As root the server runs as nobody, who may not be able to reach the folder by its path (a clone in a
    # closed home). It is started with the folder as working directory, which is its data directory.
    @property
    def _data_argument(self) -> str:
        return "/proc/self/cwd" if self.user is not None and LINUX else str(self.folder)

    @property
    def _environment(self) -> dict[str, str]:
        # Without the caller's PG* variables, which would change the programs' behaviour.
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def start(self, is_wanted: Callable[[], bool]) -> None:
        """Start the server; create the cluster first if there is none.

        Returns when it answers, without a time limit. ServiceError when the server ends instead,
        AbandonedError when `is_wanted` becomes false.
        """
        home = postgres_home(self.user)
        self._check_owner()
        is_new = not (self.folder / "PG_VERSION").exists()
        if is_new:
            self._make_cluster(home)
        self._clear_the_way(is_wanted)
        self._configure()
        self._launch(home)
        while not self._wait_until_answering(is_wanted):
            # The children of a killed server may hold its shared memory for a moment.
            if "pre-existing shared memory block" not in tail(self.log, 4):
                raise ServiceError(f"PostgreSQL did not start: {tail(self.log)} (see {self.log})")
            if not is_wanted():
                raise AbandonedError
            time.sleep(0.2)
            self._launch(home)
        self._make_roles()

    def _check_owner(self) -> None:
        if not self.folder.exists():
            return
        expected = self.user.pw_uid if self.user is not None else os.geteuid()
        owner = self.folder.stat().st_uid
        if owner != expected:
            raise ServiceError(
                f"{self.folder} belongs to user {owner}, but PostgreSQL would run as user {expected}: "
                f"sudo chown -R {expected} {self.folder}, or set JOBFIRST_DATA_DIR to another folder"
            )

    def _make_cluster(self, home: Path) -> None:
        """Run initdb; remove first what an interrupted run left (it has no data yet)."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        secret = Path(tempfile.mkdtemp(prefix="jobfirst-"))
        try:
            password = secret / "password"
            password.touch(mode=0o600)
            password.write_text(keys.read(self.layout.keys)[keys.ADMIN_ENTRY] + "\n")
            if self.user is not None:
                for path in (self.folder, secret, password):
                    os.chown(path, self.user.pw_uid, self.user.pw_gid)
            process = self._run_initdb(home, password)
        finally:
            shutil.rmtree(secret, ignore_errors=True)
        if process.returncode != 0:
            reason = " / ".join(process.stderr.strip().splitlines()[-3:])
            shutil.rmtree(self.folder, ignore_errors=True)
            raise ServiceError(f"initdb failed in {self.folder}: {reason}")

    def _run_initdb(self, home: Path, password: Path) -> subprocess.CompletedProcess[str]:
        """Create the cluster; `password` is the file with the administrator's password."""
        return subprocess.run(
            [
                home / "bin" / "initdb",
                f"--pgdata={self._data_argument}",
                f"--username={ADMIN_ROLE}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=da-DK",
                "--set=scram_iterations=1",
                # No data is lost if the machine crashes here: the next start runs initdb again.
                "--no-sync",
                "--no-instructions",
            ],
            cwd=self.folder,
            env=self._environment,
            preexec_fn=before_exec(self.user, signal.SIGKILL),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def _configure(self) -> None:
        settings = SETTINGS
        if not self.durable:
            # A power cut may destroy the data; a killed server still keeps what was committed. The databases
            # are short-lived and need no vacuum, whose workers (of the superuser) would keep the owner from
            # dropping a database by force.
            settings += "fsync = off\nfull_page_writes = off\nautovacuum = off\n"
        settings += self.more_settings
        for name, text in (("postgresql.auto.conf", settings), ("pg_hba.conf", HBA)):
            new_file = self.folder / f"{name}.new"
            new_file.write_text(text)
            new_file.chmod(0o600)
            if self.user is not None:
                os.chown(new_file, self.user.pw_uid, self.user.pw_gid)
            new_file.replace(self.folder / name)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None

    def _clear_the_way(self, is_wanted: Callable[[], bool]) -> None:
        """Stop processes that a killed supervisor left, then remove lock files of servers that do not run.

        A dead postmaster may stay in the process table as a zombie (its new parent does not always collect
        it), or its process id may have been reused; PostgreSQL takes both for a running server.
        """
        end_leftovers(self.folder, "postgres", self._recorded_pid(), signal.SIGINT, is_wanted)
        for name in ("postmaster.pid", POSTGRES_SOCKET, f"{POSTGRES_SOCKET}.lock"):
            (self.folder / name).unlink(missing_ok=True)

    def _launch(self, home: Path) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [home / "bin" / "postgres", "-D", self._data_argument],
                cwd=self.folder,
                env=self._environment,
                preexec_fn=before_exec(self.user, signal.SIGINT),  # noqa: PLW1509 - single-threaded
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def connect(self, dbname: str = "postgres") -> psycopg.Connection:
        """Connect as the administrator of the cluster."""
        return psycopg.connect(
            host=str(self.layout.reachable_root() / "pg"),
            port=5432,
            user=ADMIN_ROLE,
            password=keys.read(self.layout.keys)[keys.ADMIN_ENTRY],
            dbname=dbname,
            autocommit=True,
        )

    def _wait_until_answering(self, is_wanted: Callable[[], bool]) -> bool:
        """Wait until the server accepts connections; False when it has ended. AbandonedError as in
        `start`."""
        while self.running():
            try:
                self.connect().close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise ServiceError(
                        f"the passwords in {self.layout.keys} are not those of {self.folder}: "
                        "bring back the keys.env that belongs to this data"
                    ) from None
                if not is_wanted():
                    raise AbandonedError from None
                time.sleep(POLL_SECONDS)
            else:
                return True
        return False

    def _make_roles(self) -> None:
        """Create the two roles and the database, where missing.

        The owner may create databases (for the tests) but is no superuser: the extensions in use are trusted
        ones. The application's role owns nothing.
        """
        secrets = keys.read(self.layout.keys)
        with self.connect() as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            for role, options, password in (
                (OWNER_ROLE, "LOGIN CREATEDB", secrets[keys.OWNER_ENTRY]),
                (APP_ROLE, "LOGIN", secrets[keys.APP_ENTRY]),
            ):
                if role not in roles:
                    statement = sql.SQL("CREATE ROLE {} {} PASSWORD {}")
                    connection.execute(
                        statement.format(sql.Identifier(role), sql.SQL(options), sql.Literal(password))
                    )
            # So that the owner may end the application's sessions when a test database is dropped.
            connection.execute(f"GRANT {APP_ROLE} TO {OWNER_ROLE}")
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server and close all connections; kill it when it still runs after 20 s."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(10)

    def pids(self) -> list[int]:
        return [self.process.pid] if self.process is not None and alive(self.process.pid) else []
