"""Commands on a slow machine: they show that they wait for the servers, and wait while those run."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import redis

import devservices
from devservices import ServiceError, keys, postgres, redisserver
from devservices import processes as server_processes
from devservices.errors import AbandonedError
from devservices.layout import PROJECT, STOP, Layout
from devservices.processes import Lock
from tests.devservices import service_processes as processes
from tests.devservices.clocks import HurriedClock
from tests.devservices.notices import Notices

# A command that joins the servers; for it, too, an hour passes at each look at the clock.
HURRIED_CLIENT = """
import json, os
from tests.devservices.clocks import HurriedClock
import time
time.monotonic = HurriedClock()
import devservices
devservices.ensure()
print(json.dumps({"redis": os.environ["REDIS_URL"]}))
"""


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    yield folder
    processes.kill(*processes.running_for(folder))


def start_hurried_client(data: Path, python: Path | None = None) -> subprocess.Popen[str]:
    """Start a command that joins the servers; it starts a supervisor with `python`."""
    script = f"import sys; sys.executable = {str(python or sys.executable)!r}\n{HURRIED_CLIENT}"
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=processes.environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_notice(client: subprocess.Popen[str]) -> str:
    """Return the next line of standard error; the command must still be waiting."""
    line = client.stderr.readline()
    assert client.poll() is None, line + client.stderr.read()
    return line


@pytest.mark.services
def test_a_command_waits_for_slow_servers_and_keeps_standard_output_clean(data):
    """The test acts as the supervisor: it holds the lock and reports when the servers are ready."""
    layout = Layout(data)
    layout.create()
    supervisor = Lock(layout.supervisor_lock)
    supervisor.take("Waiting for nobody")
    client = start_hurried_client(data)
    try:
        for _ in range(2):
            assert read_notice(client).startswith("Waiting for PostgreSQL and Redis to start")
        layout.state.write_text(json.dumps({"ready": ["postgres"], "errors": {}}))
        while not (notice := read_notice(client)).startswith("Waiting for Redis to start"):
            assert notice.startswith("Waiting for PostgreSQL and Redis to start")
        assert str(layout.logs) in notice
        layout.state.write_text(json.dumps({"ready": ["postgres", "redis"], "errors": {}}))
        out, err = client.communicate()
    finally:
        client.kill()
        supervisor.release()
    assert client.returncode == 0, err
    assert set(json.loads(out)) == {"redis"}


@pytest.mark.services
def test_a_supervisor_that_is_slow_to_come_up_is_waited_for(data, tmp_path):
    gate, slow_python = tmp_path / "gate", tmp_path / "python"
    slow_python.write_text(
        f"#!/bin/sh\nwhile [ ! -e '{gate}' ]; do sleep 0.05; done\nexec '{sys.executable}' \"$@\"\n"
    )
    slow_python.chmod(0o755)
    client = start_hurried_client(data, python=slow_python)
    assert read_notice(client).startswith("Waiting for PostgreSQL and Redis to start")
    assert read_notice(client).startswith("Waiting for PostgreSQL and Redis to start")
    gate.touch()
    out, err = client.communicate()
    assert client.returncode == 0, err
    assert set(json.loads(out)) == {"redis"}
    processes.wait_until_gone(data)


@pytest.mark.services
def test_a_command_says_that_it_waits_for_another_one(data):
    layout = Layout(data)
    layout.create()
    start = Lock(layout.start_lock)
    start.take("Waiting for nobody")
    client = start_hurried_client(data)
    assert read_notice(client).startswith("Waiting for another command to start the servers")
    start.release()
    out, err = client.communicate()
    assert client.returncode == 0, err
    assert set(json.loads(out)) == {"redis"}
    processes.wait_until_gone(data)


@pytest.mark.services
def test_an_interrupted_wait_ends_without_a_traceback(data):
    layout = Layout(data)
    layout.create()
    start = Lock(layout.start_lock)
    start.take("Waiting for nobody")
    client = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=PROJECT,
        env=processes.environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell has its background jobs ignore Ctrl-C, and what they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )
    assert read_notice(client).startswith("Waiting for another command to start the servers")
    client.send_signal(signal.SIGINT)
    out, err = client.communicate()
    start.release()
    assert (client.returncode, out) == (130, "")
    assert "Traceback" not in err
    processes.wait_until_gone(data)


def keep_waiting() -> bool:
    return True


def test_what_an_old_server_left_is_waited_for_as_long_as_it_lives(tmp_path, monkeypatch, hurried_clock):
    """The old server is killed, but takes a while to disappear."""
    with subprocess.Popen(["/bin/sleep", "600"]) as old:
        rounds = iter([{old.pid}] * 5 + [set()])
        monkeypatch.setattr(server_processes, "working_in", lambda *arguments: next(rounds))
        server_processes.end_leftovers(tmp_path, "postgres", old.pid, signal.SIGINT, keep_waiting)
        assert old.wait() == -signal.SIGKILL
    assert list(rounds) == []


def test_an_old_server_that_nobody_waits_for_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(server_processes, "working_in", lambda *arguments: {os.getpid()})
    with pytest.raises(AbandonedError):
        server_processes.end_leftovers(tmp_path, "postgres", None, signal.SIGINT, lambda: False)


class Gate:
    """Creates a file at the `attempts`-th call; until then each reading advances the clock by an hour."""

    def __init__(self, path: Path, clock: HurriedClock, attempts: int = 5) -> None:
        self.path, self.clock, self.attempts = path, clock, attempts

    def open_before(self, function):
        def call(*arguments, **options):
            self.attempts -= 1
            if self.attempts == 0:
                self.clock.step = 0
                self.path.touch()
            return function(*arguments, **options)

        return call


@pytest.fixture
def layout(tmp_path):
    new_layout = Layout(tmp_path / "data")
    new_layout.create()
    keys.load_or_create(new_layout.keys)
    return new_layout


@pytest.fixture
def reachable():
    """A folder for programs that the server's user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def slow_program(path: Path, program: Path, gate: Path) -> Path:
    """Write a program that starts `program` as soon as the file `gate` is there."""
    path.write_text(f"#!/bin/sh\nwhile [ ! -e '{gate}' ]; do sleep 0.02; done\nexec '{program}' \"$@\"\n")
    path.chmod(0o755)
    return path


