"""How much a lost database server takes with it (`make recovery-point`).

A server archives as docs/operations.md describes it, and a row is committed ten times a second. At a moment
of chance it is killed and its folder removed. A new server recovers from the base and the archive; what is
missing of what was committed is the recovery point. Prints it as JSON for each time; exit code 1 above the
limit.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg

from devservices import keys
from devservices.archive import archive_settings, make_archive_folder, restore_settings
from devservices.binaries import postgres_home
from devservices.layout import Layout
from devservices.postgres import Postgres
from tests.chaos.servers import wait_for
from tests.faults.standby import copy_base, give

LIMIT_SECONDS = 5 * 60
#: After every moment that is recovered here: everything that was archived comes back.
END_OF_TIME = "2100-01-01"
PAUSE_SECONDS = 0.1


class Committer(threading.Thread):
    """Commits a numbered row ten times a second, until the server is gone; `moments` are when it was said."""

    def __init__(self, connection: psycopg.Connection) -> None:
        super().__init__(daemon=True)
        self.connection = connection
        self.moments: list[float] = []

    def run(self) -> None:
        try:
            while True:
                self.connection.execute("INSERT INTO writes VALUES (%s)", [len(self.moments)])
                self.moments.append(time.monotonic())
                time.sleep(PAUSE_SECONDS)
        except psycopg.Error:
            return


def lose_a_server(folder: Path, seconds: float) -> dict[str, float]:
    """Let a server archive for so many seconds, lose it, and return what was lost, and how long it took."""
    system, machine, archive = Layout(folder / "system"), Layout(folder / "machine"), folder / "archive"
    system.create()
    keys.load_or_create(system.keys)
    server = Postgres(system, durable=True, more_settings=archive_settings(archive))
    make_archive_folder(archive, server.user)
    server.start(lambda: True)
    try:
        with server.connect() as connection:
            connection.execute("CREATE TABLE writes (number int)")
            copy_base(server, machine)
            committer = Committer(connection)
            committer.start()
            time.sleep(seconds)
            assert server.process is not None
            server.process.kill()
            server.process.wait()
            committer.join(60)
    finally:
        server.stop()
    shutil.rmtree(server.folder)
    began = time.monotonic()
    last = newest_row(machine, server, archive)
    lost = committer.moments[last + 1 :] if last is not None else committer.moments
    return {
        "committed": len(committer.moments),
        "lost rows": len(lost),
        "lost seconds": round(committer.moments[-1] - lost[0], 1) if lost else 0.0,
        "seconds of the recovery": round(time.monotonic() - began, 1),
    }


def newest_row(machine: Layout, server: Postgres, archive: Path) -> int | None:
    """Recover all that was archived; return the number of the last row, None without any."""
    new = Postgres(machine, durable=False, more_settings=recovery_settings(archive))
    (machine.postgres / "recovery.signal").touch()
    give(machine.postgres, server)
    new._configure()
    new._launch(postgres_home(new.user))
    try:
        assert new._wait_until_answering(lambda: True), new.log.read_text()[-2000:]
        with new.connect() as connection:
            in_recovery = "SELECT pg_is_in_recovery()"
            assert wait_for(lambda: connection.execute(in_recovery).fetchone() == (False,), 300)
            rows = connection.execute("SELECT number FROM writes ORDER BY number").fetchall()
    finally:
        new.stop()
    assert [number for (number,) in rows] == list(range(len(rows))), "a row is missing in between"
    return len(rows) - 1 if rows else None


def recovery_settings(archive: Path) -> str:
    """Return the lines that recover everything in the archive."""
    lines = restore_settings(archive, END_OF_TIME).splitlines()
    return "\n".join(line for line in lines if not line.startswith("recovery_target")) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults.recovery_point", description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--longest", type=float, default=200.0, help="seconds until the server is lost")
    arguments = parser.parse_args()
    results = []
    for _ in range(arguments.times):
        with tempfile.TemporaryDirectory(prefix="jobfirst-recovery-") as folder:
            Path(folder).chmod(0o711)
            seconds = random.uniform(0.5, 1.0) * arguments.longest
            results.append(lose_a_server(Path(folder), seconds))
            print(json.dumps(results[-1]), flush=True)
    return 0 if max(result["lost seconds"] for result in results) <= LIMIT_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
