"""Program that reads one file as the upload pages do and prints the memory used, as JSON.

    python tests/jobfirst/exchange/reading_memory.py FILE

`grown` is the growth of this process while it read the file and every field, `reader` the peak of the reading
process, both in bytes.
"""

import json
import logging
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))

from django.conf import settings

settings.configure(
    USE_I18N=False, JOBFIRST_MAX_IMPORT_BYTES=50 * 1024 * 1024, JOBFIRST_MAX_IMPORT_ROWS=200_000
)

from jobfirst.exchange import BadFile, read_table  # noqa: E402

HEADER = "cpr;cvr;company;p_number;kind;starts_on;planned_end_on;ended_on;internship_hours;ordinary_hours"
COLUMNS = HEADER.split(";")


def memory(name: str) -> int:
    """Return bytes: `VmRSS` is the memory of this process now, `VmHWM` its peak."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) * 1024


class Peak(logging.Handler):
    """Log handler that stores the reader's peak memory from the log."""

    reader: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if "was read" in record.msg and isinstance(record.args, tuple):
            self.reader = int(str(record.args[-1]))


def read(file: Path) -> dict[str, object]:
    """Read the file, every field of every row, and then the days as an importer does."""
    try:
        table = read_table(file, COLUMNS)
        length = sum(len(field) for row in table for field in row.values.values())
        for row in table:
            for column in COLUMNS:
                if row.values[column] == "x" or column.endswith("_on"):
                    row.date(column, required=False)
        table.raise_errors()
    except BadFile as refused:
        return {"errors": len(refused.errors), "first": [error.at("f") for error in refused.errors[:10]]}
    return {"errors": 0, "rows": len(table.rows), "length": length}


def main() -> None:
    """Read the file and print the report."""
    peak = Peak()
    logger = logging.getLogger("jobfirst.exchange.reading")
    logger.addHandler(peak)
    logger.setLevel(logging.INFO)
    memory_before = memory("VmRSS")
    report = read(Path(sys.argv[1]))
    print(json.dumps({**report, "grown": memory("VmHWM") - memory_before, "reader": peak.reader}))


if __name__ == "__main__":
    main()
