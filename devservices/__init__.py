"""The embedded PostgreSQL and Redis, for every command that has no servers configured.

`ensure()` is called before the settings are read: by manage.py, the web and worker entry points, and the
tests. For each of DATABASE_URL and REDIS_URL that is unset it starts or joins a server under
JOBFIRST_DATA_DIR and sets the environment. Nothing here imports Django.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from devservices import archive as archive_module
from devservices import keys
from devservices.errors import ServiceError
from devservices.layout import PROJECT, REDIS_SOCKET, STOP, Layout, configured_layout
from devservices.processes import POLL_SECONDS, Lock, alive, tail
from devservices.waiting import WaitNotice

__all__ = ["ServiceError", "embedded_database", "ensure", "environment_with", "leave"]

# Variable with the names of the variables that `ensure` set; a process that inherits it joins the servers.
MARK = "JOBFIRST_EMBEDDED"
GRACE_SECONDS = "15"
NAMES = {"postgres": "PostgreSQL", "redis": "Redis"}

_user_locks: dict[Layout, Lock] = {}


def ensure() -> None:
    """Start or join the embedded servers that are needed, and set the environment.

    Does nothing when DATABASE_URL and REDIS_URL are both set. The servers run at least as long as this
    process. Raises ServiceError with one line that says what is missing and what to type.
    """
    inherited_variables = set(filter(None, os.environ.get(MARK, "").split(",")))
    wanted_servers = {
        server
        for server, variable in (("postgres", "DATABASE_URL"), ("redis", "REDIS_URL"))
        if not os.environ.get(variable) or variable in inherited_variables
    }
    if not wanted_servers:
        return
    layout = configured_layout()
    if layout in _user_locks:
        return
    layout.create()
    lock = Lock(layout.users_lock)
    lock.share(f"Waiting for the old servers to stop (logs: {layout.logs})")
    _user_locks[layout] = lock
    secrets = _start_servers(layout, wanted_servers)
    os.environ["JOBFIRST_DATA_DIR"] = str(
        layout.root
    )  # absolute, for children with another working directory
    _fill_environment(_environment_values(layout, wanted_servers, secrets), inherited_variables)


def embedded_database() -> Layout | None:
    """Return the layout of the embedded database, or None when DATABASE_URL was set from outside."""
    return configured_layout() if "DATABASE_URL" in os.environ.get(MARK, "").split(",") else None


def environment_with(**values: str) -> dict[str, str]:
    """Return the environment for a child process, with `values` replacing what `ensure` set."""
    environment = os.environ | values
    marked = set(environment.get(MARK, "").split(",")) - set(values)
    return environment | {MARK: ",".join(sorted(marked))}


def leave() -> None:
    """Stop using the servers; when nobody else uses them, wait until they have stopped."""
    while _user_locks:
        layout, lock = _user_locks.popitem()
        lock.release()
        (layout.wanted / STOP).touch()
        notice = WaitNotice(f"Waiting for PostgreSQL and Redis to stop (logs: {layout.logs})")
        while _has_supervisor(layout) and (layout.wanted / STOP).exists():
            notice.show_when_due()
            time.sleep(POLL_SECONDS)


def _start_servers(layout: Layout, wanted_servers: set[str]) -> dict[str, str]:
    """Start the wanted servers, or join running ones; return the secrets of the data folder."""
    start = Lock(layout.start_lock)
    start.take(f"Waiting for another command to start the servers (logs: {layout.logs})")
    try:
        secrets = keys.load_or_create(layout.keys)
        for _ in range(3):
            has_supervisor = _has_supervisor(layout)
            if not has_supervisor:  # a killed supervisor left stale files
                layout.state.unlink(missing_ok=True)
                for stale in layout.wanted.iterdir():
                    stale.unlink()
            for server in wanted_servers:
                (layout.wanted / server).touch()
            supervisor_pid = None if has_supervisor else _spawn(layout)
            if _wait_until_ready(layout, wanted_servers, supervisor_pid):
                return secrets
        raise ServiceError(f"the embedded servers do not start: {tail(layout.logs / 'supervisor.log')}")
    finally:
        start.release()


def _has_supervisor(layout: Layout) -> bool:
    lock = Lock(layout.supervisor_lock)
    free = lock.try_take()
    lock.release()
    return not free


def _spawn(layout: Layout) -> int:
    """Start the supervisor as a daemon, without terminal and parent; return its process id."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "JOBFIRST_", "DJANGO_"))}
    environment["PYTHONPATH"] = str(PROJECT)
    durable = os.environ.get("JOBFIRST_SERVICES_FSYNC", "on")
    grace = os.environ.get("JOBFIRST_SERVICES_GRACE", GRACE_SECONDS)
    archive = os.environ.get(archive_module.VARIABLE, "")
    command = [sys.executable, "-m", "devservices.supervisor", str(layout.root), grace, durable]
    command += [str(Path(archive).absolute())] if archive else []
    with (layout.logs / "supervisor.log").open("ab") as log:
        # The shell ends at once, so that the supervisor is adopted by init and never becomes our zombie.
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *command],
            cwd="/",
            env=environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
        )
    return int(shell.stdout)


