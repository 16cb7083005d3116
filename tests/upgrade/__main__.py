"""An upgrade while people work: `python -m tests.upgrade --from COMMIT` (`make upgrade`).

1. The earlier version is checked out into a temporary folder, makes its tables and a synthetic trial, and
   serves.
2. Mentors register contacts through the form and open pages all the time, through a proxy on loopback.
3. As docs/operations.md says: `migrate` of this version while the earlier one serves, then web processes of
   this version, to which new connections go, and SIGTERM to the earlier ones. And back again: the earlier
   version serves on the new tables.
4. Each answer of 5xx is counted, by phase, and each acknowledged contact is looked for in the database.

Prints a report as JSON; exit code 1 after a 5xx or a write that is lost or doubled.
"""

import argparse
import http.client
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from bench.browser import Browser
from devservices.children import listen
from devservices.layout import PROJECT
from tests.faults.system import System
from tests.faults.writers import PREFIX, Writers, mismatches
from tests.upgrade.proxy import Proxy

#: The earliest version from which all migrations only add. From 0.1.0 (87244dc0) it needs a stop.
EARLIER_VERSION = "52f29fa2"
CITIZENS, WRITERS = 40, 4
ON_ALL_PROJECTS = """
try:
    from jobfirst.row_security.context import all_projects
except ImportError:  # a version before the walls
    pass
else:
    all_projects("an upgrade").__enter__()
"""
PEOPLE = """
import json
from django.conf import settings
from django.test import Client
from django.urls import reverse
from cases.models import Course, FunctionHolding
people = []
for holding in FunctionHolding.objects.filter(
    function="mentor", until_on=None, course__ended_on=None
).order_by("user", "pk").distinct("user")[:COUNT]:
    client = Client()
    client.force_login(holding.user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    address = reverse("cases:new_contact", args=[holding.course.public_id])
    people.append([{settings.SESSION_COOKIE_NAME: cookie}, address])
print(json.dumps(people))
"""
TEXTS = """
import json
from cases.models import MentorContact
print(json.dumps(list(MentorContact.objects.values_list("note", flat=True))))
"""
PAGES = ("/min-uge/", "/forloeb/", "/paamindelser/", "/konto/login/")


class Reader(threading.Thread):
    """Opens pages again and again; counts the answers by phase and status."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.browser = Browser(port, cookies, timeout=120)
        self.phase = ""
        self.answers: Counter[str] = Counter()
        self.stopped = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            page = PAGES[number % len(PAGES)]
            number += 1
            try:
                status = str(self.browser.get(page).status)
            except (OSError, http.client.HTTPException) as error:
                status = type(error).__name__
            self.answers[f"{self.phase}: {status}"] += 1
            self.stopped.wait(0.05)


class Upgrade:
    """The system, its two versions, and what was seen."""

    def __init__(self, folder: Path, commit: str) -> None:
        self.folder = folder
        self.former = folder / "former"
        self.system = System(folder / "system")
        self.seconds: dict[str, float] = {}
        check_out(commit, self.former)
        install_missing(self.former, folder / "packages")
        self.system.start_servers()

    def command(self, code: Path, *arguments: str) -> str:
        """Run a command of one of the versions to its end; return what it prints."""
        finished = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=code,
            env=self.environment(code),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if finished.returncode:
            raise SystemExit(f"{code.name}: {' '.join(arguments)[:60]}: exit code {finished.returncode}")
        return finished.stdout

    def ask(self, code: Path, program: str) -> Any:
        """Return what a program that runs in the shell of one of the versions prints as JSON."""
        return json.loads(self.command(code, "shell", "--no-imports", "-c", ON_ALL_PROJECTS + program))

    def environment(self, code: Path) -> dict[str, str]:
        """Return the environment of a process of this version."""
        path = os.pathsep.join((str(code), str(self.folder / "packages")))
        return {"PATH": os.environ["PATH"], **self.system.environment, "PYTHONPATH": path}

    def serve(self, code: Path, port: int) -> subprocess.Popen[bytes]:
        """Start gunicorn with this version; return when it answers."""
        with (self.folder / f"web-{port}.log").open("ab") as log:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "jobfirst.wsgi", "--bind", f"127.0.0.1:{port}"),
                    *("--workers", "2", "--threads", "4", "--graceful-timeout", "60"),
                ],
                cwd=code,
                env=self.environment(code),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if Browser(port, {}, timeout=60).get("/konto/login/").status == 200:
                    return process
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
        raise SystemExit(f"{code.name} does not answer: see {self.folder}")


def check_out(commit: str, folder: Path) -> None:
    """Put the files of a commit into a new folder, with what a set-up adds."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    (folder / "node_modules").symlink_to(PROJECT / "node_modules")
    shutil.copytree(PROJECT / "static" / "vendor", folder / "static" / "vendor", dirs_exist_ok=True)


