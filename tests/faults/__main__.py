"""Faults while people write: `python -m tests.faults` (`make faults`), `--only redis-gone …` for some.

1. A system of its own in a temporary folder: PostgreSQL, Redis, a mail sink on loopback, gunicorn, worker
   and beat. Mentors write contacts through the form all the time (tests/faults/writers.py).
2. One fault after the other (tests/faults/catalogue.py). After each, everybody must be able to write again
   without help, and each acknowledged write is looked for in the database, one by one.
3. The stored figures are verified at the end, as every night.

Prints a table and a report as JSON; exit code 1 when something is wrong.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jobfirst.row_security.context import all_projects
from tests.faults.catalogue import FAULTS
from tests.faults.run import Outcome, Run, try_fault, wait_until_written
from tests.faults.standby import give
from tests.faults.system import ServiceManager, System
from tests.faults.writers import Writers

WRITERS = 6


def system_in(folder: Path, base: Path | None) -> System:
    """Return a system in the folder: with the cluster and the keys of a folder made before, or a new one."""
    if base is not None:
        (folder / "data").mkdir(mode=0o700)
        shutil.copy2(base / "keys.env", folder / "data")
        shutil.copytree(base / "pg", folder / "data" / "pg", symlinks=True)
    system = System(folder)
    if base is not None:
        give(system.layout.postgres, system.postgres)
    return system


def prepare(system: System) -> None:
    """Start the servers, and migrate the database."""
    system.start()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from jobfirst.messaging import mute

    if mute.is_muted():  # a copied database is
        mute.set_muted(False, "a run of faults")


def run_faults(system: System, names: list[str], writers: int) -> list[Outcome]:
    """Let the faults happen one after the other; return what came of them."""
    from django.db import connections

    from jobfirst import clock
    from jobfirst.stored import checks as stored_checks
    from tests.faults import people
    from tests.faults.of_mail import now

    outcomes = []
    persons = people.make_writers(writers, clock.today())
    for derived in stored_checks.registered_rows():
        derived.recompute()
    inviter, readers = people.make_inviter(system.port), people.make_readers(system.port)
    connections.close_all()
    system.order_sink("accept", now())
    system.start_web()
    system.start_celery()
    with ServiceManager(system) as manager, Writers(system.port, persons) as everybody:
        run = Run(system, manager, everybody, inviter, readers)
        wait_until_written(run)
        for name in names:
            outcome = try_fault(run, name, FAULTS[name])
            outcomes.append(outcome)
            print(line_of(outcome), file=sys.stderr, flush=True)
    return outcomes


def line_of(outcome: Outcome) -> str:
    """Return a line about a fault."""
    recovery = "never" if outcome.recovery_seconds is None else f"{outcome.recovery_seconds:.1f} s"
    failures = ", ".join(f"{count} × {name}" for name, count in sorted(outcome.failures.items()))
    return (
        f"{outcome.name:32} {outcome.acknowledged:5} writes, all write again after {recovery:>7}"
        f"{'; unanswered: ' + failures if failures else ''}"
        f"{'; WRONG: ' + '; '.join(outcome.wrong[:3]) if outcome.wrong else ''}"
    )


def report(system: System, outcomes: list[Outcome], seconds: float) -> dict[str, Any]:
    """Return what the run has shown; the stored figures must be what the rows say."""
    verified = system.manage("verify_stored")
    wrong = [f"{outcome.name}: {fault}" for outcome in outcomes for fault in outcome.wrong]
    if verified.returncode:
        wrong.append(f"verify_stored: {verified.stdout[-300:]}{verified.stderr[-300:]}")
    return {
        "faults": len(outcomes),
        "acknowledged writes": sum(outcome.acknowledged for outcome in outcomes),
        "requests without an acknowledgement": sum(sum(outcome.failures.values()) for outcome in outcomes),
        "longest recovery": max((outcome.recovery_seconds or 999.0) for outcome in outcomes),
        "seconds": round(seconds),
        "wrong": wrong[:20],
        "outcomes": [asdict(outcome) for outcome in outcomes],
    }


@all_projects("the run looks at everything")
def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.faults", description="Faults while people write.")
    parser.add_argument("--only", nargs="+", choices=sorted(FAULTS), default=list(FAULTS), metavar="FAULT")
    parser.add_argument("--writers", type=int, default=WRITERS)
    parser.add_argument("--base", type=Path, help="a data folder with a migrated database, not in use")
    arguments = parser.parse_args()
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "JOBFIRST_BROKER_PREFIX"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-faults-"))
    system = system_in(folder, arguments.base)
    is_clean = False
    try:
        prepare(system)
        began = time.monotonic()
        outcomes = run_faults(system, arguments.only, arguments.writers)
        result = report(system, outcomes, time.monotonic() - began)
        is_clean = not result["wrong"]
    finally:
        system.stop()
        if is_clean:
            shutil.rmtree(folder)
        else:
            print(f"The logs are in {folder}", file=sys.stderr)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
