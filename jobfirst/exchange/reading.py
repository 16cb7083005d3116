"""Reading a delivered file: CSV (UTF-8, `;`) or XLSX with the same header, ISO dates (FORMATS).

1. `jobfirst.reader.program` reads the file in a process of its own, within limits of memory and time, and
   writes the rows into a temporary one. That has no name: nobody else can open it, and it is gone when it is
   closed or this process ends, however it ends.
2. The table knows where each row stands in that file, and reads its fields when they are asked for.

So a file takes little of our memory, whatever is in it.
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

from jobfirst import limited_process
from jobfirst.exchange.rows import BadFile, FileFields, FileRow, FileTable, RowError, RowErrors
from jobfirst.limited_process import Ending
from jobfirst.reader.refusals import RefusalCode

PROGRAM = limited_process.PROJECT / "jobfirst" / "reader" / "program.py"
SECONDS = 300.0  # by the clock; the processor time is bounded by the program itself
#: So many files are read at once by one web process, whose other threads stay free for other users.
AT_ONCE = 2
SECONDS_IN_QUEUE = 2.0
PIECE = 1024 * 1024

logger = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(AT_ONCE)


def read_table(source: Path | BinaryIO, columns: Sequence[str], name: str = "") -> FileTable:
    """Return the file's rows under exactly these columns.

    Raises BadFile when the file as a whole cannot be used: missing, empty, too large, not UTF-8, another
    separator or header, more than can be read within the limits. A line with too many or too few fields is an
    error of the table.
    """
    with _opened(source) as delivery:
        found = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the table)
        try:
            _read(delivery, found, columns)
            return _table(found, columns)
        except BaseException:
            found.close()
            raise


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The delivery as a file of the system, no larger than it may be; a copy where it lies elsewhere."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
            if not _is_regular(file):
                file = _copy(file, stack.enter_context(tempfile.TemporaryFile()))
            size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise _unreadable(error.strerror) from error
        largest = settings.JOBFIRST_MAX_IMPORT_BYTES
        if size > largest:
            megabytes = max(1, largest // (1024 * 1024))
            raise _whole(1, _("file"), _("is larger than %(n)d MB; divide it") % {"n": megabytes})
        yield file


def _is_regular(file: BinaryIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(file.fileno()).st_mode)
    except (OSError, AttributeError):  # it lies in memory
        return False


def _copy(file: BinaryIO, copy: BinaryIO) -> BinaryIO:
    """Copy what a delivery may hold, and a byte more if there is more."""
    left = settings.JOBFIRST_MAX_IMPORT_BYTES + 1
    while piece := file.read(min(PIECE, left)):
        copy.write(piece)
        left -= len(piece)
    copy.flush()
    return copy


def _read(delivery: BinaryIO, found: BinaryIO, columns: Sequence[str]) -> None:
    """Let the program read the delivery and write what it found."""
    limits = str(settings.JOBFIRST_MAX_IMPORT_BYTES), str(settings.JOBFIRST_MAX_IMPORT_ROWS)
    if not _turns.acquire(timeout=SECONDS_IN_QUEUE):
        raise _whole(1, _("file"), _("other files are being read just now; send it again in a minute"))
    try:
        ended = limited_process.run(
            PROGRAM, *limits, *columns, source=delivery, output=found, seconds=SECONDS
        )
    finally:
        _turns.release()
    if ended.ending is Ending.DONE:
        return
    logger.warning("The reading of a delivered file %s (%s)", ended.ending.value, ended.code)
    if ended.ending is Ending.TOO_LONG:
        raise _whole(1, _("file"), _("takes too long to read; save it as CSV or divide it"))
    if ended.ending is Ending.KILLED:
        raise _whole(1, *_sentence(RefusalCode.TOO_MUCH, {}))
    raise _unreadable()


def _table(found: BinaryIO, columns: Sequence[str]) -> FileTable:
    """The rows and errors that the program wrote."""
    table = FileTable([], RowErrors(), FileFields(found, columns))
    try:
        verdict = _fill(table, found, columns)
        peak = verdict["peak"]
        refusal = _sentence(RefusalCode(verdict["code"]), verdict) if "code" in verdict else None
    except (ValueError, KeyError, TypeError) as error:
        logger.warning("The reader of a delivered file wrote something else than rows")
        raise _unreadable() from error
    logger.info("A delivered file was read: %d rows, %s bytes at most", len(table.rows), peak)
    if refusal is not None:
        raise _whole(verdict["line"], *refusal)
    return table


def _fill(table: FileTable, found: BinaryIO, columns: Sequence[str]) -> dict[str, Any]:
    """Put the rows and errors into the table; returns the last line, which says how the reading ended."""
    place = 0
    found.seek(0)
    for written in found:
        record = json.loads(written)
        if isinstance(record, dict):
            return record
        line, fields = record
        if isinstance(fields, int):
            table.errors.append(_wrong_width(line, fields, columns))
        else:
            table.rows.append(FileRow(line, table.errors, table.fields, place))
        place += len(written)
    raise ValueError


def _wrong_width(line: int, width: int, columns: Sequence[str]) -> RowError:
    message = _("the line has %(found)d fields, not %(wanted)d") % {"found": width, "wanted": len(columns)}
    return RowError(line, columns[min(width, len(columns) - 1)], message)


def _whole(line: int, column: str, message: str) -> BadFile:
    return BadFile([RowError(line, column, message)])


def _unreadable(why: str | None = None) -> BadFile:
    return _whole(1, _("file"), _("cannot be read: %(why)s") % {"why": why or _("unknown reason")})


def _sentence(code: RefusalCode, parameters: dict[str, Any]) -> tuple[str, str]:
    """What is wrong, in words: the column and the message."""
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
