"""A whole system under faults: the servers of the chaos run, and web, worker and beat as in production.

What systemd or a container engine does in production is done here by `ServiceManager`: a process that has
ended is started again.
"""

import http.client
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import environ
import psycopg

import devservices
from devservices.children import listen
from devservices.layout import PROJECT
from devservices.postgres import Postgres
from devservices.processes import alive
from tests.chaos.servers import Servers, wait_for

WORKERS, THREADS = 2, 4
PATIENCE = 90.0
#: Keys of the data, which are those of the test's rows.
SECRETS = ("JOBFIRST_CPR_KEYS", "JOBFIRST_LOOKUP_KEY", "JOBFIRST_PSEUDONYM_KEY")
#: So that a standby can follow.
REPLICATION = "wal_level = replica\nmax_wal_senders = 4\nwal_keep_size = 256MB\n"
#: A process that dies with its parent (Linux). Not by `preexec_fn`: other threads run here.
TIED = """
import ctypes, os, signal, sys
if sys.platform.startswith("linux"):
    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]): sys.exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


class System(Servers):
    """The servers with a web server, whose port stays the same."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.postgres = Postgres(self.layout, durable=False, more_settings=REPLICATION)
        with listen(0) as free:
            self.port: int = free.getsockname()[1]
        # People stay signed in, however long a run takes and wherever the clock jumps.
        self.environment |= {"JOBFIRST_IDLE_MINUTES": "600", "JOBFIRST_RECHECK_MINUTES": "60"}
        self.commands: dict[str, tuple[list[str], dict[str, str]]] = {}

    def start_web(self, **environment: str) -> None:
        """Start gunicorn, with these variables besides; return when it answers."""
        command = [
            *(sys.executable, "-m", "gunicorn", "jobfirst.wsgi", "--bind", f"127.0.0.1:{self.port}"),
            *("--workers", str(WORKERS), "--threads", str(THREADS), "--graceful-timeout", "10"),
        ]
        self.start_process("web", command, environment)
        assert wait_for(self.is_answering, PATIENCE), "the web server does not answer"

    def start_celery(self) -> None:
        """Start worker and beat, with the clock as it is."""
        celery = [sys.executable, "-m", "celery", "--app", "jobfirst"]
        quiet = ["--without-gossip", "--without-mingle", "--loglevel=INFO"]
        self.start_process("worker", [*celery, "worker", "--concurrency=2", *quiet])
        schedule = f"--schedule={self.folder / 'beat-schedule'}"
        self.start_process("beat", [*celery, "beat", schedule, "--pidfile=", "--loglevel=INFO"])

    def start_process(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        """Start a process of this system, and remember how."""
        self.commands[name] = command, environment or {}
        self.start_again(name)

    def start_again(self, name: str) -> None:
        """Start a process that was started before."""
        command, environment = self.commands[name]
        before = {key: self.environment.get(key) for key in environment}
        self.environment |= environment
        try:
            self.processes[name] = self._spawn(name, command)
        finally:
            for key, value in before.items():
                if value is None:
                    self.environment.pop(key, None)
                else:
                    self.environment[key] = value

    def _spawn(
        self, name: str, command: list[str], pass_fds: list[int] | None = None
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-S", "-E", "-c", TIED, str(os.getpid()), *command],
                env=devservices.environment_with(**self.environment),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=pass_fds or [],
            )

    def connect_as_administrator(self) -> psycopg.Connection:
        """Connect to the application's database as the administrator of the cluster."""
        return self.postgres.connect("jobfirst")

    def connect_as_application(self) -> psycopg.Connection:
        """Connect as the application does."""
        login = environ.Env.db_url_config(self.environment["DATABASE_URL"])
        return psycopg.connect(
            host=login["HOST"],
            port=login["PORT"],
            user=login["USER"],
            password=login["PASSWORD"],
            dbname=login["NAME"],
        )

    def is_answering(self) -> bool:
        """Whether the sign-in page is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/konto/login/")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this system to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**os.environ, **self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def web_workers(self) -> list[int]:
        """Return the process ids of gunicorn's workers."""
        return children_of(self.processes["web"].pid)

    def pool_processes(self) -> list[int]:
        """Return the process ids of the worker's pool."""
        return children_of(self.processes["worker"].pid)


class SystemOnDatabase(System):
    """A system whose database is that of a test: PostgreSQL belongs to others, and has no fault here."""

    def __init__(self, folder: Path, database: dict[str, Any]) -> None:
        super().__init__(folder)
        login = {key: quote(str(database[key]), safe="") for key in ("USER", "PASSWORD", "HOST", "NAME")}
        address = f"{login['HOST']}/{login['NAME']}"
        self.environment["DATABASE_URL"] = (
            f"postgres://{login['USER']}:{login['PASSWORD']}@:{database['PORT'] or 5432}/{address}"
        )
        for name in ("DJANGO_SECRET_KEY", *SECRETS):
            self.environment[name] = os.environ[name]

    def start(self) -> None:
        """Start Redis and the sink; this process's environment stays as it is."""
        self.start_queue_and_sink()

    def connect_as_administrator(self) -> psycopg.Connection:
        """Connect as the application, and see every project: reading is enough."""
        connection = self.connect_as_application()
        connection.execute("SET jobfirst.projects = '*'")
        connection.commit()
        return connection


def children_of(pid: int) -> list[int]:
    """Return the running children of a process (Linux)."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [child for child in map(int, file.read().split()) if alive(child)]
    except OSError:
        return []


class ServiceManager:
    """Starts again what has ended, as systemd does; `pause` while a fault holds something down."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.is_paused = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "ServiceManager":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            if self.is_paused:
                continue
            for name, process in list(self.system.processes.items()):
                if process.poll() is not None and name in self.system.commands:
                    self.system.start_again(name)


def seconds_until(condition: Callable[[], bool], limit: float) -> float | None:
    """Return after how many seconds the condition holds; None when it does not within the limit."""
    began = time.monotonic()
    return time.monotonic() - began if wait_for(condition, limit) else None
