"""The process that owns the embedded servers: starts those asked for, stops them when nobody uses them.

Exactly one per data folder (it holds `supervisor.lock`). It keeps its servers running until no process has
held `users.lock` for some seconds. If it is killed, the kernel signals the servers, which stop cleanly.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from devservices.archive import archive_settings, make_archive_folder
from devservices.errors import AbandonedError, ServiceError
from devservices.layout import STOP, Layout
from devservices.postgres import Postgres
from devservices.processes import Lock
from devservices.redisserver import Redis

TICK_SECONDS = 0.1
MOST_RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0


class Supervisor:
    def __init__(self, layout: Layout, grace: float, durable: bool, archive: Path | None = None) -> None:
        self.layout = layout
        self.grace = grace
        self.durable = durable
        self.archive = archive
        self.servers: dict[str, Postgres | Redis] = {}
        self.errors: dict[str, str] = {}
        self.restarts: list[float] = []
        self.stopping = False
        self.users = Lock(layout.users_lock)
        self.last_used = time.monotonic()

    def write_state(self) -> None:
        """Write the state file atomically: other processes read it meanwhile."""
        state = {
            "pid": os.getpid(),
            "ready": sorted(self.servers),
            "errors": self.errors,
            "servers": {name: server.pids() for name, server in self.servers.items()},
        }
        new_file = self.layout.state.with_suffix(".new")
        new_file.write_text(json.dumps(state))
        new_file.replace(self.layout.state)

    def start_wanted(self) -> None:
        """Start the servers that were asked for and do not run yet."""
        for kind in (Postgres, Redis):
            if kind.name in self.servers or not (self.layout.wanted / kind.name).exists():
                continue
            try:
                server = self._make(kind)
                server.start(self.is_wanted)
            except AbandonedError:
                server.stop()
                return
            except ServiceError as error:
                self.errors[kind.name] = str(error)
                (self.layout.wanted / kind.name).unlink(missing_ok=True)
            else:
                self.errors.pop(kind.name, None)
                self.servers[kind.name] = server
            self.write_state()

    def _make(self, kind: type[Postgres] | type[Redis]) -> Postgres | Redis:
        if kind is Redis or self.archive is None:
            return kind(self.layout, self.durable)
        server = Postgres(self.layout, self.durable, archive_settings(self.archive))
        make_archive_folder(self.archive, server.user)
        return server

    def restart_stopped(self) -> None:
        """Restart a server that has ended, but not one that keeps ending."""
        for name, server in list(self.servers.items()):
            if server.running():
                continue
            now = time.monotonic()
            self.restarts = [at for at in self.restarts if now - at < RESTART_WINDOW_SECONDS]
            del self.servers[name]
            if len(self.restarts) >= MOST_RESTARTS:
                self.errors[name] = f"{name} keeps ending; see {self.layout.logs}"
                (self.layout.wanted / name).unlink(missing_ok=True)
            else:
                self.restarts.append(now)
            self.write_state()

    def is_wanted(self) -> bool:
        """Return False once the supervisor was told to stop, or the servers were unused for the grace period.

        From then on `users.lock` stays held: a new process waits until this one has ended, and starts
        another.
        """
        if self.stopping:
            return False
        stop = self.layout.wanted / STOP
        if not self.users.try_take():
            self.last_used = time.monotonic()
            stop.unlink(missing_ok=True)  # other processes still use the servers
            return True
        grace = 0 if stop.exists() else self.grace
        if time.monotonic() - self.last_used >= grace:
            self.stopping = True
            return False
        self.users.release()
        self.users = Lock(self.layout.users_lock)
        return True

    def run(self) -> None:
        while self.is_wanted():
            self.restart_stopped()
            self.start_wanted()
            time.sleep(TICK_SECONDS)
        for server in reversed(list(self.servers.values())):
            server.stop()

    def stop(self, *_: object) -> None:
        self.stopping = True


def main() -> None:
    """Run as `python -m devservices.supervisor FOLDER GRACE on|off [ARCHIVE]` by `devservices.ensure`."""
    layout = Layout(Path(sys.argv[1]))
    lock = Lock(layout.supervisor_lock)
    deadline = time.monotonic() + 2
    while not lock.try_take():  # a client may hold the lock for a moment, to test whether a supervisor runs
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)
    archive = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    supervisor = Supervisor(layout, float(sys.argv[2]), durable=sys.argv[3] == "on", archive=archive)
    signal.signal(signal.SIGTERM, supervisor.stop)
    # Ctrl-C in the terminal must stop the command, not the servers that others use.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    supervisor.write_state()
    try:
        supervisor.run()
    finally:
        layout.state.unlink(missing_ok=True)
        (layout.wanted / STOP).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
