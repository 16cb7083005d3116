"""A killed worker loses no task: another worker gets it within seconds."""

import os
import signal
import subprocess
import sys
import time

import pytest
import redis

from devservices.layout import PROJECT
from tests.devservices.service_processes import children_of, kill
from tests.jobfirst import slow_tasks

pytestmark = pytest.mark.services


@pytest.fixture
def worker(child_environment, tmp_path):
    """Return a function that starts a worker; workers that still run are killed after the test."""
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = ["celery", "--app", "tests.jobfirst.slow_tasks", "worker", "--concurrency", "1"]
        with (tmp_path / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command, "--without-gossip", "--without-mingle", "-l", "INFO"],
                cwd=PROJECT,
                env=child_environment | {"JOBFIRST_VISIBILITY_TIMEOUT": "3"},
                start_new_session=True,
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            kill_group(process)
    with redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and its pool, and wait until Redis has noticed.

    The processes of a pool share the worker's connection. Until the last of them has ended, Redis gives the
    next task to that connection, and nobody runs it.
    """
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    with redis.from_url(os.environ["REDIS_URL"]) as client:
        database = str(client.connection_pool.connection_kwargs["db"])
        deadline = time.monotonic() + 60
        while any(other["cmd"] == "brpop" and other["db"] == database for other in client.client_list()):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def wait_for(path, text: str) -> None:
    deadline = time.monotonic() + 120
    while not path.exists() or text not in path.read_text():
        assert time.monotonic() < deadline, path.exists() and path.read_text()
        time.sleep(0.05)


def wait_until_accepted() -> None:
    """Wait until the worker knows which process of its pool has the task; earlier it would miss its death."""
    deadline = time.monotonic() + 60
    while True:
        # A connection of its own: one left open would look to Redis like a worker that waits.
        with slow_tasks.app.connection_for_read() as connection:
            replies = slow_tasks.app.control.inspect(timeout=1, connection=connection).active() or {}
        if any(task["worker_pid"] for tasks in replies.values() for task in tasks):
            return
        assert time.monotonic() < deadline, replies


def test_a_killed_workers_task_is_given_to_the_next(worker, tmp_path):
    trace = tmp_path / "trace"
    first = worker()
    slow_tasks.slow.delay(str(trace))
    wait_for(trace, "first\n")
    kill_group(first)
    worker()
    wait_for(trace, "first\nagain\n")


def test_a_killed_process_of_the_pool_loses_nothing(worker, tmp_path):
    trace = tmp_path / "trace"
    process = worker()
    slow_tasks.slow.delay(str(trace))
    wait_for(trace, "first\n")
    wait_until_accepted()
    kill(*children_of(process.pid))
    wait_for(trace, "first\nagain\n")
    assert process.poll() is None
