"""The secrets of links stand in no log: neither in Django's nor in gunicorn's, nor in tracebacks."""

import http.client
import io
import json
import logging
import socket
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.links.secrets import new_secret
from devservices.layout import PROJECT
from jobfirst.logs.handlers import WEB_SERVER, clean_web_server
from jobfirst.logs.masking import MaskedFormatter, masked, masked_formatter

ADDRESS = "/svar/bilag/{}/"


@pytest.fixture
def log():
    """Return a logger with the site's handler, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(masked_formatter("{levelname} {message}"))
    logger = logging.getLogger("tests.secrets")
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


@pytest.fixture
def secret():
    return new_secret().text


def test_messages_are_written_without_the_secret_however_it_gets_in(log, secret):
    logger, stream = log
    path = ADDRESS.format(secret)
    logger.error("no page: %s", path)
    logger.error(f"no page: {path}")
    logger.error("no page: %(path)s", {"path": path})
    logger.error("no pages: %s", [path])
    assert stream.getvalue().count("/svar/bilag/…/") == 4
    assert secret not in stream.getvalue()


def test_an_exceptions_text_and_traceback_are_written_without_the_secret(log, secret):
    logger, stream = log
    try:
        reverse("companies:annex_by_link", args=[secret, "more"])
    except NoReverseMatch as error:
        logger.exception("failed: %s", error)
    written = stream.getvalue()
    assert "NoReverseMatch" in written
    assert "in test_an_exceptions_text_and_traceback_are_written_without_the_secret" in written
    assert secret not in written


def test_an_error_of_an_error_is_masked_too(log, secret):
    logger, stream = log
    try:
        try:
            raise KeyError(secret)
        except KeyError as error:
            raise RuntimeError(f"nothing at {ADDRESS.format(secret)}") from error
    except RuntimeError:
        logger.exception("failed")
    assert stream.getvalue().count("…") == 2
    assert secret not in stream.getvalue()


def test_public_ids_days_and_names_stay_readable():
    text = "GET /forloeb/6d55c71e-c29f-469c-b77b-cb76f5fc7dcf/ 2016-04-04 companies.actions.placements"
    assert masked(text) == text


def test_the_sites_own_handler_masks():
    handlers = [item for item in logging.getLogger().handlers if type(item) is logging.StreamHandler]
    assert any(isinstance(item.formatter, MaskedFormatter) for item in handlers)


def test_gunicorns_handlers_mask_once_and_keep_their_layout(secret):
    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(logging.Formatter("[gunicorn] %(message)s"))
    logger = logging.getLogger(WEB_SERVER[0])
    logger.addHandler(handler)
    try:
        clean_web_server()
        clean_web_server()
        logger.error("Error handling request %s", ADDRESS.format(secret))
    finally:
        logger.removeHandler(handler)
    assert handler.stream.getvalue() == "[gunicorn] Error handling request /svar/bilag/…/\n"


@pytest.fixture
def gunicorn(transactional_db, child_environment, tmp_path):
    """Run the site in gunicorn with its access log; return the port, and a function that reads its logs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "tests.jobfirst.logs.failing_site", "--access-logfile", "-"]
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "--log-level", "debug", "--worker-tmp-dir", "/tmp"],
            cwd=PROJECT,
            env=child_environment | {"JOBFIRST_LOG_FORMAT": "json"},
            stdout=stream,
            stderr=stream,
        )
    try:
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield port, log.read_text
    finally:
        process.terminate()
        process.wait()


def status_of(port, path, method="GET"):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request(method, path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        answer.read()
        return answer.status


@pytest.mark.services
@pytest.mark.long
def test_a_running_gunicorn_writes_no_secret(gunicorn, secret):
    port, read_log = gunicorn
    assert status_of(port, ADDRESS.format(secret)) == 404
    assert status_of(port, ADDRESS.format(secret) + "?fail") == 500
    assert status_of(port, ADDRESS.format(secret), "OPTIONS") == 405
    with socket.create_connection(("127.0.0.1", port)) as raw:
        raw.sendall(f"GET {ADDRESS.format(secret)} HTTP/9.9\r\n\r\n".encode())
        raw.recv(1000)
    written = read_log()
    assert secret not in written
    lines = [json.loads(line) for line in written.splitlines()]
    (failure,) = [line["exception"] for line in lines if "exception" in line]
    assert failure["class"] == "RuntimeError"
    assert failure["at"][-1].startswith("tests/jobfirst/logs/failing_site.py:")
    requests = [line for line in lines if line["logger"] == "jobfirst.logs.access_log"]
    # A method that no page has is refused before its address is looked up (jobfirst/edges/middleware.py).
    routes = [(line["status"], line["route"]) for line in requests]
    assert routes == [(404, "companies:annex_by_link"), (405, "-")]
    assert len(requests[0]["request_id"]) == 32
