"""A system with two versions: the earlier one in a folder of its own, and that of this checkout."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bench.browser import Browser
from devservices.layout import PROJECT
from scripts.release.activation import activated
from tests.faults.system import System

SERVER = [
    *(sys.executable, "-m", "gunicorn", "jobfirst.wsgi"),
    *("--workers", "2", "--threads", "4", "--graceful-timeout", "60"),
]
START_SECONDS = 180
ON_ALL_PROJECTS = """
try:
    from jobfirst.row_security.context import all_projects
except ImportError:  # a version before the walls
    pass
else:
    all_projects("an upgrade").__enter__()
"""


class Upgrade:
    """The system, its two versions, and what was seen."""

    def __init__(self, folder: Path, commit: str) -> None:
        self.folder = folder
        self.former = folder / "former"
        self.system = System(folder / "system")
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
        """Start gunicorn with this version on a port of its own; return when it answers."""
        process = self.start(code, [*SERVER, "--bind", f"127.0.0.1:{port}"])
        self.wait_for(process, port)
        return process

    def serve_on(self, listener: socket.socket, code: Path) -> subprocess.Popen[bytes]:
        """Start gunicorn with this version on a socket that is held here, as a socket unit does."""
        return self.start(code, activated(listener, SERVER), pass_fds=[listener.fileno()])

    def start(self, code: Path, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a process of this version, whose output goes to its log."""
        with (self.folder / f"{code.name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=code,
                env=self.environment(code),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )

    def wait_for(self, process: subprocess.Popen[bytes], port: int) -> None:
        """Return when this server answers; SystemExit when it has ended, or does not start."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if Browser(port, {}, timeout=START_SECONDS).get("/konto/login/").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.3)
        raise SystemExit(f"the server does not answer: see {self.folder}")


def check_out(commit: str, folder: Path) -> None:
    """Put the files of a commit into a new folder, with what a set-up adds."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    (folder / "node_modules").symlink_to(PROJECT / "node_modules")
    shutil.copytree(PROJECT / "static" / "vendor", folder / "static" / "vendor", dirs_exist_ok=True)


def install_missing(code: Path, target: Path) -> None:
    """Install the packages that the earlier version needs here and this one has not any more."""
    lines = (code / "requirements-runtime.lock").read_text().splitlines()
    needed = [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalpha() and "==" in line]
    present = {canonicalize_name(entry.name) for entry in distributions()}
    missing = [
        f"{package.name}{package.specifier}"
        for package in needed
        if canonicalize_name(package.name) not in present
        and (package.marker is None or package.marker.evaluate())
    ]
    if missing:
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target)]
        subprocess.run([*command, *missing], check=True, stdout=subprocess.DEVNULL)
