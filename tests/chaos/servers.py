"""The servers and processes of a chaos run, in a folder of its own: started, killed with -9, started again.

All are children of this process and get a signal from the kernel when it dies (Linux), so that nothing
outlives a run, however it ends.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import redis

import devservices
from devservices import keys
from devservices.layout import PROJECT, Layout
from devservices.postgres import Postgres
from devservices.processes import before_exec
from devservices.redisserver import Redis

CELERY_AT = PROJECT / "tests" / "reminders" / "celery_at.py"


class Servers:
    """PostgreSQL, Redis, the mail sink, and whatever beats and workers run at the moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.layout = Layout(folder / "data")
        self.layout.create()
        secrets = keys.load_or_create(self.layout.keys)
        self.postgres = Postgres(self.layout, durable=False)
        self.redis = Redis(self.layout, durable=False)
        self.environment = devservices._environment_values(self.layout, {"postgres", "redis"}, secrets)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.sink: subprocess.Popen[bytes] | None = None
        self.sink_port = 0
        self.kills: Counter[str] = Counter()
        self.starts = 0

    def start(self) -> None:
        """Start the servers and the sink, and put their addresses into this process's environment."""
        self.start_servers()
        os.environ.update(self.environment)
        os.environ.pop(devservices.MARK, None)

    def start_servers(self) -> None:
        """Start the servers and the sink; this process's environment stays as it is."""
        self.postgres.start(lambda: True)
        self.start_queue_and_sink()

    def start_queue_and_sink(self) -> None:
        """Start Redis and the sink, and complete the environment of the processes."""
        self.redis.start(lambda: True)
        self.start_sink()
        self.environment |= {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}",
            "JOBFIRST_DATA_DIR": str(self.layout.root),
            "JOBFIRST_VISIBILITY_TIMEOUT": "3",
            "DJANGO_SETTINGS_MODULE": "jobfirst.settings",
            "PYTHONPATH": str(PROJECT),
        }

    # Mail

    def start_sink(self) -> None:
        """Start the mail server; its port stays the same."""
        with socket.create_server(("127.0.0.1", self.sink_port)) as listener:
            self.sink_port = listener.getsockname()[1]
            self.sink = self._spawn(
                "sink",
                [sys.executable, "-m", "tests.chaos.sink", str(self.folder), str(listener.fileno())],
                pass_fds=[listener.fileno()],
            )

    def stop_sink(self) -> None:
        """End the mail server: nobody listens at its address."""
        if self.sink is not None:
            self._kill_group(self.sink)
            self.sink = None

    def order_sink(self, mode: str, day: datetime) -> None:
        """Let the sink behave in this way from now on."""
        orders = self.folder / "sink.json"
        new_file = orders.with_suffix(".new")
        new_file.write_text(json.dumps({"mode": mode, "day": day.date().isoformat()}))
        new_file.replace(orders)

    def recipients_asked_for(self) -> int:
        """Return how many recipients the sink has been asked for so far."""
        sessions = self.folder / "sessions"
        return sessions.stat().st_size if sessions.exists() else 0

    def mails(self) -> list[dict[str, str]]:
        """Return the mails that the sink has taken."""
        path = self.folder / "mails.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    # Beat and worker

    def ticks_done(self) -> int:
        """Return how many ticks (reminders.tasks.tick) the workers have finished so far."""
        log = self.folder / "worker.log"
        return len(re.findall(rb"tasks\.tick\[\S+ succeeded", log.read_bytes())) if log.exists() else 0

    def start_beat(self, moment: datetime, name: str = "beat") -> None:
        """Start a beat with a timetable of its own."""
        schedule = self.folder / name / "schedule"
        self._start_celery(name, moment, "beat", f"--schedule={schedule}", "--pidfile=")

    def start_worker(self, moment: datetime) -> None:
        self._start_celery(
            "worker", moment, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"
        )

    def _start_celery(self, name: str, moment: datetime, *arguments: str) -> None:
        assert name not in self.processes
        command = [sys.executable, str(CELERY_AT), moment.isoformat(), *arguments, "--loglevel=INFO"]
        self.processes[name] = self._spawn(name, command)

    def _spawn(self, name: str, command: list[str], pass_fds: list[int] | None = None):
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                env={**os.environ, **self.environment},
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=pass_fds or [],
                preexec_fn=before_exec(None, signal.SIGKILL),  # noqa: PLW1509 - single-threaded
            )

    def ended_by_themselves(self) -> list[str]:
        """Return the names of the processes that nobody killed and that do not run any more."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    # Kill -9

    def kill(self, name: str) -> None:
        """Kill a server or a process; a server is started again at once."""
        self.kills[name.partition("-")[0]] += 1
        if name == "postgres":
            self._kill_server(self.postgres)
        elif name == "redis":
            self._kill_server(self.redis)
        else:
            self._kill_group(self.processes.pop(name))

    def kill_celery(self) -> None:
        """Kill every beat and worker."""
        for name in list(self.processes):
            self.kill(name)

    def empty_redis(self) -> None:
        """Lose everything that is queued."""
        client = redis.Redis.from_url(self.environment["REDIS_URL"])
        client.flushall()
        client.close()

    def _kill_server(self, server: Postgres | Redis) -> None:
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        server.start(lambda: True)

    def _kill_group(self, process: subprocess.Popen[bytes]) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)

    def stop(self) -> None:
        """End everything that was started here."""
        for process in [*self.processes.values(), *filter(None, [self.sink])]:
            self._kill_group(process)
        self.processes.clear()
        for server in (self.redis, self.postgres):
            server.stop()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until the condition holds, at most so long; return whether it does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
