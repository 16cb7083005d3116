"""Prints what is measured, each part in processes of its own so that none warms up another:

- `pages`: at 600, 20,000 and 100,000 citizens, the processor time of the main pages as a multiple of a bare
  page's, and how many queries they make; and the start of a command as a multiple of a bare project's. Each
  number of citizens has a data folder of its own (`.data/bench-N`), filled once by COPY. The column "before"
  holds what was measured before docs/decisions/2026-11-26-lists-of-our-own.md;
- `round`: at the same sizes, the morning's round as a multiple of a bare INSERT…SELECT of the same rows, and
  a contact as a multiple of one without deadlines;
- `imports`: how long `import_referrals` takes for 20,000 rows, as a multiple of a bare COPY of the same rows
  into the same tables with their triggers;
- `draw`: how long a batch of 2,000 draws takes;
- `entitlement`: at each of these numbers of citizens, the figures of all projects from the stored events as a
  multiple of a bare aggregate over their table;
- `walls`: at the first two sizes, lists and course pages with the wall between projects as a multiple of the
  same without it (docs/decisions/2026-11-27-row-level-security.md);
- `companies`: the company list and its searches at 50,000 companies, as multiples of the bare page;
- `grants`: the national statement as PDF, with its memory;
- `evaluation`: at 5,000 and 100,000 courses (5 million contacts, a million months of paid hours), the pages
  of the evaluation as multiples of their bare SQL, and the citizen-months of the outcomes likewise. Each
  number of courses has a data folder of its own (`.data/bench-evaluation-N`, some 7 GB for the larger), which
  is filled once and takes minutes.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

PROJECT = Path(__file__).resolve().parent.parent
SIZES = (600, 20_000, 100_000)
#: The ratios at each size, and of the start, before lists were the kit's own and heavy imports came late.
BEFORE = {
    600: {"course list": 6.1, "company list": 3.8, "course overview": 6.9},
    20_000: {"course list": 6.4, "company list": 4.0, "course overview": 6.8},
}
BEFORE_START = 3.1
PARTS = ("pages", "walls", "companies", "round", "imports", "draw", "entitlement", "grants", "evaluation")
#: Courses of the trials on which the evaluation is measured.
EVALUATION_SIZES = (5_000, 100_000)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CITIZENS")
    parser.add_argument(
        "--courses", type=int, nargs="+", default=EVALUATION_SIZES, help="sizes of the part `evaluation`"
    )
    parser.add_argument("--rounds", type=int, default=60, help="requests per page (default 60)")
    arguments = parser.parse_args()
    for part in arguments.only:
        if part == "pages":
            code = print_pages(arguments.sizes, arguments.rounds)
        elif part == "walls":
            code = print_walls(arguments.sizes[:2], arguments.rounds)
        elif part == "companies":
            code = print_companies(arguments.rounds)
        elif part == "round":
            code = print_rounds(arguments.sizes)
        elif part == "imports":
            code = print_imports()
        elif part == "draw":
            code = print_draw()
        elif part == "entitlement":
            code = run_module("bench.entitlement", *map(str, arguments.sizes))
        elif part == "evaluation":
            code = print_evaluation(arguments.courses)
        else:
            code = run_module(f"bench.{part}")
        if code:
            return code
    return 0


def run_module(*arguments: str, folder: Path | None = None) -> int:
    """Run a module of this folder and return its exit code; without a data folder it chooses its own."""
    environment = dict(os.environ)
    if folder:
        environment["JOBFIRST_DATA_DIR"] = str(folder)
    process = subprocess.run([sys.executable, "-m", *arguments], cwd=PROJECT, env=environment, check=False)
    return process.returncode


def run_command(*arguments: str, folder: Path) -> None:
    """Run a command of the system in this data folder, quietly."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "JOBFIRST_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def measure(*arguments: str, folder: Path | None = None) -> dict[str, Any]:
    """Return the JSON that a module of this folder prints."""
    environment = {**os.environ, **({"JOBFIRST_DATA_DIR": str(folder)} if folder else {})}
    process = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE
    )
    result: dict[str, Any] = json.loads(process.stdout)
    return result


