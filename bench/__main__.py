"""Prints, at 600 and at 20,000 citizens, how long the main pages take and how many queries they make; and
how long a batch of 2,000 draws takes.

Each number of citizens has a data folder of its own (`.data/bench-N`), filled once with the demo. The
measuring runs in a process of its own per size, so that one size does not warm up the other.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SIZES = (600, 20_000)


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="CITIZENS")
    parser.add_argument("--rounds", type=int, default=60, help="requests per page (default 60)")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        folder = PROJECT / ".data" / f"bench-{size}"
        environment = {**os.environ, "JOBFIRST_DATA_DIR": str(folder)}
        if not (folder / "demo-signins.json").exists():
            subprocess.run(
                [sys.executable, "manage.py", "seed_demo", "--citizens", str(size)],
                cwd=PROJECT,
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        done = subprocess.run(
            [sys.executable, "-m", "bench.pages", str(arguments.rounds)],
            cwd=PROJECT,
            env=environment,
            check=False,
        )
        if done.returncode:
            return done.returncode
    return draw()


def draw() -> int:
    """A batch of 2,000 drawn in a fresh system of its own: draws cannot be undone, so it is thrown away.

    Any command that needs the database makes the system; this one also shows that the ledger is empty.
    """
    folder = PROJECT / ".data" / "bench-draw"
    shutil.rmtree(folder, ignore_errors=True)
    environment = {**os.environ, "JOBFIRST_DATA_DIR": str(folder)}
    subprocess.run(
        [sys.executable, "manage.py", "verify_allocations"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    done = subprocess.run([sys.executable, "-m", "bench.draw"], cwd=PROJECT, env=environment, check=False)
    shutil.rmtree(folder, ignore_errors=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