def install_missing(code: Path, target: Path) -> None:
    """Install the packages that the earlier version needs and this one has not any more."""
    lines = (code / "requirements-runtime.lock").read_text().splitlines()
    needed = [line.split()[0].partition(";")[0] for line in lines if line[:1].isalpha() and "==" in line]
    present = {entry.name.lower().replace("_", "-") for entry in distributions()}
    missing = [text for text in needed if text.partition("==")[0].lower() not in present]
    if missing:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
        subprocess.run([*command, *missing], check=True, stdout=subprocess.DEVNULL)


def upgrade(trial: Upgrade) -> dict[str, Any]:
    """Do it; return the report."""
    trial.command(trial.former, "migrate", "--noinput", "--verbosity", "0")
    trial.command(trial.former, "seed_demo", "--citizens", str(CITIZENS))
    people = trial.ask(trial.former, PEOPLE.replace("COUNT", str(WRITERS)))
    ports = []
    for _ in range(3):
        with listen(0) as free:
            ports.append(free.getsockname()[1])
    entry, former_port, new_port = ports
    servers = [trial.serve(trial.former, former_port)]
    reader = Reader(entry, people[0][0])
    phases: dict[str, Counter[str]] = {}
    try:
        with Proxy(entry, former_port) as proxy, Writers(entry, people) as writers:
            reader.start()

            def phase(name: str, seconds: float = 0) -> None:
                reader.phase = name
                phases[name] = writers.failures()
                time.sleep(seconds)

            def swap(code: Path, port: int) -> None:
                servers.append(trial.serve(code, port))
                proxy.target = port
                servers[-2].send_signal(signal.SIGTERM)
                servers[-2].wait(120)

            phase("earlier version", 5)
            phase("migrate")
            began = time.monotonic()
            trial.command(PROJECT, "migrate", "--noinput", "--verbosity", "0")
            trial.seconds["migrate"] = round(time.monotonic() - began)
            phase("earlier version on the new tables", 10)
            phase("swap")
            swap(PROJECT, new_port)
            phase("this version", 10)
            phase("back")
            swap(trial.former, former_port)
            phase("earlier version again", 10)
            phase("end")
            reader.stopped.set()
            reader.join(130)
        return report(trial, writers, reader, phases)
    finally:
        for server in servers:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def report(
    trial: Upgrade, writers: Writers, reader: Reader, phases: dict[str, Counter[str]]
) -> dict[str, Any]:
    """Return what was seen, by phase."""
    stored = Counter(text for text in trial.ask(PROJECT, TEXTS) if text.startswith(PREFIX))
    names = list(phases)
    of_writers = {
        name: dict(phases[following] - phases[name]) for name, following in itertools.pairwise(names)
    }
    acknowledged = writers.acknowledged()
    server_errors = sum(count for status, count in writers.failures().items() if status.startswith("5"))
    server_errors += sum(
        count for name, count in reader.answers.items() if name.partition(": ")[2].startswith("5")
    )
    return {
        "seconds": trial.seconds,
        "pages by phase and status": dict(sorted(reader.answers.items())),
        "writes not answered as expected by phase": of_writers,
        "acknowledged writes": len(acknowledged),
        "5xx": server_errors,
        "wrong": mismatches(acknowledged, stored)[:20],
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.upgrade", description="An upgrade while people work.")
    parser.add_argument(
        "--from", dest="commit", default=EARLIER_VERSION, help="the commit of the earlier version"
    )
    arguments = parser.parse_args()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "JOBFIRST_BROKER_PREFIX"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-upgrade-"))
    trial = Upgrade(folder, arguments.commit)
    try:
        result = upgrade(trial)
    finally:
        trial.system.stop()
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if result["5xx"] or result["wrong"]:
        print(f"The logs are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