@pytest.mark.services
def test_redis_is_waited_for_as_long_as_it_lives(layout, tmp_path, monkeypatch, hurried_clock):
    gate = Gate(tmp_path / "gate", hurried_clock)
    program = slow_program(tmp_path / "redis", redisserver.redis_program(), gate.path)
    monkeypatch.setattr(redisserver, "redis_program", lambda: program)
    monkeypatch.setattr(redis.Redis, "ping", gate.open_before(redis.Redis.ping))
    server = redisserver.Redis(layout, durable=False)
    try:
        server.start(keep_waiting)
        assert server.running()
    finally:
        server.stop()


@pytest.fixture
def postgres_programs(layout, reachable, monkeypatch):
    """PostgreSQL's programs, of which a test may replace `postgres`."""
    server = postgres.Postgres(layout, durable=False)
    programs_folder = postgres.postgres_home(server.user) / "bin"
    folder = reachable / "bin"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "initdb").symlink_to(programs_folder / "initdb")
    monkeypatch.setattr(postgres, "postgres_home", lambda user: reachable)
    return folder, programs_folder


@pytest.mark.services
def test_postgresql_is_waited_for_as_long_as_it_lives(
    layout, postgres_programs, reachable, monkeypatch, hurried_clock
):
    folder, programs_folder = postgres_programs
    gate = Gate(reachable / "gate", hurried_clock)
    slow_program(folder / "postgres", programs_folder / "postgres", gate.path)
    monkeypatch.setattr(postgres.Postgres, "connect", gate.open_before(postgres.Postgres.connect))
    server = postgres.Postgres(layout, durable=False)
    try:
        server.start(keep_waiting)
        assert server.running()
    finally:
        server.stop()


@pytest.mark.services
def test_a_server_that_ends_is_not_waited_for(layout, postgres_programs, tmp_path, monkeypatch):
    folder, _ = postgres_programs
    for program in (folder / "postgres", tmp_path / "redis"):
        program.write_text("#!/bin/sh\necho 'no room left on this device' >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setattr(redisserver, "redis_program", lambda: tmp_path / "redis")
    with pytest.raises(ServiceError, match=r"Redis did not start: no room left .*redis\.log"):
        redisserver.Redis(layout, durable=False).start(keep_waiting)
    with pytest.raises(ServiceError, match=r"PostgreSQL did not start: no room left .*postgres\.log"):
        postgres.Postgres(layout, durable=False).start(keep_waiting)


@pytest.mark.services
def test_a_start_that_nobody_waits_for_any_longer_is_given_up(data, tmp_path):
    """The command is killed while a server starts that never answers: the start is cancelled."""
    redis = slow_program(tmp_path / "redis", Path("/bin/true"), tmp_path / "never")
    supervisor = tmp_path / "supervisor.py"
    supervisor.write_text(
        "from devservices import redisserver, supervisor\n"
        f"redisserver.redis_program = lambda: {str(redis)!r}\n"
        "supervisor.main()\n"
    )
    python = tmp_path / "python"
    # Called as `python -m devservices.supervisor FOLDER GRACE on|off`.
    python.write_text(f"#!/bin/sh\nshift 2\nexec '{sys.executable}' '{supervisor}' \"$@\"\n")
    python.chmod(0o755)
    client = start_hurried_client(data, python=python)
    while not read_notice(client).startswith("Waiting for Redis to start"):
        continue
    client.kill()
    client.communicate()
    processes.wait_until_gone(data)


def test_leaving_waits_until_the_servers_have_stopped(data, monkeypatch, hurried_clock):
    """The test acts as the supervisor, which is slow to stop."""
    layout = Layout(data)
    layout.create()
    users_lock = Lock(layout.users_lock)
    users_lock.share("Waiting for nobody")
    supervisor = Lock(layout.supervisor_lock)
    supervisor.take("Waiting for nobody")
    monkeypatch.setattr(devservices, "_user_locks", {layout: users_lock})
    notices = Notices("Waiting for PostgreSQL and Redis to stop", supervisor.release)
    monkeypatch.setattr(sys, "stderr", notices)

    devservices.leave()

    assert notices.act is None  # it was released because the notice was seen, not before
    assert (layout.wanted / STOP).exists()
