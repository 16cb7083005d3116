"""`manage.py run` starts and stops all its processes."""

import http.client
import re
import signal
import smtplib
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from devservices.children import listen
from devservices.layout import PROJECT
from tests.devservices import service_processes as processes

pytestmark = pytest.mark.services


class RunCommand:
    """`manage.py run --empty` on a data folder of its own, with its output read as it appears."""

    def __init__(self, data: Path) -> None:
        self.data = data
        command = [sys.executable, "manage.py", "run", "--empty", "--port", "18000"]
        self.process = subprocess.Popen(
            # As a shell starts its background jobs: Ctrl-C ignored unless one asks for it.
            ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh", *command],
            cwd=PROJECT,
            env=processes.environment(data, grace=60) | {"PYTHONPATH": "", "COLUMNS": "500"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.output += line

    def wait_for(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + 3 * processes.HANG_SECONDS  # a new system makes all its tables
        while not (match := re.search(pattern, self.output)):
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        return match

    def children(self) -> dict[str, int]:
        """Return the process ids of web, worker, beat and mail."""
        return {
            name.strip(): pid
            for pid, words in processes.children_of(self.process.pid).items()
            for name in ("gunicorn", " worker ", " beat ", "mailcatcher")
            if name in words
        }

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        status = self.process.wait(processes.HANG_SECONDS)
        self.reader.join()
        self.process.stdout.close()
        return status


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=processes.HANG_SECONDS)
    connection.request("GET", path, headers={"Host": "localhost"})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.long
def test_a_run_from_nothing_a_killed_one_and_the_next(tmp_path):
    data = tmp_path / "data"
    run = RunCommand(data)
    try:
        port = int(run.wait_for(r"http://localhost:(\d+)")[1])
        run.wait_for("Ctrl-C ends all of it")
        assert get(port, "/") in {200, 302}
        children = run.children()
        assert set(children) == {"gunicorn", "worker", "beat", "mailcatcher"}

        processes.kill(children["worker"])
        run.wait_for("worker ended and was started again")
        children = run.children()
        assert set(children) == {"gunicorn", "worker", "beat", "mailcatcher"}

        run.end(signal.SIGKILL)
        deadline = time.monotonic() + 3 * processes.HANG_SECONDS  # a new system makes all its tables
        while any(processes.alive(pid) for pid in children.values()):
            assert time.monotonic() < deadline, children
            time.sleep(0.05)

        second_run = RunCommand(data)
        second_run.wait_for("Ctrl-C ends all of it")
        assert second_run.end(signal.SIGINT) == 0
        deadline = time.monotonic() + 30  # the servers' grace is a minute: they do not wait for it
        while running := processes.running_for(data):
            assert time.monotonic() < deadline, running
            time.sleep(0.05)
    finally:
        processes.kill(*processes.running_for(data))


def test_the_next_free_port_is_taken():
    with listen(0) as first:
        port = first.getsockname()[1]
        with listen(port) as second:
            assert port < second.getsockname()[1] < port + 20


def test_the_mail_catcher_keeps_what_it_is_sent(tmp_path):
    catcher = subprocess.Popen(
        [sys.executable, "-m", "devservices.mailcatcher", str(tmp_path / "mail"), "--port", "18025"],
        cwd=PROJECT,
    )
    try:
        deadline = time.monotonic() + 3 * processes.HANG_SECONDS  # a new system makes all its tables
        while True:
            try:
                with smtplib.SMTP("127.0.0.1", 18025) as client:
                    client.sendmail("a@example.dk", ["b@example.dk"], "Subject: Prøve\n\nHej æøå".encode())
                break
            except ConnectionRefusedError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
        (message,) = (tmp_path / "mail").iterdir()
        assert message.suffix == ".eml"
        assert "Hej æøå" in message.read_text()
    finally:
        catcher.terminate()
        assert catcher.wait(processes.HANG_SECONDS) == 0