def _wait_until_ready(layout: Layout, wanted_servers: set[str], supervisor_pid: int | None) -> bool:
    """Wait without a time limit until the supervisor reports that the servers run.

    Returns False when the supervisor (process `supervisor_pid`, or the one that ran before) has ended. Raises
    its errors.
    """
    notice = WaitNotice("Waiting for the servers to start")
    while True:
        try:
            state = json.loads(layout.state.read_text())
        except FileNotFoundError:
            state = {"ready": [], "errors": {}}
        missing = sorted(wanted_servers - set(state["ready"]))
        for server in missing:
            # While the file exists the server is about to be tried again.
            if server in state["errors"] and not (layout.wanted / server).exists():
                raise ServiceError(state["errors"][server])
        if not missing:
            return True
        if not _has_supervisor(layout) and (supervisor_pid is None or not alive(supervisor_pid)):
            return False
        names = " and ".join(NAMES[server] for server in missing)
        notice.subject = f"Waiting for {names} to start (logs: {layout.logs})"
        notice.show_when_due()
        time.sleep(POLL_SECONDS)


def _environment_values(layout: Layout, wanted_servers: set[str], secrets: dict[str, str]) -> dict[str, str]:
    values = {}
    root = layout.reachable_root()
    if "redis" in wanted_servers:
        values["REDIS_URL"] = f"unix://{root / 'redis' / REDIS_SOCKET}?db=0"
    if "postgres" in wanted_servers:
        # Secrets and mode belong to the embedded database; with DATABASE_URL all variables come from outside.
        values |= {name: value for name, value in secrets.items() if name not in keys.PRIVATE}
        values |= {
            "JOBFIRST_MODE": "rehearsal",
            "JOBFIRST_INSECURE_HTTP": "true",
            "JOBFIRST_REQUIRE_SECOND_STEP": "false",
            "JOBFIRST_BASE_URL": "http://localhost:8000",
            "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "EMAIL_URL": f"filemail:///{layout.mail}",
        }
        folder = quote(str(root / "pg"))
        for variable, role, password in (
            ("DATABASE_URL", "jobfirst_app", secrets[keys.APP_ENTRY]),
            ("DATABASE_OWNER_URL", "jobfirst_owner", secrets[keys.OWNER_ENTRY]),
        ):
            values[variable] = f"postgres://{role}:{password}@:5432/{folder}/jobfirst"
    return values


def _fill_environment(values: dict[str, str], inherited_variables: set[str]) -> None:
    variables = {name for name in values if not os.environ.get(name) or name in inherited_variables}
    for name in variables:
        os.environ[name] = values[name]
    os.environ[MARK] = ",".join(sorted(variables))
