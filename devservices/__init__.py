"""The embedded PostgreSQL and Redis: for every command that is not given servers of its own.

`ensure()` is called before the settings are read: by manage.py, the web and worker entry points, and the
tests. For each of DATABASE_URL and REDIS_URL that is unset it starts or joins a server under
JOBFIRST_DATA_DIR and fills the environment. Nothing here imports Django.
"""

import json
import os
import subprocess
import sys
import time
from urllib.parse import quote

from devservices import keys
from devservices.errors import ServiceError
from devservices.layout import PROJECT, REDIS_SOCKET, STOP, Layout, chosen
from devservices.processes import POLL_SECONDS, Lock, alive, tail
from devservices.waiting import WaitNotice

__all__ = ["ServiceError", "embedded_database", "ensure", "environment_with", "leave"]

# The names of the variables that `ensure` filled, for the processes that inherit them: those join too.
MARK = "JOBFIRST_EMBEDDED"
GRACE_SECONDS = "15"
NAMES = {"postgres": "PostgreSQL", "redis": "Redis"}

_held: dict[Layout, Lock] = {}


def ensure() -> None:
    """Start or join the embedded servers that are needed, and fill the environment.

    Does nothing when DATABASE_URL and REDIS_URL are both given. The servers live at least as long as this
    process. Raises ServiceError, one line that says what is missing and what to type.
    """
    given_by_us = set(filter(None, os.environ.get(MARK, "").split(",")))
    wanted = {
        server
        for server, variable in (("postgres", "DATABASE_URL"), ("redis", "REDIS_URL"))
        if not os.environ.get(variable) or variable in given_by_us
    }
    if not wanted:
        return
    layout = chosen()
    if layout in _held:
        return
    layout.create()
    lock = Lock(layout.users_lock)
    lock.share(f"Waiting for the old servers to stop (logs: {layout.logs})")
    _held[layout] = lock
    kept = _join(layout, wanted)
    os.environ["JOBFIRST_DATA_DIR"] = str(layout.root)  # whole, for children that stand elsewhere
    _fill(_values(layout, wanted, kept), given_by_us)


def embedded_database() -> Layout | None:
    """Return where the embedded database lies, or None when DATABASE_URL was given from outside."""
    return chosen() if "DATABASE_URL" in os.environ.get(MARK, "").split(",") else None


def environment_with(**values: str) -> dict[str, str]:
    """Return the environment for a child process, with `values` in place of what `ensure` filled in."""
    environment = os.environ | values
    marked = set(environment.get(MARK, "").split(",")) - set(values)
    return environment | {MARK: ",".join(sorted(marked))}


def leave() -> None:
    """Give the servers up; if nobody else uses them, wait until they are stopped."""
    while _held:
        layout, lock = _held.popitem()
        lock.release()
        (layout.wanted / STOP).touch()
        notice = WaitNotice(f"Waiting for PostgreSQL and Redis to stop (logs: {layout.logs})")
        while _supervised(layout) and (layout.wanted / STOP).exists():
            notice.show_when_due()
            time.sleep(POLL_SECONDS)


def _join(layout: Layout, wanted: set[str]) -> dict[str, str]:
    """Have the wanted servers running; return the secrets of the data folder."""
    start = Lock(layout.start_lock)
    start.take(f"Waiting for another command to start the servers (logs: {layout.logs})")
    try:
        kept = keys.load_or_create(layout.keys)
        for _ in range(3):
            supervised = _supervised(layout)
            if not supervised:  # what a killed one left says nothing about the next
                layout.state.unlink(missing_ok=True)
                for stale in layout.wanted.iterdir():
                    stale.unlink()
            for server in wanted:
                (layout.wanted / server).touch()
            spawned = None if supervised else _spawn(layout)
            if _ready(layout, wanted, spawned):
                return kept
        raise ServiceError(f"the embedded servers do not start: {tail(layout.logs / 'supervisor.log')}")
    finally:
        start.release()


def _supervised(layout: Layout) -> bool:
    lock = Lock(layout.supervisor_lock)
    free = lock.try_take()
    lock.release()
    return not free


def _spawn(layout: Layout) -> int:
    """Start the supervisor as a process of its own, tied to no terminal and no parent; return its number."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "JOBFIRST_", "DJANGO_"))}
    environment["PYTHONPATH"] = str(PROJECT)
    durable = os.environ.get("JOBFIRST_SERVICES_FSYNC", "on")
    grace = os.environ.get("JOBFIRST_SERVICES_GRACE", GRACE_SECONDS)
    command = [sys.executable, "-m", "devservices.supervisor", str(layout.root), grace, durable]
    with (layout.logs / "supervisor.log").open("ab") as log:
        # The shell in between ends at once, so that the supervisor is nobody's child to collect.
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


def _ready(layout: Layout, wanted: set[str], spawned: int | None) -> bool:
    """Wait until the supervisor says the servers run, however long that takes.

    False when the supervisor (process `spawned`, or the one that was there) has ended. Its errors are raised.
    """
    notice = WaitNotice("Waiting for the servers to start")
    while True:
        try:
            state = json.loads(layout.state.read_text())
        except FileNotFoundError:
            state = {"ready": [], "errors": {}}
        missing = sorted(wanted - set(state["ready"]))
        for server in missing:
            # With the file still there it is about to be tried again.
            if server in state["errors"] and not (layout.wanted / server).exists():
                raise ServiceError(state["errors"][server])
        if not missing:
            return True
        if not _supervised(layout) and (spawned is None or not alive(spawned)):
            return False
        names = " and ".join(NAMES[server] for server in missing)
        notice.subject = f"Waiting for {names} to start (logs: {layout.logs})"
        notice.show_when_due()
        time.sleep(POLL_SECONDS)


def _values(layout: Layout, wanted: set[str], kept: dict[str, str]) -> dict[str, str]:
    values = {}
    root = layout.reachable_root()
    if "redis" in wanted:
        values["REDIS_URL"] = f"unix://{root / 'redis' / REDIS_SOCKET}?db=0"
    if "postgres" in wanted:
        # Secrets and the rehearsal belong to the embedded database; a real one is told everything.
        values |= {name: value for name, value in kept.items() if name not in keys.PRIVATE}
        values |= {
            "JOBFIRST_MODE": "rehearsal",
            "JOBFIRST_INSECURE_HTTP": "true",
            "JOBFIRST_BASE_URL": "http://localhost:8000",
            "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
            "EMAIL_URL": f"filemail:///{layout.mail}",
        }
        folder = quote(str(root / "pg"))
        for variable, role, password in (
            ("DATABASE_URL", "jobfirst_app", kept[keys.APP_ENTRY]),
            ("DATABASE_OWNER_URL", "jobfirst_owner", kept[keys.OWNER_ENTRY]),
        ):
            values[variable] = f"postgres://{role}:{password}@:5432/{folder}/jobfirst"
    return values


def _fill(values: dict[str, str], given_by_us: set[str]) -> None:
    filled = {name for name in values if not os.environ.get(name) or name in given_by_us}
    for name in filled:
        os.environ[name] = values[name]
    os.environ[MARK] = ",".join(sorted(filled))
