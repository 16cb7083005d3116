"""Read a delivered file: CSV (UTF-8, `;`) or XLSX with the same header, ISO dates (docs/formats.md).

1. `jobfirst.reader.program` reads the file in a separate process, with limits on memory and time, and writes
   the rows to a temporary file. That file has no name: no other process can open it, and it disappears when
   it is closed or this process ends.
2. The table stores the position of each row in that file, and reads a row's fields on demand.

So the memory needed does not depend on the content of the file.
"""

import json
import logging
import os
import stat
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from jobfirst.exchange.rows import BadFile, FileFields, FileRow, FileTable, RowError, RowErrors
from jobfirst.files import limited_process
from jobfirst.files.limited_process import Ending
from jobfirst.reader.refusals import CellFault, RefusalCode

PROGRAM = limited_process.PROJECT / "jobfirst" / "reader" / "program.py"
SECONDS = 300.0  # wall time; the program limits its own processor time
#: Files that one web process reads at the same time; its other threads stay free for other users.
AT_ONCE = 2
SECONDS_IN_QUEUE = 2.0
PIECE = 1024 * 1024

logger = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


def read_table(source: Path | BinaryIO, columns: Sequence[str], name: str = "") -> FileTable:
    """Return the file's rows under exactly these columns; optional ones at the end may be missing.

    Raises BadFile when the file as a whole cannot be used: missing, empty, too large, not UTF-8, wrong
    separator or header, beyond the reader's limits. A line with too many or too few fields is an error of the
    table.
    """
    with _opened_on_disk(source) as delivery:
        rows_file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the table)
        try:
            _read(delivery, rows_file, columns)
            return _table_from(rows_file, columns)
        except BaseException:
            rows_file.close()
            raise


