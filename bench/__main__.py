"""Prints what is measured, each part in processes of its own so that none warms up another:

- `pages`: at 600 and at 20,000 citizens, how long the main pages take and how many queries they make. Each
  number of citizens has a data folder of its own (`.data/bench-N`), filled once with the demo;
- `draw`: how long a batch of 2,000 draws takes;
- `entitlement`: what 100,000 citizens have earned, in one query and reckoned one by one;
- `grants`: the national statement as PDF, with its memory.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SIZES = (600, 20_000)
PARTS = ("pages", "draw", "entitlement", "grants")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CITIZENS")
    parser.add_argument("--rounds", type=int, default=60, help="requests per page (default 60)")
    arguments = parser.parse_args()
    for part in arguments.only:
        if part == "pages":
            code = pages(arguments.sizes, arguments.rounds)
        elif part == "draw":
            code = draw()
        else:
            code = module(f"bench.{part}")
        if code:
            return code
    return 0


def module(*arguments: str, folder: Path | None = None) -> int:
    """Run a module of this folder; without a data folder it chooses its own."""
    environment = dict(os.environ)
    if folder:
        environment["JOBFIRST_DATA_DIR"] = str(folder)
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=PROJECT, env=environment, check=False)
    return done.returncode


def command(*arguments: str, folder: Path) -> None:
    """Run a command of the system in this data folder, quietly."""
    subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={**os.environ, "JOBFIRST_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def pages(sizes: list[int], rounds: int) -> int:
    """The main pages at each size; the exit code."""
    for size in sizes:
        folder = PROJECT / ".data" / f"bench-{size}"
        if not (folder / "demo-signins.json").exists():
            command("seed_demo", "--citizens", str(size), folder=folder)
        if code := module("bench.pages", str(rounds), folder=folder):
            return code
    return 0


def draw() -> int:
    """A batch of 2,000 drawn in a fresh system of its own: draws cannot be undone, so it is thrown away.

    Any command that needs the database makes the system; this one also shows that the ledger is empty.
    """
    folder = PROJECT / ".data" / "bench-draw"
    shutil.rmtree(folder, ignore_errors=True)
    command("verify_allocations", folder=folder)
    code = module("bench.draw", folder=folder)
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
