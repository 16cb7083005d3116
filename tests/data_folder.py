"""Where the tests' own PostgreSQL and Redis keep their data; run as a program it prints the folder.

In memory where there is room: a database of four hundred small files is copied after each test that commits,
which takes more than a second on many disks and less than a tenth of that in memory.
"""

import hashlib
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")
NECESSARY_BYTES = 4 * 2**30


def data_folder(memory: Path = MEMORY) -> Path:
    """Return this checkout's folder in `memory`, or `.data/test` when that is missing or has little room."""
    if memory.is_dir() and shutil.disk_usage(memory).free >= NECESSARY_BYTES:
        return memory / f"jobfirst-test-{hashlib.sha256(bytes(PROJECT)).hexdigest()[:12]}"
    return PROJECT / ".data" / "test"


if __name__ == "__main__":
    print(data_folder())
