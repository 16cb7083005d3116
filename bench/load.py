"""Fifty persons without think time: `python -m bench.load --persons 50 --seconds 60` (`make load`).

1. A system with 600 citizens in a data folder of its own (`.data/load-600`), filled once.
2. gunicorn as in production (three workers with four threads), and the persons: each waits for the answer
   and asks for the next page at once. Their pages are those of their roles; contacts are registered through
   the form. The bare page (bench/bare.py) is one of everybody's pages: it waits in the same queue.
3. Every contact that was acknowledged is looked for in the database: each must be there once.

Prints the percentiles of each page, and the 95th of all pages as a multiple of the bare page's. Exit code 1
after an error, a lost or doubled contact, or when the multiple exceeds 2.5. `--bare-alone` measures the bare
page once more, by the same persons with nothing else to do.
"""

import argparse
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from jobfirst.row_security.context import all_projects

if TYPE_CHECKING:
    from bench.persons import Person

PROJECT = Path(__file__).resolve().parent.parent
MOST_TIMES_BARE = 2.5
WORKERS, THREADS = 3, 4  # as docs/operations.md and the Dockerfile start gunicorn
START_SECONDS = 120.0


@dataclass
class Results:
    """What was measured: seconds by page, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0


def percentile(values: list[float], share: float) -> float:
    """Return the value that this share of the values does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def start_server(port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start gunicorn with the bare page beside the site; return when it answers."""
    command = [
        *(sys.executable, "-m", "gunicorn", "bench.served:application", "--bind", f"127.0.0.1:{port}"),
        *("--workers", str(WORKERS), "--threads", str(THREADS), "--worker-tmp-dir", "/dev/shm"),
    ]
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/bare/")
            if connection.getresponse().status < 500:
                return server
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    stop_server(server)
    raise SystemExit(f"The server does not start: see {log}")


def stop_server(server: subprocess.Popen[bytes]) -> None:
    """End the server and its workers."""
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


class Load:
    """Persons who ask again and again until `stop` is set."""

    def __init__(self, port: int, everybody: "list[Person]") -> None:
        self.port = port
        self.everybody = everybody
        self.results = Results()
        self.stop = threading.Event()
        self.lock = threading.Lock()

    def run(self, seconds: float, *, only_bare: bool = False) -> Results:
        """Let all of them work for so long; return what was measured."""
        threads = [
            threading.Thread(target=self._work, args=(person, place, only_bare), daemon=True)
            for place, person in enumerate(self.everybody)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        self.stop.wait(seconds)
        self.stop.set()
        for thread in threads:
            thread.join(90)
        self.results.elapsed = time.monotonic() - began
        return self.results

    def _work(self, person: "Person", place: int, only_bare: bool) -> None:
        from bench.browser import Browser
        from bench.persons import BARE, WRITE, new_text, register_contact

        browser = Browser(self.port, person.cookies)
        steps = [(BARE, "/bare/")] if only_bare else person.steps
        number = place  # so that not all open the same page at the same time
        while not self.stop.is_set():
            name, address = steps[number % len(steps)]
            number += 1
            if name != WRITE:
                self._measured(name, lambda address=address: browser.get(address), 200)
                continue
            text = new_text()
            for step, request in register_contact(browser, address, text):
                if not self._measured(step, request, 302 if step == WRITE else 200):
                    break
            else:
                person.acknowledged.append(text)
        browser.close()

    def _measured(self, name: str, request: Any, expected: int) -> bool:
        """Make the request and write down how long it took; return whether it was answered as expected."""
        began = time.perf_counter()
        try:
            answer = request()
        except (OSError, http.client.HTTPException) as error:
            outcome = type(error).__name__
        else:
            outcome = "" if answer.status == expected else str(answer.status)
        elapsed = time.perf_counter() - began
        with self.lock:
            if outcome:
                self.results.errors[f"{name}: {outcome}"] += 1
            else:
                self.results.seconds[name].append(elapsed)
        return not outcome


def unmatched(everybody: "list[Person]") -> tuple[list[str], list[str]]:
    """Return the acknowledged notes that are not in the database, and those that are there twice."""
    from cases.models import MentorContact

    texts = [text for person in everybody for text in person.acknowledged]
    notes = MentorContact.objects.exclude(note="").values_list("note", flat=True)
    stored = Counter(str(note) for note in notes if note.startswith("belastning "))
    return [text for text in texts if not stored[text]], [text for text in texts if stored[text] > 1]


def report(results: Results, alone: Results | None, acknowledged: int) -> float:
    """Print the table; return the 95th percentile of all pages as a multiple of the bare page's."""
    from bench.persons import BARE

    bare = percentile(results.seconds[BARE], 0.95)
    table = Table(title="Milliseconds by the clock, and the 95th percentile as a multiple of the bare page's")
    for heading in ("page", "requests", "50 %", "95 %", "99 %", "ratio"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    real = [value for name, values in results.seconds.items() if name != BARE for value in values]
    rows = {"all pages but the bare one": real, **dict(sorted(results.seconds.items()))}
    if alone is not None:
        rows["bare page, alone"] = alone.seconds[BARE]
    for name, values in rows.items():
        figures = [percentile(values, share) * 1e3 for share in (0.5, 0.95, 0.99)]
        ratio = percentile(values, 0.95) / bare if bare else 0.0
        table.add_row(name, str(len(values)), *(f"{value:.0f}" for value in figures), f"{ratio:.2f}")
    Console().print(table)
    count = sum(map(len, results.seconds.values()))
    print(
        f"{count} requests in {results.elapsed:.0f} s ({count / results.elapsed:.0f} a second),"
        f" {acknowledged} contacts registered, {results.errors.total()} errors {dict(results.errors)}"
    )
    if alone is not None and alone.seconds[BARE]:
        to_alone = percentile(real, 0.95) / percentile(alone.seconds[BARE], 0.95)
        print(f"95 % of the pages as a multiple of 95 % of the bare page alone: {to_alone:.2f}")
    return percentile(real, 0.95) / bare if bare else 0.0


def load(arguments: argparse.Namespace) -> int:
    """Measure in this data folder; return the exit code."""
    import devservices
    from devservices.upgrade import bring_up_to_date

    devservices.ensure()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    bring_up_to_date()
    import django

    django.setup()
    from devservices.children import listen

    with listen(0) as free:
        port = free.getsockname()[1]
    from bench.persons import persons

    everybody = persons(arguments.persons)
    server = start_server(port, Path(os.environ["JOBFIRST_DATA_DIR"]) / "logs" / "load.log")
    try:
        Load(port, everybody).run(min(10.0, arguments.seconds))  # so that every thread has its connection
        alone = Load(port, everybody).run(arguments.seconds, only_bare=True) if arguments.bare_alone else None
        results = Load(port, everybody).run(arguments.seconds)
    finally:
        stop_server(server)
    ratio = report(results, alone, sum(len(person.acknowledged) for person in everybody))
    lost, doubled = unmatched(everybody)
    verdict = {
        "errors": results.errors.total(),
        "lost": len(lost),
        "doubled": len(doubled),
        "ratio": round(ratio, 2),
    }
    print(json.dumps(verdict))
    is_fine = not (results.errors or lost or doubled) and 0 < ratio <= MOST_TIMES_BARE
    return 0 if is_fine else 1


@all_projects("the run looks at everything")
def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench.load", description="Many persons at once, without think time."
    )
    parser.add_argument("--persons", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--citizens", type=int, default=600)
    parser.add_argument("--bare-alone", action="store_true", help="measure the bare page by itself, too")
    arguments = parser.parse_args()
    folder = os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / f"load-{arguments.citizens}"))
    subprocess.run(
        [sys.executable, "-m", "bench.fill", str(arguments.citizens)],
        cwd=PROJECT,
        env={**os.environ, "JOBFIRST_DATA_DIR": folder},
        check=True,
    )
    return load(arguments)


if __name__ == "__main__":
    sys.exit(main())
