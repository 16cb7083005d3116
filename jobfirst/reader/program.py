"""Read the delivered file from standard input and write its rows to standard output.

    program.py LARGEST MOST_ROWS COLUMN... < FILE > ROWS     (started by jobfirst.files.limited_process)

A column with a question mark (`source_id?`) is optional: it stands last, and its fields are empty where the
file has no such column.

Each output line is JSON: `[line, [field, ...]]` for a row, `[line, n, m]` for a row with n fields instead of
the header's m, `[line, {column number: code, ...}]` for a row with cells that cannot be read as seen, and at
the end an object: `{"peak": bytes}`, with `code`, `line` and the code's parameters when the whole file is
refused. Without that last line the rows must not be used.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from jobfirst.files.limited_process import held_memory, limit
from jobfirst.reader import delimited
from jobfirst.reader.refusals import MOST_MEMORY, RefusalCode, RefusalError

CPU_SECONDS = 90
#: The size a workbook may unpack to, and the size of the output, as multiples of the largest file. JSON
#: writes some characters as two, and a shared text of a workbook is written at every reference.
UNPACKED, WRITTEN = 10, 2
ALWAYS_WRITTEN = 1024 * 1024
FOR_THE_LAST_LINE = 64 * 1024

Records = Iterator[tuple[int, list[str] | int | dict[int, str]]]


def main() -> None:
    """Read the file, write the rows and the last line."""
    largest, most_rows = int(sys.argv[1]), int(sys.argv[2])
    columns = sys.argv[3:]
    most_written = WRITTEN * largest + ALWAYS_WRITTEN
    limit(memory=MOST_MEMORY, cpu_seconds=CPU_SECONDS, file_size=most_written + FOR_THE_LAST_LINE, nice=5)
    # Created first: later there may be no memory left for it.
    verdict: dict[str, Any] = {"code": RefusalCode.TOO_MUCH, "line": 1}
    try:
        sys.stdin.buffer.seek(0)
        file_records = records(sys.stdin.buffer, len(columns), largest, most_rows)
        write_rows(sys.stdout.buffer, file_records, columns, most_written)
        verdict = {}
    except RefusalError as refusal:
        verdict = {"code": refusal.code, "line": refusal.line, **refusal.parameters}
    except MemoryError:
        pass
    memory = held_memory()
    sys.stdout.buffer.write(json.dumps({**verdict, "peak": memory.peak if memory else None}).encode() + b"\n")


def records(source: Any, width: int, largest: int, most_rows: int) -> Records:
    """Return the file's records, the header first."""
    if not source.peek(4).startswith(b"PK\x03\x04"):
        return delimited.records(source, most_rows)
    # openpyxl would import these if installed, for images and arrays that no delivery has.
    for name in ("numpy", "lxml", "PIL"):
        sys.modules[name] = None  # type: ignore[assignment]  # None blocks the import
    from jobfirst.reader import workbook

    return workbook.records(source, width, most_rows=most_rows, most_unpacked=UNPACKED * largest)


def write_rows(out: BinaryIO, file_records: Records, columns: Sequence[str], most: int) -> None:
    """Check the header, then write each row that is not blank; refuse a file whose rows exceed `most`
    bytes."""
    line, header = next(file_records, (0, []))
    if not line:
        raise RefusalError(RefusalCode.EMPTY)
    if isinstance(header, dict):  # a header that cannot be read as seen: its cells are the errors
        out.write(json.dumps([line, header]).encode() + b"\n")
        return
    required = [name for name in columns if not name.endswith("?")]
    names = without_empty_end(header, 0) if isinstance(header, list) else []
    everything = [name.removesuffix("?") for name in columns]
    check_header(names, [name for name in everything if name in required or name in names])
    for line, content in file_records:
        record: list[Any] = [line, content]
        if isinstance(content, list):
            if not any(content):
                continue
            fields = without_empty_end(content, len(names))
            is_whole = len(required) <= len(fields) <= len(names)
            record[1] = [*fields, *[""] * (len(everything) - len(fields))] if is_whole else len(fields)
        if isinstance(record[1], int):
            record.append(len(names))
        json_line = json.dumps(record, ensure_ascii=False).encode() + b"\n"
        most -= len(json_line)
        if most < 0:
            raise RefusalError(RefusalCode.TOO_MUCH)
        out.write(json_line)


def without_empty_end(fields: list[str], width: int) -> list[str]:
    """Return the fields without the empty ones at the end, but no fewer than `width` of them."""
    end = len(fields)
    while end > width and not fields[end - 1]:
        end -= 1
    return fields[:end]


def check_header(names: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse any header other than the format's."""
    if list(names) == list(columns):
        return
    if len(names) == 1 and any(mark in names[0] for mark in ", |"):
        raise RefusalError(RefusalCode.SEPARATOR)
    missing = [name for name in columns if name not in names]
    extra = [name for name in names if name not in columns]
    if missing:
        raise RefusalError(RefusalCode.MISSING, names=", ".join(missing))
    if extra:
        raise RefusalError(RefusalCode.EXTRA, n=len(extra))
    raise RefusalError(RefusalCode.ORDER, names=";".join(columns))


if __name__ == "__main__":
    main()
