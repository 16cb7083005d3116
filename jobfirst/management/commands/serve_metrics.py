"""Answers Prometheus at an address of its own, until it is ended."""

import argparse
import ipaddress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from jobfirst.monitoring.token import is_token
from jobfirst.row_security.context import no_project

PATH = "/metrics"


class Command(BaseCommand):
    help = "Serves the metrics for Prometheus (JOBFIRST_METRICS_DIR); see docs/operations.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1:9108", help="address:port (default %(default)s)")

    @no_project("the thread of each scrape says itself what it works on")
    def handle(self, *args: Any, bind: str, **options: Any) -> None:
        if not settings.JOBFIRST_METRICS_DIR:
            raise CommandError("Set JOBFIRST_METRICS_DIR: nothing is counted without it.")
        host, _colon, port = bind.rpartition(":")
        try:
            is_local = ipaddress.ip_address(host).is_loopback
            server = ThreadingHTTPServer((host, int(port)), MetricsHandler)
        except (ValueError, OSError) as error:
            raise CommandError(f"--bind {bind}: {error}") from error
        with server:
            if not (is_local or settings.JOBFIRST_MONITORING_TOKEN):
                raise CommandError("Set JOBFIRST_MONITORING_TOKEN before others than this machine may ask.")
            self.stderr.write(f"http://{host}:{server.server_port}{PATH}")
            server.serve_forever()


class MetricsHandler(BaseHTTPRequestHandler):
    """Answers GET /metrics: to anybody while there is no token, else to whoever has it."""

    server_version = "JobFirst"
    sys_version = ""

    def do_GET(self) -> None:
        if self.path != PATH:
            self.answer(404, b"")
        elif not self.may_scrape():
            self.answer(401, b"")
        else:
            from jobfirst.monitoring import metrics

            try:
                self.answer(200, metrics.text())
            finally:
                connection.close()  # of this thread

    def may_scrape(self) -> bool:
        return not settings.JOBFIRST_MONITORING_TOKEN or is_token(self.headers.get("Authorization", ""))

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Scrapes are not logged."""