def print_pages(sizes: list[int], requests: int) -> int:
    """Print the main pages at each size, and the start of a command. Return the exit code."""
    table = Table(title="Processor time, as a multiple of the bare page's")
    for heading in ("citizens", "page", "ms", "before", "ratio", "queries"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for size in sizes:
        folder = PROJECT / ".data" / f"bench-{size}"
        if code := run_module("bench.fill", str(size), folder=folder):
            return code
        result = measure("bench.pages", str(requests), folder=folder)
        for name, (milliseconds, ratio, queries) in result["pages"].items():
            before = f"{BEFORE[size][name]:.1f}" if name in BEFORE.get(size, {}) else ""
            table.add_row(
                f"{result['citizens']:,}", name, f"{milliseconds:.1f}", before, f"{ratio:.2f}", str(queries)
            )
        table.add_section()
    start = measure("bench.startup")
    seconds = start["seconds"] * 1e3
    table.add_row(
        "", "start of a command", f"{seconds:.0f}", f"{BEFORE_START:.1f}", f"{start['ratio']:.2f}", ""
    )
    Console().print(table)
    return 0


def print_walls(sizes: list[int], requests: int) -> int:
    """Print lists and course pages with and without the wall between projects. Return the exit code."""
    table = Table(title="The wall between projects, in processor time of page and database")
    for heading in ("citizens", "page", "ms with", "ms without", "ratio", "queries"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for size in sizes:
        folder = PROJECT / ".data" / f"bench-{size}"
        if code := run_module("bench.fill", str(size), folder=folder):
            return code
        result = measure("bench.walls", str(requests), folder=folder)
        for name, (walled, bare, ratio, queries) in result["pages"].items():
            figures = (f"{walled:.1f}", f"{bare:.1f}", f"{ratio:.2f}", str(queries))
            table.add_row(f"{result['citizens']:,}", name, *figures)
        table.add_section()
    Console().print(table)
    return 0


def print_companies(requests: int) -> int:
    """Print the company list and its searches. Return the exit code."""
    folder = PROJECT / ".data" / "bench-companies"
    if code := run_module("bench.fill", str(SIZES[0]), folder=folder):
        return code
    result = measure("bench.companies", str(requests), folder=folder)
    table = Table(title=f"The company list at {result['companies']:,} companies")
    for heading in ("page", "ms", "ratio", "queries"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for name, (milliseconds, ratio, queries) in result["pages"].items():
        table.add_row(name, f"{milliseconds:.1f}", f"{ratio:.2f}", str(queries))
    Console().print(table)
    return 0


def print_evaluation(sizes: list[int]) -> int:
    """Print the pages of the evaluation at each number of courses. Return the exit code."""
    table = Table(
        title="The evaluation, in processor time, as a multiple of its bare SQL and of the bare page"
    )
    for heading in ("courses", "contacts", "page", "ms", "to the SQL", "to a page", "queries"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for size in sizes:
        folder = PROJECT / ".data" / f"bench-evaluation-{size}"
        if code := run_module("bench.fill_evaluation", str(size), folder=folder):
            return code
        result = measure("bench.evaluation", folder=folder)
        sizes_there = (f"{result['courses']:,}", f"{result['contacts']:,}")
        for name, (milliseconds, to_sql, to_page, queries) in result["pages"].items():
            ratios = (f"{milliseconds:.0f}", f"{to_sql:.2f}", f"{to_page:.1f}", str(queries))
            table.add_row(*sizes_there, name, *ratios)
        table.add_section()
    Console().print(table)
    return 0


def print_rounds(sizes: list[int]) -> int:
    """Print the round and the contact at each size. Return the exit code."""
    table = Table(title="The morning's round, and a contact")
    for heading in ("citizens", "deadlines", "rows", "what", "ms", "ratio"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for size in sizes:
        folder = PROJECT / ".data" / f"bench-{size}"
        if code := run_module("bench.fill", str(size), folder=folder):
            return code
        result = measure("bench.round", folder=folder)
        for name in ("round", "nothing new", "contact"):
            seconds, ratio = result[name]["seconds"], result[name]["ratio"]
            figures = (f"{size:,}", f"{result['deadlines']:,}", f"{result['rows']:,}")
            table.add_row(*figures, name, f"{seconds * 1e3:.1f}", f"{ratio:.2f}")
        table.add_section()
    Console().print(table)
    return 0


def print_imports() -> int:
    """Print how long an import of referrals takes in a fresh system, which is deleted afterwards."""
    folder = PROJECT / ".data" / "bench-imports"
    shutil.rmtree(folder, ignore_errors=True)
    run_command("verify_allocations", folder=folder)
    result = measure("bench.imports", folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    Console().print(
        f"An import of {result['rows']:,} referrals: {result['import']:.2f} s; a bare COPY of the same rows: "
        f"{result['copy']:.2f} s; ratio {result['ratio']:.2f}"
    )
    return 0


def print_draw() -> int:
    """Measure a batch of 2,000 draws in a fresh system, which is deleted afterwards. Return the exit code.

    `verify_allocations` creates the system, as any command does, and shows that the ledger is empty.
    """
    folder = PROJECT / ".data" / "bench-draw"
    shutil.rmtree(folder, ignore_errors=True)
    run_command("verify_allocations", folder=folder)
    code = run_module("bench.draw", folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
