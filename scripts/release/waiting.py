"""Waiting for servers, and asking the site as the proxy would."""

import http.client
import socket
import time
from collections.abc import Callable

HOST = "jobfirst.example"
START_SECONDS = 900  # a slow machine only takes longer


class TrialFailed(Exception):
    """What went wrong, in one sentence."""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def answer(port: int, path: str) -> int | None:
    """Return the status of an answer as the proxy would get it; None without one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def wait_for(is_there: Callable[[], bool], subject: str) -> None:
    """Wait until something is there; TrialFailed after three minutes."""
    deadline = time.monotonic() + START_SECONDS
    while not is_there():
        if time.monotonic() > deadline:
            raise TrialFailed(f"{subject} did not start within {START_SECONDS} s")
        time.sleep(0.3)