@contextmanager
def _opened_on_disk(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Yield the delivery as a file on disk of at most the allowed size; copy it if it is in memory."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
            if not _is_regular(file):
                file = _copy(file, stack.enter_context(tempfile.TemporaryFile()))
            size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise _unreadable_error(error.strerror) from error
        largest = settings.JOBFIRST_MAX_IMPORT_BYTES
        if size > largest:
            megabytes = max(1, largest // (1024 * 1024))
            raise _file_error(1, _("file"), _("is larger than %(n)d MB; divide it") % {"n": megabytes})
        yield file


def _is_regular(file: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except (OSError, AttributeError):  # a file in memory
        return False


def _copy(file: BinaryIO, copy: BinaryIO) -> BinaryIO:
    """Copy the file up to one byte more than the allowed size, which is enough to see that it is too
    large."""
    bytes_left = settings.JOBFIRST_MAX_IMPORT_BYTES + 1
    while piece := file.read(min(PIECE, bytes_left)):
        copy.write(piece)
        bytes_left -= len(piece)
    copy.flush()
    return copy


def _read(delivery: BinaryIO, output: BinaryIO, columns: Sequence[str]) -> None:
    """Run the reader program on the delivery; it writes the rows to `output`."""
    limits = str(settings.JOBFIRST_MAX_IMPORT_BYTES), str(settings.JOBFIRST_MAX_IMPORT_ROWS)
    if not _turns.acquire(timeout=SECONDS_IN_QUEUE):
        raise _file_error(1, _("file"), _("other files are being read just now; send it again in a minute"))
    try:
        ended = limited_process.run(
            PROGRAM, *limits, *marked(columns), source=delivery, output=output, seconds=SECONDS
        )
    finally:
        _turns.release()
    if ended.ending is Ending.DONE:
        return
    logger.warning("The reading of a delivered file %s (%s)", ended.ending.value, ended.code)
    if ended.ending is Ending.TOO_LONG:
        raise _file_error(1, _("file"), _("takes too long to read; save it as CSV or divide it"))
    if ended.ending is Ending.KILLED:
        raise _file_error(1, *_refusal_message(RefusalCode.TOO_MUCH, {}))
    raise _unreadable_error()


def marked(columns: Sequence[str]) -> list[str]:
    """Return the columns' names, each optional one with a question mark, as the program takes them."""
    return [f"{name}?" if getattr(name, "is_optional", False) else str(name) for name in columns]


def _table_from(rows_file: BinaryIO, columns: Sequence[str]) -> FileTable:
    """Return the rows and errors that the program wrote."""
    table = FileTable([], RowErrors(), FileFields(rows_file, columns))
    try:
        verdict = _add_records(table, rows_file, columns)
        peak = verdict["peak"]
        refusal = _refusal_message(RefusalCode(verdict["code"]), verdict) if "code" in verdict else None
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("The reader of a delivered file wrote something else than rows")
        raise _unreadable_error() from error
    logger.info("A delivered file was read: %d rows, %s bytes at most", len(table.rows), peak)
    if refusal is not None:
        raise _file_error(verdict["line"], *refusal)
    return table


def _add_records(table: FileTable, rows_file: BinaryIO, columns: Sequence[str]) -> dict[str, Any]:
    """Add the rows and errors to the table; return the last line, which says how the reading ended."""
    place = 0
    rows_file.seek(0)
    for json_line in rows_file:
        record = json.loads(json_line)
        if isinstance(record, dict):
            return record
        line, fields, *widths = record
        if isinstance(fields, dict):
            for column, fault in fields.items():
                table.errors.append(_unreadable_cell(line, int(column), fault, columns))
        elif isinstance(fields, int):
            table.errors.append(_wrong_width(line, fields, widths[0], columns))
        else:
            table.rows.append(FileRow(line, table.errors, table.fields, place))
        place += len(json_line)
    raise ValueError


def _wrong_width(line: int, width: int, wanted: int, columns: Sequence[str]) -> RowError:
    message = _("the line has %(found)d fields, not %(wanted)d") % {"found": width, "wanted": wanted}
    return RowError(line, columns[min(width, wanted - 1)], message)


def _unreadable_cell(line: int, column: int, fault: str, columns: Sequence[str]) -> RowError:
    messages = {
        CellFault.FORMULA: _("the cell holds a formula without a value; save the workbook in Excel first"),
        CellFault.ERROR: _("the cell holds an Excel error"),
        CellFault.MERGED: _("the cell is merged with others; divide them"),
        CellFault.HIDDEN_ROW: _("the row is hidden, perhaps by a filter; show it or delete it"),
        CellFault.HIDDEN_COLUMN: _("the column is hidden; show it"),
    }
    name = columns[column - 1] if column <= len(columns) else _("column %(n)d") % {"n": column}
    return RowError(line, name, messages[CellFault(fault)])


def _file_error(line: int, column: str, message: str) -> BadFile:
    return BadFile([RowError(line, column, message)])


def _unreadable_error(why: str | None = None) -> BadFile:
    return _file_error(1, _("file"), _("cannot be read: %(why)s") % {"why": why or _("unknown reason")})


def _refusal_message(code: RefusalCode, parameters: dict[str, Any]) -> tuple[str, str]:
    """Return the column and the message for a refusal code."""
    of_the_header = {
        RefusalCode.EMPTY: _("the file is empty"),
        RefusalCode.SEPARATOR: _("the separator must be ;"),
        RefusalCode.MISSING: _("missing columns: %(names)s"),
        RefusalCode.EXTRA: _("there are columns too many (%(n)d)"),
        RefusalCode.ORDER: _("the columns must stand in this order: %(names)s"),
    }
    of_the_file = {
        RefusalCode.ENCODING: _("is not UTF-8; save it as CSV UTF-8"),
        RefusalCode.NO_TEXT: _("is not a text file"),
        RefusalCode.QUOTES: _("a quoted field is not closed or not separated properly"),
        RefusalCode.NO_WORKBOOK: _("is not a workbook that can be read"),
        RefusalCode.ACTIVE: _("has macros or other files in it; save it as a plain .xlsx workbook"),
        RefusalCode.HIDDEN_SHEET: _("the first sheet of the workbook is hidden; show it or delete it"),
        RefusalCode.LINES: _("has more than %(n)d lines; divide it"),
        RefusalCode.COLUMNS: _("has more than %(n)d columns"),
        RefusalCode.LONG_RECORD: _("the line is longer than %(n)d characters"),
        RefusalCode.LONG_CELL: _("a cell holds more than %(n)d characters"),
        RefusalCode.UNPACKED: _("is larger than %(n)d MB when it is unpacked; divide it"),
        RefusalCode.TOO_MUCH: _("holds too much to be read at once; save it as CSV or divide it"),
    }
    if code in of_the_header:
        return _("header"), of_the_header[code] % parameters
    return _("file"), of_the_file[code] % parameters
