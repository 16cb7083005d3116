"""`make run`: a whole installation on this machine, until Ctrl-C."""

import argparse
import http.client
import io
import json
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich.console import Console

import devservices
from devservices.children import Family, listen, site_processes
from devservices.waiting import WaitNotice, notice_while
from jobfirst.row_security.context import all_projects, no_project

REFERENCE = settings.BASE_DIR / "jobfirst" / "reference" / "projects.csv"
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Starts web, worker, beat and a mail catcher on this machine, with a synthetic trial."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--empty", action="store_true", help="do not load the synthetic trial")

    @no_project("it starts other processes")
    def handle(self, *args: Any, port: int, empty: bool, **options: Any) -> None:
        for number in STOPPING:  # Ctrl-C too, which background jobs of a shell ignore
            signal.signal(number, interrupt)
        data = Path(settings.DATA_DIR)
        (data / "logs").mkdir(parents=True, exist_ok=True)
        console = Console(soft_wrap=True, highlight=False)
        children: Family | None = None
        try:
            if not empty and settings.JOBFIRST_MODE == "rehearsal":
                load_demo(console)
            connections.close_all()
            web, mail = listen(port), listen(0)
            address = f"http://localhost:{web.getsockname()[1]}"
            environment = devservices.environment_with(
                JOBFIRST_BASE_URL=address,
                EMAIL_URL=f"smtp://127.0.0.1:{mail.getsockname()[1]}",
            )
            children = site_processes(web, mail, data, environment)
            console.print("Starting the web server, the worker, beat and the mail catcher …")
            children.start()
            wait_for(web.getsockname()[1], children, data, console)
            print_sign_ins(console, address, data)
            keep_running(console, children)
        except devservices.ServiceError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            console.print("\nStopping …")
        finally:
            for number in STOPPING:
                signal.signal(number, signal.SIG_IGN)  # a second Ctrl-C must not leave processes running
            if children is not None:
                children.end()
            devservices.leave()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def load_demo(console: Console) -> None:
    """Load the reference data and the synthetic trial, each only into empty tables."""
    with notice_while("Loading the synthetic trial"):
        if is_empty("accounts", "Project"):
            call_command("import_projects", str(REFERENCE), stdout=io.StringIO())
        if is_empty("cases", "Citizen"):
            console.print("Loading the synthetic trial …")
            call_command("seed_demo", stdout=io.StringIO())  # its progress is on standard error


@all_projects("whether anything is stored yet, of whatever project")
def is_empty(app: str, model: str) -> bool:
    return not apps.get_model(app, model).objects.exists()


def wait_for(port: int, children: Family, data: Path, console: Console) -> None:
    """Wait until the site answers, without a time limit; ServiceError when a child keeps ending."""
    notice = WaitNotice(f"Waiting for the web server to answer (log: {data / 'logs' / 'web.log'})")

    def look_after_children() -> None:
        report_restarts(children, console)
        notice.show_when_due()

    while not is_answering(port, look_after_children):
        look_after_children()
        time.sleep(0.1)


def is_answering(port: int, look_after_children: Callable[[], None]) -> bool:
    """Request the start page once and return whether the answer is no error; False without an answer.

    Calls `look_after_children` while it waits. One request, not one every few seconds: abandoned requests
    would only make a slow server slower.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", "/", headers={"Host": "localhost"})
        while not select.select([connection.sock], [], [], 0.1)[0]:
            look_after_children()
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def print_sign_ins(console: Console, address: str, data: Path) -> None:
    """Print the address and, in a synthetic trial, who may sign in."""
    console.print(f"\nJobFirst: [bold]{address}[/bold]\n")
    signins = data / "demo-signins.json"
    if signins.exists():
        for entry in json.loads(signins.read_text()):
            # Not a table, which would shorten the address on a narrow terminal.
            console.print(f"  {entry['role']:<24} {entry['email']:<46} {entry['password']}", markup=False)
    console.print(f"\nMail: {data / 'mail'}   Logs: {data / 'logs'}   Ctrl-C ends all of it.", markup=False)


def keep_running(console: Console, children: Family) -> None:
    """Keep everything running until interrupted."""
    while True:
        report_restarts(children, console)
        time.sleep(0.5)


def report_restarts(children: Family, console: Console) -> None:
    for name in children.restart_ended():
        console.print(f"{name} ended and was started again.")
