"""An SMS gateway on this machine."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway(ThreadingHTTPServer):
    """What the gateway was sent, and the status that it answers, after so many seconds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GatewayHandler)
        self.status = 202
        self.seconds = 0.0
        self.received = []
        self.answered = []


class GatewayHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        status = self.server.status
        self.server.answered.append(status)
        time.sleep(self.server.seconds)
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_args) -> None:
        """Say nothing."""


@contextmanager
def running_gateway(settings) -> Iterator[Gateway]:
    """Run a gateway, and name it in the settings."""
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    settings.JOBFIRST_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.JOBFIRST_SMS_TOKEN = "a-token"
    yield server
    server.shutdown()
    server.server_close()
