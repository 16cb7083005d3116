"""Guards taken away one by one: `python -m tests.guards` (`make guards`).

1. The checkout is copied into temporary folders, one for each process; the tests named in the table
   (tests/guards/table.py) must pass there as they are.
2. Guard by guard the text is replaced, or the statement carried out, and the guard's tests run. Each run ends
   at its first failure, and after five minutes.
3. A guard whose tests fail is caught; one whose tests pass is missed.

Prints a line for each guard, and a sum. Exit code 1 when a guard was missed or could not be taken away.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from tests.data_folder import data_folder
from tests.guards.guard import Guard
from tests.guards.plugin import STATEMENT_FAILED
from tests.guards.table import GUARDS

PROJECT = Path(__file__).resolve().parents[2]
#: What git does not know and the tests need; folders that nothing writes to are linked.
LINKED = (".venv", "node_modules", "static/vendor")
COPIED = (".cache/setup.json", "locale/da/LC_MESSAGES/django.mo")
SECONDS_FOR_ONE_GUARD = 300
SECONDS_FOR_ALL_TESTS = 1800
PASSED, FAILED = 0, 1


@dataclass(frozen=True)
class Outcome:
    """What became of one guard: caught, missed, or an error; and by which test, or why."""

    guard: Guard
    result: str
    detail: str


def copied_checkout(folder: Path) -> Path:
    """Copy what git knows, or would add, into the folder, and return it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
    for name in {*filter(None, listing.split("\0")), *COPIED}:
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    for name in LINKED:
        if (PROJECT / name).exists():
            (folder / name).symlink_to((PROJECT / name).resolve())
    return folder


@contextmanager
def without(guard: Guard, checkout: Path) -> Iterator[None]:
    """Replace the guard's text in a copy of the checkout, and put it back. ValueError unless it stands there
    exactly once, and the module can still be read."""
    if not guard.file:
        yield
        return
    path = checkout / guard.file
    source = path.read_text("utf-8")
    if source.count(guard.text) != 1:
        raise ValueError(f"the text stands {source.count(guard.text)} times in {guard.file}")
    changed = source.replace(guard.text, guard.replacement)
    if path.suffix == ".py":
        compile(changed, guard.file, "exec")
    path.write_text(changed, "utf-8")
    try:
        yield
    finally:
        path.write_text(source, "utf-8")


def run_tests(
    tests: Sequence[str], checkout: Path, *options: str, statement: str = "", seconds: int
) -> subprocess.CompletedProcess[str]:
    """Run tests in a copy of the checkout, with the servers and the template database of this one."""
    environment = dict(os.environ) | {
        "JOBFIRST_DATA_DIR": os.environ.get("JOBFIRST_DATA_DIR", str(data_folder())),
        "JOBFIRST_GUARD_TEMPLATE": _fingerprint(),
        "JOBFIRST_GUARD_STATEMENT": statement,
    }
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=line", "-p", "tests.guards.plugin"]
    return subprocess.run(
        [*command, *options, *tests],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def _fingerprint() -> str:
    """Return the fingerprint of this checkout's migrations and models (devservices/upgrade.py)."""
    if "value" not in _fingerprints:
        program = "import tests.conftest, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'jobfirst.settings'\n"
        program += "from devservices.upgrade import fingerprint; print(fingerprint())"
        command = [sys.executable, "-c", program]
        result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
        _fingerprints["value"] = result.stdout.split()[-1]
    return _fingerprints["value"]


_fingerprints: dict[str, str] = {}


def try_guard(guard: Guard, checkout: Path) -> Outcome:
    """Take one guard away and run its tests."""
    try:
        with without(guard, checkout):
            run = run_tests(
                guard.tests, checkout, "-x", statement=guard.statement, seconds=SECONDS_FOR_ONE_GUARD
            )
    except (ValueError, SyntaxError, OSError) as error:
        return Outcome(guard, "error", str(error))
    except subprocess.TimeoutExpired:
        return Outcome(guard, "caught", "its tests did not end")
    lines = (run.stdout + run.stderr).splitlines()
    failures = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    if run.returncode == FAILED and failures:
        return Outcome(guard, "caught", failures[0])
    if run.returncode == PASSED:
        return Outcome(guard, "MISSED", ", ".join(guard.tests))
    reason = "the statement was refused" if run.returncode == STATEMENT_FAILED else "the tests did not run"
    return Outcome(guard, "error", "\n".join([reason, *lines[-8:]]))


def try_all(guards: Sequence[Guard], processes: int, *, with_baseline: bool) -> list[Outcome]:
    """Try the guards in so many copies of the checkout; print each outcome as it comes."""
    _fingerprint()
    with tempfile.TemporaryDirectory(prefix="jobfirst-guards-") as folder:
        checkouts: SimpleQueue[Path] = SimpleQueue()
        for number in range(processes):
            checkouts.put(copied_checkout(Path(folder) / str(number)))
        if with_baseline:
            checkout = checkouts.get()
            check_baseline(guards, checkout, processes)
            checkouts.put(checkout)

        def attempt(guard: Guard) -> Outcome:
            checkout = checkouts.get()
            try:
                outcome = try_guard(guard, checkout)
            finally:
                checkouts.put(checkout)
            print(f"{outcome.result:7} {guard.name}: {outcome.detail}", flush=True)
            return outcome

        with ThreadPoolExecutor(processes) as pool:
            return list(pool.map(attempt, guards))


def check_baseline(guards: Sequence[Guard], checkout: Path, processes: int) -> None:
    """Run all tests of the guards as they are; SystemExit when one fails."""
    tests = sorted({test for guard in guards for test in guard.tests})
    run = run_tests(tests, checkout, "-n", str(processes), seconds=SECONDS_FOR_ALL_TESTS)
    if run.returncode != PASSED:
        print(run.stdout[-4000:], run.stderr[-2000:], sep="\n", file=sys.stderr)
        raise SystemExit("the tests fail with all guards in place")
    print(f"with all guards: {run.stdout.splitlines()[-1]}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__.partition("\n")[0])
    parser.add_argument("--processes", type=int, default=2, help="copies in which guards are tried at once")
    parser.add_argument("--only", default="", help="only guards with this text in the name or the file")
    parser.add_argument("--part", default="1/1", help="the second of three parts of the table: 2/3")
    parser.add_argument("--without-baseline", action="store_true", help="do not run all tests first")
    options = parser.parse_args()
    part, parts = (int(number) for number in options.part.split("/"))
    guards = [guard for guard in GUARDS if options.only in f"{guard.name} {guard.file} {guard.statement}"]
    outcomes = try_all(
        guards[part - 1 :: parts], options.processes, with_baseline=not options.without_baseline
    )
    results = [outcome.result for outcome in outcomes]
    numbers = {result: results.count(result) for result in ("caught", "MISSED", "error")}
    print(", ".join(f"{number} {result}" for result, number in numbers.items()))
    return 0 if outcomes and numbers["caught"] == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
