"""The embedded Redis: on a unix socket, with every write stored in an append-only file."""

import os
import signal
import subprocess
import time
from collections.abc import Callable

from devservices.binaries import redis_program
from devservices.errors import AbandonedError, ServiceError
from devservices.layout import REDIS_SOCKET, Layout
from devservices.processes import POLL_SECONDS, alive, before_exec, end_leftovers, tail


class Redis:
    """One Redis server on a data folder; only the supervisor uses this class."""

    name = "redis"

    def __init__(self, layout: Layout, durable: bool) -> None:
        self.layout = layout
        self.folder = layout.redis
        self.log = layout.logs / "redis.log"
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, is_wanted: Callable[[], bool]) -> None:
        """Start the server; return when it answers, without a time limit.

        ServiceError when the server ends instead, AbandonedError when `is_wanted` becomes false.
        """
        program = redis_program()
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.stat().st_uid != os.geteuid():
            raise ServiceError(
                f"{self.folder} belongs to another user: sudo chown -R {os.geteuid()} {self.folder}, "
                "or set JOBFIRST_DATA_DIR to another folder"
            )
        end_leftovers(self.folder, "redis-server", self._recorded_pid(), signal.SIGTERM, is_wanted)
        (self.folder / REDIS_SOCKET).unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    program,
                    *("--port", "0", "--unixsocket", REDIS_SOCKET, "--unixsocketperm", "700"),
                    *("--pidfile", "redis.pid", "--daemonize", "no", "--save", ""),
                    *("--databases", "64"),  # one for each test process
                    *("--appendonly", "yes", "--appendfsync", "everysec" if self.durable else "no"),
                    # Celery's queues must not lose a message to make room.
                    *("--maxmemory-policy", "noeviction"),
                ],
                cwd=self.folder,
                env={"PATH": "/usr/bin:/bin"},
                preexec_fn=before_exec(None, signal.SIGTERM),  # noqa: PLW1509 - single-threaded
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        (self.folder / "redis.pid").write_text(f"{self.process.pid}\n")
        self._wait(is_wanted)

    def _recorded_pid(self) -> int | None:
        try:
            return int((self.folder / "redis.pid").read_text())
        except (OSError, ValueError):
            return None

    def _wait(self, is_wanted: Callable[[], bool]) -> None:
        import redis

        path = str(self.layout.reachable_root() / "redis" / REDIS_SOCKET)
        while self.running():
            try:
                client = redis.Redis(unix_socket_path=path)
                client.ping()
                client.close()
            except redis.exceptions.ConnectionError:  # not there yet, or still reading its file
                if not is_wanted():
                    raise AbandonedError from None
                time.sleep(POLL_SECONDS)
            else:
                return
        raise ServiceError(f"Redis did not start: {tail(self.log)} (see {self.log})")

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop the server after it has written its file; kill it when it still runs after 10 s."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def pids(self) -> list[int]:
        return [self.process.pid] if self.process is not None and alive(self.process.pid) else []
