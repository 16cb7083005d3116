"""A drill of backup and restore (`make drill`): how much is lost, and for how long people cannot work.

1. A rehearsal with a synthetic trial is made in a temporary folder: the demo's, or from 1,000 citizens on by
   COPY (bench/fill_drill.py), with a ledger of 2,000 draws, statements in every state and a sealed audit log.
2. It is backed up. What is written after that moment would be lost: the recovery point is as old as the time
   between two backups and the time that one takes.
3. A machine without anything: a new folder with the keys from the archive. The backup is restored there, and
   checked by `verify_stored`, `verify_audit_log` and `verify_allocations` (part of `restore`). From the start
   of the first command until the last check is the recovery time.
4. The rows of both systems are compared, and what `verify_allocations` says of the ledger (a trial by COPY
   has courses that nobody drew, and it says so of both), and that the new one is muted.

The folder is removed afterwards. Exit code 1 when anything differs, or a limit is exceeded.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
#: From so many citizens on the trial is written by COPY.
LARGE = 1000
RTO_SECONDS = 30 * 60
RPO_SECONDS = 5 * 60

STATE = """
import json
from django.db import connection
from jobfirst.backup import tables
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects
from randomization.ledger.export import ledger_head
left_out = {"jobfirst_mutechange", "jobfirst_storedcheck", "django_migrations", *tables.LEFT_OUT}
with all_projects('a drill'), connection.cursor() as cursor:
    counts = {}
    for table in sorted(set(tables.table_names(cursor)) - left_out):
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts[table] = cursor.fetchone()[0]
print(json.dumps({"counts": counts, "head": ledger_head(), "muted": is_muted()}))
"""


def run(data: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    """Run a Python program on the system in the folder, and return what it prints; exit when it ends with
    another code."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"JOBFIRST_DATA_DIR": str(data)}
    command = [sys.executable, *arguments]
    finished = subprocess.run(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if finished.returncode not in codes:
        sys.exit(f"{' '.join(arguments)}: exit code {finished.returncode}")
    return finished.stdout


def manage(data: Path, *arguments: str, codes: Sequence[int] = (0,)) -> str:
    """Run a command of the system in the folder, and return what it prints."""
    return run(data, "manage.py", *arguments, codes=codes)


def differences_of_ledger(data: Path) -> object:
    """Return what `verify_allocations` finds in the system in the folder."""
    return json.loads(manage(data, "verify_allocations", "--format", "json", codes=(0, 1)))


def make_trial(data: Path, citizens: int, seed: int) -> None:
    """Fill the empty system in the folder with so many citizens."""
    print(f"A trial of {citizens} citizens …", flush=True)
    if citizens < LARGE:
        manage(data, "seed_demo", "--citizens", str(citizens), "--seed", str(seed))
    else:
        run(data, "-m", "bench.fill_drill", str(citizens))


def state_of(data: Path) -> dict[str, object]:
    """Return the number of rows by table, the ledger's head, and whether the system is muted."""
    state: dict[str, object] = json.loads(manage(data, "shell", "--no-imports", "-c", STATE))
    return state


def processor_seconds() -> float:
    """Return the processor time of the commands that have run so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def drill(folder: Path, system: Path, citizens: int, seed: int) -> bool:
    """Back up the system and restore it in the folder, print what was measured, and return whether all is
    well."""
    machine, backup = folder / "machine", folder / "backup"
    make_trial(system, citizens, seed)
    begun = time.monotonic()
    made = json.loads(manage(system, "backup", "--output", str(backup), "--format", "json"))
    backup_seconds = time.monotonic() - begun
    print(f"Backup: {made['rows']} rows, {made['bytes'] / 1e6:.1f} MB, {backup_seconds:.0f} s", flush=True)
    before = state_of(system)  # with the access record of the backup, which is in it
    machine.mkdir(mode=0o700)
    shutil.copy2(system / "keys.env", machine / "keys.env")  # from the key archive
    begun, processor_begun = time.monotonic(), processor_seconds()
    manage(machine, "migrate", "--noinput", "--verbosity", "0")
    migrate_seconds = time.monotonic() - begun
    # 1: also when a check finds what it finds in the other system, too
    restored = json.loads(manage(machine, "restore", str(backup), "--format", "json", codes=(0, 1)))
    restore_seconds = time.monotonic() - begun
    processor = processor_seconds() - processor_begun
    after = state_of(machine)
    is_same = (after["counts"], after["head"]) == (before["counts"], before["head"])
    checks = restored["checks"]
    ledgers = [differences_of_ledger(data) for data in (system, machine)]
    if citizens >= LARGE and checks["verify_allocations"] != "ok" and ledgers[0] == ledgers[1]:
        checks["verify_allocations"] = "as before"
    is_fine = is_same and after["muted"] is True and set(checks.values()) <= {"ok", "as before"}
    print(
        f"Restore on an empty machine, with all checks: {restore_seconds:.0f} s (limit {RTO_SECONDS} s),"
        f" {migrate_seconds:.0f} s of it for the tables;"
        f" {processor:.0f} s of processor time beside the database's"
    )
    print(f"Recovery point: the time between two backups and {backup_seconds:.0f} s (limit {RPO_SECONDS} s)")
    print(f"Same rows and ledger: {is_same}; muted: {after['muted']}; checks: {checks}")
    return is_fine and restore_seconds <= RTO_SECONDS and backup_seconds <= RPO_SECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description="Back up and restore a synthetic trial, and measure both.")
    parser.add_argument("--citizens", type=int, default=300)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--system", type=Path, help="a data folder for the trial, which stays")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="jobfirst-drill-"))
    try:
        is_fine = drill(folder, options.system or folder / "system", options.citizens, options.seed)
    finally:
        time.sleep(
            float(os.environ.get("JOBFIRST_SERVICES_GRACE", "15")) + 5
        )  # until the servers have stopped
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if is_fine else 1)


if __name__ == "__main__":
    main()
