"""`manage.py run` on a slow machine: it shows what it waits for, and waits while its processes run."""

import io
import os
import sys
import threading
from pathlib import Path

import pytest
from rich.console import Console

from devservices import ServiceError, waiting
from devservices.children import Child, Family, listen
from jobfirst.management.commands import run
from tests.devservices.notices import Notices

# A web server that serves nothing before the file GATE is there; it is told both on its command line.
SLOW_SITE = """
import http.server, pathlib, socket, sys, time
while not pathlib.Path(sys.argv[1]).exists():
    time.sleep(0.02)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[2]))
server.serve_forever()
"""


def family_of(tmp_path: Path, *command: str, descriptors: tuple[int, ...] = ()) -> Family:
    """Return a family whose only process stands in for the web server."""
    return Family(
        [Child("web", [sys.executable, *command], dict(os.environ), tmp_path / "web.log", descriptors)]
    )


def test_run_waits_for_a_slow_web_server_and_says_so(tmp_path, monkeypatch, hurried_clock):
    gate = tmp_path / "gate"
    notices = Notices("Waiting for the web server to answer", gate.touch)
    monkeypatch.setattr(sys, "stderr", notices)
    with listen(0) as listener:
        descriptor = listener.fileno()
        children = family_of(tmp_path, "-c", SLOW_SITE, str(gate), str(descriptor), descriptors=(descriptor,))
        children.start()
        try:
            run.wait_for(listener.getsockname()[1], children, tmp_path, Console(file=io.StringIO()))
        finally:
            children.end()
    assert f"{tmp_path}/logs/web.log" in notices.getvalue()


def test_run_stops_waiting_when_the_web_server_keeps_ending(tmp_path, hurried_clock):
    children = family_of(tmp_path, "-c", "import sys; sys.exit('no such setting')")
    output = io.StringIO()
    with listen(0) as listener:
        children.start()
        hurried_clock.step = 0
        try:
            with pytest.raises(ServiceError, match="web keeps ending: no such setting"):
                run.wait_for(listener.getsockname()[1], children, tmp_path, Console(file=output))
        finally:
            children.end()
    assert "web ended and was started again" in output.getvalue()


def test_a_child_that_takes_long_to_fail_is_noticed(tmp_path, hurried_clock):
    """Each attempt takes twenty seconds, as on a slow machine: few fit into a minute."""
    hurried_clock.step = 0
    children = family_of(tmp_path, "-c", "raise SystemExit(1)")
    children.start()

    def tend_often():
        for _ in range(20):
            children.children[0].process.wait()
            hurried_clock.seconds += 20
            children.restart_ended()

    with pytest.raises(ServiceError, match="web keeps ending"):
        tend_often()


def test_a_child_that_ends_now_and_then_is_always_started_again(tmp_path, hurried_clock):
    hurried_clock.step = 0
    children = family_of(tmp_path, "-c", "raise SystemExit(1)")
    children.start()
    for _ in range(10):
        children.children[0].process.wait()
        hurried_clock.seconds += 3600
        assert children.restart_ended() == ["web"]
    children.end()


def test_loading_the_synthetic_trial_is_announced(monkeypatch):
    """Loading blocks; the notices appear until it has ended."""
    announced = threading.Event()
    monkeypatch.setattr(sys, "stderr", Notices("Loading the synthetic trial", announced.set))
    monkeypatch.setattr(waiting, "FIRST_SECONDS", 0)
    monkeypatch.setattr(waiting, "REPEAT_SECONDS", 0)
    monkeypatch.setattr(run, "call_command", lambda *arguments, **options: announced.wait(600))
    monkeypatch.setattr(run, "is_empty", lambda *names: True)
    threads = threading.active_count()

    run.load_demo(Console(file=io.StringIO()))

    assert announced.is_set()
    assert threading.active_count() == threads


def test_nothing_is_said_of_a_short_wait(capsys):
    with waiting.notice_while("Waiting for nothing"):
        waiting.WaitNotice("Waiting for nothing").show_when_due()
    assert capsys.readouterr() == ("", "")
