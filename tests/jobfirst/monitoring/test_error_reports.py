"""Reports to Sentry: off without a DSN, and without personal data when on."""

import gzip
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from devservices.layout import PROJECT
from jobfirst.monitoring.sentry import options, scrubbed

CANARIES = ("Karen Kanariefugl", "0101904321", "karen@kanarie.example", "har ondt i ryggen")
UNPACKED_BY = {"gzip": gzip.decompress, "br": brotli.decompress}
FORBIDDEN = (*CANARIES, "Kanariefugl", "Karen%20", "Ab1Ab1", "SecretSecret", "sessionid", "SELECT")


@contextmanager
def sentry_server():
    """Run a server that takes envelopes; yields its DSN and the bodies that it got."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = UNPACKED_BY.get(self.headers.get("Content-Encoding"), bytes)
            bodies.append(unpack(body).decode())
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://key@127.0.0.1:{server.server_port}/1", bodies
        finally:
            server.shutdown()
            thread.join()


def run_failing_pages(environment):
    """Run the program that asks pages which fail; return what it wrote."""
    process = subprocess.run(
        [sys.executable, "-m", "tests.jobfirst.monitoring.failing_pages"],
        cwd=PROJECT,
        env=environment | {"CANARIES": "|".join(CANARIES), "DJANGO_SETTINGS_MODULE": "jobfirst.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout + process.stderr


@pytest.mark.services
def test_neither_a_report_nor_a_line_of_the_log_holds_what_pages_and_tasks_had_at_hand(child_environment):
    with sentry_server() as (dsn, bodies):
        written = run_failing_pages(
            child_environment | {"JOBFIRST_SENTRY_DSN": dsn, "JOBFIRST_LOG_FORMAT": "json"}
        )
    reports = "\n".join(bodies)
    assert [text for text in FORBIDDEN if text in reports] == []
    assert [text for text in FORBIDDEN if text in written] == []
    kinds = {"ValueError", "DataError", "RuntimeError"}
    assert {kind for kind in kinds if f'"{kind}"' in reports} == kinds
    assert "fail_in_database" in reports  # the function, and the page
    assert "%s %s of %s" in reports  # a sentence without its values
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert {"fail", "fail_in_database", "log"} <= {line.get("route") for line in lines}
    assert any(line.get("task") == "tests.fail" for line in lines)
    assert len([line for line in lines if "exception" in line]) >= 3


def test_nothing_is_reported_without_a_dsn():
    import sentry_sdk

    assert not sentry_sdk.get_client().is_active()


def test_the_sdk_is_told_to_collect_nothing_of_persons():
    chosen = options("https://key@sentry.example/1")
    assert chosen["send_default_pii"] is False
    assert chosen["include_local_variables"] is False
    assert chosen["max_request_body_size"] == "never"


def test_what_is_not_listed_does_not_leave():
    event = dict.fromkeys(("user", "request", "extra", "contexts", "breadcrumbs", "modules"), CANARIES[0])
    frame = {"filename": "a.py", "function": "f", "vars": {"name": CANARIES[0]}, "context_line": CANARIES[0]}
    error = {"type": "ValueError", "value": CANARIES[0], "stacktrace": {"frames": [frame]}}
    report = scrubbed(event | {"level": "error", "exception": {"values": [error]}}, {})
    assert CANARIES[0] not in json.dumps(report)
    assert report["exception"]["values"][0]["type"] == "ValueError"
