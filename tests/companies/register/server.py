"""A register of companies on this machine, which answers as the public one does, or badly."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


def answer_of(cvr: str, **fields: object) -> dict[str, object]:
    """Return the register's answer about a bakery with two workplaces, one of them closed."""
    unit = {"zipcode": "5000", "city": "Odense C", "employees": 12, "enddate": None}
    return {
        "vat": int(cvr),
        "name": "Bageren & Søn ApS",
        "address": "Vestergade 7, 1.",
        "zipcode": "5000",
        "city": "Odense C",
        "protected": False,
        "employees": "20-49",
        "industrycode": 107110,
        "industrydesc": "Fremstilling af friske bageriprodukter",
        "productionunits": [
            {**unit, "pno": 1003257425, "name": "Bageren, Havnen", "address": "Havnegade 3"},
            {
                **unit,
                "pno": 1003257424,
                "name": "Bageren",
                "address": "Vestergade 7",
                "enddate": "31/12 - 2015",
            },
        ],
        "version": 6,
        **fields,
    }


class RegisterServer(ThreadingHTTPServer):
    """Answers each GET with `status` and `body`; `pause` seconds between the parts of the body."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.status = 200
        self.body: bytes | None = None
        self.fields: dict[str, object] = {}
        self.pause = 0.0
        self.requests: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"


class _Answer(BaseHTTPRequestHandler):
    server: RegisterServer

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        cvr = parse_qs(urlsplit(self.path).query)["search"][0]
        body = self.server.body
        if body is None:
            body = json.dumps(answer_of(cvr, **self.server.fields)).encode()
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url + "/elsewhere")
        self.end_headers()
        try:
            if not self.server.pause:
                self.wfile.write(body)
            for byte in body if self.server.pause else b"":
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(self.server.pause)
        except OSError:  # the client has had enough
            return

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def running_register() -> Iterator[RegisterServer]:
    """Run the server in the block."""
    server = RegisterServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
