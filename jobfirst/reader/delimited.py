"""CSV (UTF-8, `;`), one record at a time: never more than one is in memory."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from jobfirst.reader.as_seen import shown_text
from jobfirst.reader.refusals import LONGEST_RECORD, RefusalCode, RefusalError

PIECE = 256 * 1024
LINE_END = re.compile(r"[\r\n]")
#: The line `sep=;`, which tells Excel the separator, as it is parsed; some programs quote it.
EXCEL_SEPARATORS = (["sep=", ""], ["sep=;"])


def records(source: BinaryIO, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, fields) of each record; a record of several lines has the number of its first."""
    _check_text(source)
    source.seek(0)
    csv.field_size_limit(LONGEST_RECORD)  # otherwise a long field would be refused as a wrong quote
    lines = RecordLines(io.TextIOWrapper(source, encoding="utf-8-sig", newline=""))
    reader = csv.reader(lines, delimiter=";", strict=True)
    line = 1
    try:
        for fields in reader:
            if line > most_rows + 1:
                raise RefusalError(RefusalCode.LINES, line, n=most_rows)
            if any(";" in field and LINE_END.search(field) for field in fields):
                # A quote that is closed lines later by another stray one swallows the records between them.
                raise RefusalError(RefusalCode.QUOTES, line)
            if (fields or line == 1) and not (line == 1 and _lower(fields) in EXCEL_SEPARATORS):
                yield line, [shown_text(field) for field in fields]
            line = reader.line_num + 1
            lines.begin_record(line)
    except csv.Error as error:
        raise RefusalError(RefusalCode.QUOTES, line) from error


def _lower(fields: list[str]) -> list[str]:
    return [field.lower() for field in fields]


def _check_text(source: BinaryIO) -> None:
    """Refuse a file that is not UTF-8, with the line, or has NUL bytes; reads it in pieces."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, has_nul = 1, False
    try:
        while piece := source.read(PIECE):
            decoder.decode(piece)
            line += piece.count(b"\n")
            has_nul = has_nul or b"\0" in piece
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise RefusalError(RefusalCode.ENCODING, line + error.object.count(b"\n", 0, error.start)) from error
    if has_nul:
        raise RefusalError(RefusalCode.NO_TEXT)


class RecordLines:
    """The lines of a text with their line ends; refuses a record of more than LONGEST_RECORD characters."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.begin_record(1)

    def begin_record(self, line: int) -> None:
        """Start counting characters: the next line begins a record."""
        self._first = line
        self._lines = 0
        self._left = LONGEST_RECORD

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        if self._first == 1:
            line = line.lstrip("\ufeff")  # some programs write the byte-order mark twice
        self._left -= len(line)
        self._lines += 1
        if self._left < 0 and self._lines > 1:  # a quote that is not closed
            raise RefusalError(RefusalCode.QUOTES, self._first)
        if self._left < 0:
            raise RefusalError(RefusalCode.LONG_RECORD, self._first, n=LONGEST_RECORD)
        if not line:
            raise StopIteration
        return line
