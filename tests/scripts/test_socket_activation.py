"""A socket outlives the web server: what arrives between two servers waits, and none of it is refused."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest

from scripts.release.activation import BACKLOG, activated, held_socket
from scripts.release.systemd import unit_options
from tests.loops import some

SITE = """
import time
def application(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if environ["PATH_INFO"] == "/slow/":
        with open("begun", "w"):
            pass
        while not __import__("os").path.exists("go-on"):
            time.sleep(0.01)
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
"""
WAITING = 40


@contextmanager
def server(listener, folder):
    """Gunicorn on the socket, as the unit starts it; at the end of the block it has stopped in order."""
    command = [sys.executable, "-m", "gunicorn", "site_of_test", "--threads", "4", "--no-control-socket"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            activated(listener, command),
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(folder)},
            pass_fds=[listener.fileno()],
            stderr=log,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


class Post(threading.Thread):
    """Somebody who sends a form, and waits for the answer."""

    def __init__(self, port, path, text):
        super().__init__(daemon=True)
        self.port, self.path, self.text = port, path, text
        self.answer = None
        self.start()

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", self.path, self.text.encode())
            response = connection.getresponse()
            self.answer = response.status, response.read().decode()
        except OSError as error:
            self.answer = error
        finally:
            connection.close()

    def is_answered(self):
        self.join(60)
        return self.answer == (200, self.text)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site_of_test.py").write_text(SITE)
    return tmp_path


def wait_until(is_so):
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_is_begun_is_answered_and_what_arrives_between_two_servers_waits(folder):
    with held_socket() as listener:
        port = listener.getsockname()[1]
        with server(listener, folder) as old:
            begun = Post(port, "/slow/", "begun")
            wait_until((folder / "begun").exists)
            old.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            (folder / "go-on").touch()
        assert begun.is_answered()
        posts = [Post(port, "/", f"number {number} {'x' * 20_000}") for number in range(WAITING)]
        time.sleep(0.3)
        assert all(post.is_alive() for post in some(posts))
        with server(listener, folder):
            assert [post.is_answered() for post in posts] == [True] * WAITING


def test_the_socket_of_the_unit_lets_as_many_wait():
    assert unit_options("jobfirst-web.socket")["Backlog"] == [str(BACKLOG)]
