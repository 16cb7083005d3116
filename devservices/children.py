"""The processes that `manage.py run` starts beside the embedded servers."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from devservices import ServiceError
from devservices.processes import before_exec, tail

GENTLE_SECONDS = 10.0
MOST_RESTARTS = 5
SHORT_LIFE_SECONDS = 60.0
PORTS_TRIED = 20


@dataclass
class Child:
    """One process and its log."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0  # in a row

    def start(self) -> None:
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.descriptors,
                # A session of its own: Ctrl-C reaches only this process, which stops the child in order.
                # If this process is killed, the kernel stops the child.
                start_new_session=True,
                preexec_fn=before_exec(None, signal.SIGTERM),  # noqa: PLW1509 - single-threaded
            )

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send `number` to the process and all its children."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


class Family:
    """All child processes, in starting order."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children

    def start(self) -> None:
        for child in self.children:
            child.start()

    def restart_ended(self) -> list[str]:
        """Restart processes that have ended; return their names. ServiceError when one keeps ending.

        That is: more than MOST_RESTARTS times in a row it ended within SHORT_LIFE_SECONDS of its start. The
        number of starts per minute would not do: it is low on a slow machine.
        """
        fallen = [child for child in self.children if not child.running()]
        for child in fallen:
            child.signal(signal.SIGKILL)  # children that the killed process left
            is_short = time.monotonic() - child.started_at < SHORT_LIFE_SECONDS
            child.short_lives = child.short_lives + 1 if is_short else 0
            if child.short_lives > MOST_RESTARTS:
                raise ServiceError(f"{child.name} keeps ending: {tail(child.log)} (see {child.log})")
            child.start()
        return [child.name for child in fallen]

    def end(self) -> None:
        """Stop all processes, the last started first; kill those that still run after 10 s."""
        for child in reversed(self.children):
            if child.running() and child.process is not None:
                child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GENTLE_SECONDS
        for child in reversed(self.children):
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)
                child.process.wait()
            child.signal(signal.SIGKILL)


def listen(port: int) -> socket.socket:
    """Return a socket listening on the loopback at `port` or the next free one (0: any)."""
    for candidate in range(port, port + PORTS_TRIED):
        try:
            # No SO_REUSEPORT: two `make run` must not share a port.
            listener = socket.create_server(("127.0.0.1", candidate), backlog=128)
        except OSError:
            continue
        listener.set_inheritable(True)
        return listener
    raise ServiceError(
        f"ports {port} to {port + PORTS_TRIED - 1} are all taken; choose one: make run PORT={port + 1000}"
    )


def site_processes(
    web: socket.socket, mail: socket.socket, data: Path, environment: dict[str, str]
) -> Family:
    """Return the processes web, worker, beat and mail catcher, not yet started."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "jobfirst"]
    quiet = ["--without-gossip", "--without-mingle", "--loglevel", "INFO"]
    gunicorn = [*python, "gunicorn", "jobfirst.wsgi", "--bind", f"fd://{web.fileno()}", "--preload"]
    catcher = [*python, "devservices.mailcatcher", str(data / "mail"), "--fd", str(mail.fileno())]
    schedule = ["--schedule", str(data / "celerybeat-schedule"), "--loglevel", "INFO"]
    commands: list[tuple[str, list[str], tuple[int, ...]]] = [
        ("mail", catcher, (mail.fileno(),)),
        ("web", [*gunicorn, "--workers", "2", "--threads", "4", "--graceful-timeout", "5"], (web.fileno(),)),
        ("worker", [*celery, "worker", "--concurrency", "2", *quiet], ()),
        ("beat", [*celery, "beat", *schedule], ()),
    ]
    return Family(
        [
            Child(name, command, environment, data / "logs" / f"{name}.log", descriptors)
            for name, command, descriptors in commands
        ]
    )
