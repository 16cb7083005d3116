"""The process that owns the embedded servers: starts those asked for, and stops them when nobody is left.

Exactly one per data folder (it holds `supervisor.lock`). It looks after its servers until no process holds
`users.lock`, and some seconds more; if it is killed, the servers are told by the kernel and stop cleanly.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from devservices.errors import AbandonedError, ServiceError
from devservices.layout import STOP, Layout
from devservices.postgres import Postgres
from devservices.processes import Lock
from devservices.redisserver import Redis

TICK_SECONDS = 0.1
MOST_RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0


class Supervisor:
    def __init__(self, layout: Layout, grace: float, durable: bool) -> None:
        self.layout = layout
        self.grace = grace
        self.durable = durable
        self.servers: dict[str, Postgres | Redis] = {}
        self.errors: dict[str, str] = {}
        self.restarts: list[float] = []
        self.stopping = False
        self.users = Lock(layout.users_lock)
        self.last_used = time.monotonic()

    def say(self) -> None:
        """Write down what runs; whole or not at all, since others read it meanwhile."""
        state = {
            "pid": os.getpid(),
            "ready": sorted(self.servers),
            "errors": self.errors,
            "servers": {name: server.pids() for name, server in self.servers.items()},
        }
        beside = self.layout.state.with_suffix(".new")
        beside.write_text(json.dumps(state))
        beside.replace(self.layout.state)

    def start_wanted(self) -> None:
        """Start what somebody has asked for and does not run yet."""
        for kind in (Postgres, Redis):
            if kind.name in self.servers or not (self.layout.wanted / kind.name).exists():
                continue
            try:
                server = kind(self.layout, self.durable)
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
            self.say()

    def restart_fallen(self) -> None:
        """Start again a server that ended by itself, but not one that keeps falling."""
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
            self.say()

    def is_wanted(self) -> bool:
        """False once the supervisor is told to end, or nobody has used the servers for the grace period.

        From then on `users.lock` stays held: who comes now waits until we are gone, and starts anew.
        """
        if self.stopping:
            return False
        stop = self.layout.wanted / STOP
        if not self.users.try_take():
            self.last_used = time.monotonic()
            stop.unlink(missing_ok=True)  # others are still here
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
            self.restart_fallen()
            self.start_wanted()
            time.sleep(TICK_SECONDS)
        for server in reversed(list(self.servers.values())):
            server.stop()

    def stop(self, *_: object) -> None:
        self.stopping = True


def main() -> None:
    """Run as `python -m devservices.supervisor FOLDER GRACE on|off`; started by `services.ensure`."""
    layout = Layout(Path(sys.argv[1]))
    lock = Lock(layout.supervisor_lock)
    patience = time.monotonic() + 2
    while not lock.try_take():  # a client may be trying the lock for a moment, to see whether we live
        if time.monotonic() > patience:
            return
        time.sleep(0.01)
    supervisor = Supervisor(layout, grace=float(sys.argv[2]), durable=sys.argv[3] == "on")
    signal.signal(signal.SIGTERM, supervisor.stop)
    # Ctrl-C in the terminal is meant for the command, not for the servers it shares with others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    supervisor.say()
    try:
        supervisor.run()
    finally:
        layout.state.unlink(missing_ok=True)
        (layout.wanted / STOP).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
