"""Reads the delivered file on standard input and writes its rows to standard output.

    program.py LARGEST MOST_ROWS COLUMN... < FILE > ROWS     (started by jobfirst.limited_process)

Each line written is JSON: `[line, [field, ...]]` for a row, `[line, n]` for one that has n fields instead of
the format's, and at the end an object: `{"peak": bytes}`, with `code`, `line` and the code's parameters when
the file as a whole is refused. Without that last line the rows are not to be used.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jobfirst.limited_process import held_memory, limit
from jobfirst.reader import delimited
from jobfirst.reader.refusals import MOST_MEMORY, RefusalCode, RefusalError

CPU_SECONDS = 90
#: What a workbook may unpack to, and what may be written, as multiples of the largest file. JSON writes some
#: characters as two, and a text that a workbook holds once is written as often as it refers to it.
UNPACKED, WRITTEN = 10, 2
ALWAYS_WRITTEN = 1024 * 1024
FOR_THE_LAST_LINE = 64 * 1024

Records = Iterator[tuple[int, list[str] | int]]


def main() -> None:
    """Read the file, write the rows, say how it went."""
    largest, most_rows = int(sys.argv[1]), int(sys.argv[2])
    columns = sys.argv[3:]
    most_written = WRITTEN * largest + ALWAYS_WRITTEN
    limit(memory=MOST_MEMORY, cpu_seconds=CPU_SECONDS, written=most_written + FOR_THE_LAST_LINE, nice=5)
    # Made beforehand: where memory is short there may be none left for it.
    verdict: dict[str, Any] = {"code": RefusalCode.TOO_MUCH, "line": 1}
    try:
        sys.stdin.buffer.seek(0)
        found = records(sys.stdin.buffer, len(columns), largest, most_rows)
        write_rows(sys.stdout.buffer, found, columns, most_written)
        verdict = {}
    except RefusalError as refused:
        verdict = {"code": refused.code, "line": refused.line, **refused.parameters}
    except MemoryError:
        pass
    held = held_memory()
    sys.stdout.buffer.write(json.dumps({**verdict, "peak": held.peak if held else None}).encode() + b"\n")


def records(source: Any, width: int, largest: int, most_rows: int) -> Records:
    """The file's records, the header first."""
    if not source.peek(4).startswith(b"PK\x03\x04"):
        return delimited.records(source, most_rows)
    # openpyxl would load these, where they are installed, for pictures and numbers that no delivery holds.
    for name in ("numpy", "lxml", "PIL"):
        sys.modules[name] = None  # type: ignore[assignment]
    from jobfirst.reader import workbook

    return workbook.records(source, width, most_rows=most_rows, most_unpacked=UNPACKED * largest)


def write_rows(out: BinaryIO, found: Records, columns: Sequence[str], most: int) -> None:
    """Check the header, then write each row that is not blank, until that is more than `most` bytes."""
    line, header = next(found, (0, []))
    if not line:
        raise RefusalError(RefusalCode.EMPTY)
    check_header([name.strip() for name in header] if line == 1 and isinstance(header, list) else [], columns)
    for line, fields in found:
        if isinstance(fields, list) and not any(field.strip() for field in fields):
            continue
        row = len(fields) if isinstance(fields, list) and len(fields) != len(columns) else fields
        written = json.dumps([line, row], ensure_ascii=False).encode() + b"\n"
        most -= len(written)
        if most < 0:
            raise RefusalError(RefusalCode.TOO_MUCH)
        out.write(written)


def check_header(found: Sequence[str], wanted: Sequence[str]) -> None:
    """Refuse any header but the format's."""
    if list(found) == list(wanted):
        return
    if len(found) == 1 and any(mark in found[0] for mark in ",\t|"):
        raise RefusalError(RefusalCode.SEPARATOR)
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    if missing:
        raise RefusalError(RefusalCode.MISSING, names=", ".join(missing))
    if extra:
        raise RefusalError(RefusalCode.EXTRA, n=len(extra))
    raise RefusalError(RefusalCode.ORDER, names=";".join(wanted))


if __name__ == "__main__":
    main()
