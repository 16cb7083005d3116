"""An upgrade while people work: `python -m tests.upgrade --from COMMIT` (`make upgrade`).

1. The earlier version is checked out into a temporary folder, makes its tables and a synthetic trial, and
   serves.
2. Mentors register contacts through the form and open pages all the time, through a proxy that does as nginx
   does with deploy/nginx/jobfirst.conf.
3. As docs/operations.md says: `migrate` of this version while the earlier one serves, then web processes of
   this version, to which new requests go, and SIGTERM to the earlier ones. And back again: the earlier
   version serves on the new tables.
   With `--paused` (from versions before the rule that migrations only add): new requests go to a socket at
   which nobody accepts yet, SIGTERM to the earlier version, `migrate`, and web processes of this version,
   which answer what has waited. Then an ordinary restart on the same socket.
4. Each answer of 5xx is counted, by phase, and each acknowledged contact is looked for in the database.

Prints a report as JSON; exit code 1 after a 5xx, a connection that was refused or broken off, or a write that
is lost or doubled.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devservices.children import listen
from devservices.layout import PROJECT
from scripts.release.activation import held_socket
from tests.faults.writers import PREFIX, Writers, mismatches
from tests.upgrade.people import MENTORS, PATIENCE_SECONDS, TEXTS, Crowd, Reader
from tests.upgrade.proxy import Proxy
from tests.upgrade.versions import Upgrade

#: The earliest version from which all migrations only add. From 0.1.0 (87244dc0) it needs a pause.
EARLIER_VERSION = "52f29fa2"
CITIZENS, WRITERS, READERS = 40, 4, 3
#: How many more ask for a page in the pause.
CROWD = 150


class Run:
    """One upgrade with the people and the proxy, and what is measured."""

    def __init__(self, trial: Upgrade) -> None:
        self.trial = trial
        trial.command(trial.former, "migrate", "--noinput", "--verbosity", "0")
        trial.command(trial.former, "seed_demo", "--citizens", str(CITIZENS))
        self.people = trial.ask(trial.former, MENTORS.replace("COUNT", str(WRITERS)))
        self.servers: list[subprocess.Popen[bytes]] = []
        self.seconds: dict[str, float] = {}
        self.crowd: dict[str, int] = {}
        self.former_port = free_port()
        self.servers.append(trial.serve(trial.former, self.former_port))
        entry = free_port()
        self.proxy = Proxy(entry, self.former_port)
        self.writers = Writers(entry, self.people, PATIENCE_SECONDS)
        self.readers = [Reader(entry, cookies) for cookies, _address in self.people[:READERS]]

    @contextmanager
    def working(self) -> Iterator[None]:
        """People work in the block; at its end what was started has ended."""
        try:
            with self.proxy, self.writers:
                self.phase("earlier version")
                for reader in self.readers:
                    reader.start()
                yield
                for reader in self.readers:
                    reader.stopped.set()
                    reader.join(PATIENCE_SECONDS)
        finally:
            for server in self.servers:
                if server.poll() is None:
                    os.killpg(server.pid, signal.SIGKILL)
                    server.wait()

    def phase(self, name: str, seconds: float = 0) -> None:
        """From now on what is seen is of this phase; it lasts for these seconds at least."""
        self.proxy.phase = name
        time.sleep(seconds)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Measure the block."""
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)

    def migrate(self) -> None:
        with self.timed("migrate"):
            self.trial.command(PROJECT, "migrate", "--noinput", "--verbosity", "0")

    def end_server(self) -> None:
        """SIGTERM to the server that was started last; it answers what it has begun."""
        with self.timed("end of a server"):
            self.servers[-1].send_signal(signal.SIGTERM)
            self.servers[-1].wait(120)


def free_port() -> int:
    with listen(0) as free:
        port: int = free.getsockname()[1]
    return port


def upgrade(run: Run) -> None:
    """As always: migrate while the earlier version serves, exchange the servers; and back."""

    def swap(code: Path, port: int) -> None:
        server = run.trial.serve(code, port)
        run.proxy.target = port
        run.end_server()
        run.servers.append(server)

    with run.working():
        time.sleep(5)
        run.phase("migrate")
        run.migrate()
        run.phase("earlier version on the new tables", 10)
        run.phase("swap")
        swap(PROJECT, free_port())
        run.phase("this version", 10)
        run.phase("back")
        swap(run.trial.former, run.former_port)
        run.phase("earlier version again", 10)


def upgrade_with_pause(run: Run) -> None:
    """Requests wait at a socket that outlives its servers, while the tables are migrated."""
    trial = run.trial
    wait = [sys.executable, "manage.py", "wait_for_migrations"]
    with held_socket() as listener, run.working():
        port = listener.getsockname()[1]

        def start_unit() -> subprocess.Popen[bytes]:
            return trial.start(PROJECT, wait)

        def serve_when_ready(unit: subprocess.Popen[bytes]) -> None:
            if unit.wait():
                raise SystemExit(f"wait_for_migrations has failed: see {trial.folder}")
            run.servers.append(trial.serve_on(listener, PROJECT))
            trial.wait_for(run.servers[-1], port)

        time.sleep(5)
        run.phase("pause")
        with run.timed("pause"):
            unit = start_unit()
            run.proxy.target = port
            crowd = Crowd(run.proxy.port, CROWD)
            run.end_server()
            run.migrate()
            serve_when_ready(unit)
        run.crowd = crowd.join()
        run.phase("this version", 10)
        run.phase("restart")
        with run.timed("restart"):
            run.end_server()
            serve_when_ready(start_unit())
        run.phase("this version again", 10)


def report(run: Run) -> dict[str, Any]:
    """Return what was seen, by phase."""
    stored = Counter(text for text in run.trial.ask(PROJECT, TEXTS) if text.startswith(PREFIX))
    acknowledged = run.writers.acknowledged()
    seen = run.proxy.seen
    return {
        "seconds": run.seconds,
        "answers": {phase: dict(sorted(of.statuses.items())) for phase, of in seen.items()},
        "refused or broken off": {phase: dict(of.failures) for phase, of in seen.items() if of.failures},
        "longest wait in seconds": {phase: round(of.longest, 1) for phase, of in seen.items()},
        "crowd of the pause": run.crowd,
        "without an answer": dict(sum((reader.failures for reader in run.readers), run.writers.failures())),
        "acknowledged writes": len(acknowledged),
        "5xx": sum(
            count for of in seen.values() for status, count in of.statuses.items() if status.startswith("5")
        ),
        "wrong": mismatches(acknowledged, stored)[:20],
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.upgrade", description="An upgrade while people work.")
    parser.add_argument(
        "--from", dest="commit", default=EARLIER_VERSION, help="the commit of the earlier version"
    )
    parser.add_argument("--paused", action="store_true", help="requests wait while the tables are migrated")
    arguments = parser.parse_args()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "JOBFIRST_BROKER_PREFIX"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-upgrade-"))
    trial = Upgrade(folder, arguments.commit)
    try:
        run = Run(trial)
        (upgrade_with_pause if arguments.paused else upgrade)(run)
        result = report(run)
    finally:
        trial.system.stop()
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if result["5xx"] or result["wrong"] or result["refused or broken off"]:
        print(f"The logs are in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
