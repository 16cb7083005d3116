"""`make run`: a whole installation on this machine, until Ctrl-C."""

import argparse
import http.client
import io
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich.console import Console

import devservices
from devservices.children import Family, family, listen

REFERENCE = settings.BASE_DIR / "jobfirst" / "reference" / "projects.csv"
WAIT_SECONDS = 60
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Starts web, worker, beat and a mail catcher on this machine, with a synthetic trial."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--empty", action="store_true", help="do not load the synthetic trial")

    def handle(self, *args: Any, port: int, empty: bool, **options: Any) -> None:
        for number in STOPPING:  # Ctrl-C too, which a shell has its background jobs ignore
            signal.signal(number, interrupt)
        data = Path(settings.DATA_DIR)
        (data / "logs").mkdir(parents=True, exist_ok=True)
        console = Console(soft_wrap=True, highlight=False)
        children: Family | None = None
        try:
            if not empty and settings.JOBFIRST_MODE == "rehearsal":
                fill()
            connections.close_all()
            web, mail = listen(port), listen(0)
            address = f"http://localhost:{web.getsockname()[1]}"
            environment = devservices.environment_with(
                JOBFIRST_BASE_URL=address,
                EMAIL_URL=f"smtp://127.0.0.1:{mail.getsockname()[1]}",
            )
            children = family(web, mail, data, environment)
            children.start()
            wait_for(web.getsockname()[1], children)
            show(console, address, data)
            watch(console, children)
        except devservices.ServiceError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            console.print("\nStopping …")
        finally:
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
            if children is not None:
                children.end()
            devservices.leave()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def fill() -> None:
    """Load the reference data and the synthetic trial into an empty system; leave any other alone."""
    if not apps.get_model("accounts", "Project").objects.exists():
        call_command("import_projects", str(REFERENCE), stdout=io.StringIO())
    if not apps.get_model("cases", "Citizen").objects.exists():
        call_command("seed_demo", stdout=io.StringIO())  # its progress is on standard error


def wait_for(port: int, children: Family) -> None:
    """Wait until the site answers; ServiceError if it does not within a minute or keeps ending."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        children.tend()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/", headers={"Host": "localhost"})
            if connection.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise devservices.ServiceError(f"the site does not answer; see {settings.DATA_DIR}/logs/web.log")


def show(console: Console, address: str, data: Path) -> None:
    """Print the address and, in a synthetic trial, who may sign in."""
    console.print(f"\nJobFirst: [bold]{address}[/bold]\n")
    signins = data / "demo-signins.json"
    if signins.exists():
        for entry in json.loads(signins.read_text()):
            # Not a table, which would cut an address short on a narrow terminal.
            console.print(f"  {entry['role']:<24} {entry['email']:<46} {entry['password']}", markup=False)
    console.print(f"\nMail: {data / 'mail'}   Logs: {data / 'logs'}   Ctrl-C ends all of it.", markup=False)


def watch(console: Console, children: Family) -> None:
    """Keep everything running until interrupted."""
    while True:
        for name in children.tend():
            console.print(f"{name} ended and was started again.")
        time.sleep(0.5)
