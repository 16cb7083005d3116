"""Reading a delivered file: CSV (UTF-8, `;`) or XLSX with the same header, ISO dates (FORMATS).

Everything wrong is collected, each with line and column, so that the sender can mend the file in one go.
No message repeats what stood in a field: it may be a CPR number.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from stdnum.dk import cvr as cvr_number

from jobfirst import progress

TRUE_WORDS = {"true", "ja"}
FALSE_WORDS = {"false", "nej"}
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]+)?")
EARLIEST = datetime.date(1900, 1, 1)
LATEST = datetime.date(2100, 1, 1)


def iso_day(text: str) -> datetime.date | None:
    """The day written as 2016-03-01; None for anything else, and for years nobody can mean."""
    try:
        day = datetime.date.fromisoformat(text) if ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and EARLIEST <= day < LATEST else None


@dataclass(frozen=True, order=True)
class RowError:
    """One thing wrong: the line in the file (the header is line 1), the column's name, and how to mend it."""

    line: int
    column: str
    message: str

    def at(self, filename: str) -> str:
        """The error as FORMATS writes it: `FILE:LINE: COLUMN: message`."""
        return f"{filename}:{self.line}: {self.column}: {self.message}"


class BadFile(Exception):
    """The file was refused as a whole; `errors` names every reason and nothing was saved."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = sorted(set(errors))
        super().__init__(f"{len(self.errors)} errors")


@dataclass
class Row:
    """One line of the file. The readers below return the value, or None and remember what was wrong."""

    line: int
    values: dict[str, str]
    errors: list[RowError] = field(repr=False)

    def fail(self, column: str, message: str) -> None:
        """Remember that this line's column is wrong."""
        self.errors.append(RowError(self.line, column, message))

    def text(self, column: str, *, required: bool = True, longest: int = 150) -> str:
        """The field without surrounding white space."""
        value = self.values[column].strip()
        if not value and required:
            self.fail(column, _("must be filled in"))
        elif len(value) > longest:
            self.fail(column, _("is longer than %(n)d characters") % {"n": longest})
        elif any(ord(c) < 32 and c not in "\t\n\r" for c in value):
            self.fail(column, _("holds characters that are not text"))
        return value

    def date(self, column: str, *, required: bool = True) -> datetime.date | None:
        """An ISO date such as 2016-03-01."""
        value = self.text(column, required=required)
        if not value:
            return None
        day = iso_day(value)
        if day is None:
            self.fail(column, _("must be a date written as 2016-03-01"))
        return day

    def month(self, column: str) -> datetime.date | None:
        """A month such as 2016-09, returned as its first day."""
        value = self.text(column)
        if not value:
            return None
        try:
            if not ISO_MONTH.fullmatch(value):
                raise ValueError
            return datetime.date.fromisoformat(f"{value}-01")
        except ValueError:
            self.fail(column, _("must be a month written as 2016-09"))
            return None

    def boolean(self, column: str) -> bool | None:
        """true/false/ja/nej, in any case."""
        value = self.text(column).lower()
        if value in TRUE_WORDS | FALSE_WORDS:
            return value in TRUE_WORDS
        if value:
            self.fail(column, _("must be true, false, ja or nej"))
        return None

    def decimal(
        self, column: str, *, lowest: Decimal, highest: Decimal, places: int = 2, required: bool = True
    ) -> Decimal | None:
        """A number with `.` or `,` as decimal mark, within the bounds."""
        value = self.text(column, required=required)
        if not value:
            return None
        if not NUMBER.fullmatch(value):
            self.fail(
                column,
                _("must be a number such as 7.5") if places else _("must be a whole number such as 100"),
            )
            return None
        number = Decimal(value.replace(",", "."))
        if not lowest <= number <= highest:
            self.fail(column, _("must be from %(low)s to %(high)s") % {"low": lowest, "high": highest})
            return None
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > places:
            self.fail(column, _("has more than %(n)d decimals") % {"n": places})
            return None
        return number

    def integer(self, column: str, *, lowest: int, highest: int) -> int | None:
        """A whole number within the bounds."""
        number = self.decimal(column, lowest=Decimal(lowest), highest=Decimal(highest), places=0)
        return None if number is None else int(number)

    def choice(self, column: str, choices: Sequence[str], *, required: bool = True) -> str:
        """One of the codes, exactly as FORMATS writes them."""
        value = self.text(column, required=required)
        if value and value not in choices:
            self.fail(column, _("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
            return ""
        return value

    def cvr(self, column: str) -> str:
        """A CVR number: eight digits with a valid check digit."""
        value = self.text(column)
        if value and (len(value) != 8 or not cvr_number.is_valid(value)):
            self.fail(column, _("is not a CVR number (8 digits with a valid check digit)"))
            return ""
        return value

    def p_number(self, column: str) -> str:
        """A P-number: ten digits, or empty."""
        value = self.text(column, required=False)
        if value and not (len(value) == 10 and value.isascii() and value.isdigit()):
            self.fail(column, _("is not a P-number (10 digits)"))
            return ""
        return value


@dataclass
class Table:
    """A file that could be read: its rows, and the errors found so far (shared with the rows)."""

    rows: list[Row]
    errors: list[RowError]

    def __iter__(self) -> Iterator[Row]:
        return progress.tracked(self.rows, _("Rows"))

    def raise_errors(self) -> None:
        """Raise BadFile with everything remembered, if anything was."""
        if self.errors:
            raise BadFile(self.errors)


def read_table(source: Path | BinaryIO, columns: Sequence[str], name: str = "") -> Table:
    """Return the file's rows under exactly these columns.

    Raises BadFile when the file as a whole cannot be used: missing, empty, too large, not UTF-8, another
    separator or header, a line with too many or too few fields.
    """
    content = _content(source)
    is_workbook = content.startswith(b"PK\x03\x04")
    lines = _limited(_xlsx_lines(content) if is_workbook else _csv_lines(content))
    if not lines:
        raise _whole(1, _("header"), _("the file is empty"))
    _check_header([cell.strip() for cell in lines[0][1]], columns)
    errors: list[RowError] = []
    rows = []
    for line, cells in lines[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            errors.append(
                RowError(
                    line,
                    columns[min(len(cells), len(columns) - 1)],
                    _("the line has %(found)d fields, not %(wanted)d")
                    % {"found": len(cells), "wanted": len(columns)},
                )
            )
            continue
        rows.append(Row(line, dict(zip(columns, cells, strict=True)), errors))
    return Table(rows, errors)


def _whole(line: int, column: str, message: str) -> BadFile:
    return BadFile([RowError(line, column, message)])


def _content(source: Path | BinaryIO) -> bytes:
    """The file's bytes; the size is looked at before anything is read."""
    largest = settings.JOBFIRST_MAX_IMPORT_BYTES
    try:
        if isinstance(source, Path):
            if source.stat().st_size > largest:
                raise _too_large(largest)
            content = source.read_bytes()
        else:
            content = source.read(largest + 1)
    except OSError as error:
        raise _whole(
            1, _("file"), _("cannot be read: %(why)s") % {"why": error.strerror or _("unknown reason")}
        ) from error
    if len(content) > largest:
        raise _too_large(largest)
    return content


def _limited(lines: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The lines, unless there are more than a delivery may have: a small file can unpack to millions."""
    most = settings.JOBFIRST_MAX_IMPORT_ROWS
    found = []
    for line, cells in lines:
        found.append((line, cells))
        if line > most + 1 or len(found) > most + 1:
            raise _whole(line, _("file"), _("has more than %(n)d lines; divide it") % {"n": most})
    return found


def _too_large(largest: int) -> BadFile:
    return _whole(
        1, _("file"), _("is larger than %(n)d MB; divide it") % {"n": max(1, largest // (1024 * 1024))}
    )


def _csv_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields) of each record; a record over several lines is known by its first."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _whole(line, _("file"), _("is not UTF-8; save it as CSV UTF-8")) from error
    if "\x00" in text:
        raise _whole(1, _("file"), _("is not a text file"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    line = 1
    try:
        for cells in reader:
            if cells or line == 1:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _whole(line, _("file"), _("a quoted field is not closed or not separated properly")) from error


def _xlsx_lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line number, fields as text) of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > 10 * settings.JOBFIRST_MAX_IMPORT_BYTES:
            raise _too_large(settings.JOBFIRST_MAX_IMPORT_BYTES)
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        # What the sheet says of its own extent is a hint, and other programs leave it stale: rows beyond
        # it would vanish without a word.
        sheet.reset_dimensions()
        width = 0
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            fields = [_cell_text(cell) for cell in cells]
            while len(fields) > width and not fields[-1]:
                fields.pop()
            width = width or len(fields)
            yield number, fields + [""] * (width - len(fields))
    except BadFile:
        raise
    except Exception as error:
        # A damaged workbook fails in whatever part of the library meets the damage first: XML, zip, styles.
        raise _whole(1, _("file"), _("is not a workbook that can be read")) from error


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _check_header(found: list[str], wanted: Sequence[str]) -> None:
    if found == list(wanted):
        return
    if len(found) == 1 and any(mark in found[0] for mark in ",\t|"):
        raise _whole(1, _("header"), _("the separator must be ;"))
    missing = [name for name in wanted if name not in found]
    extra = [name for name in found if name not in wanted]
    if missing:
        message = _("missing columns: %(names)s") % {"names": ", ".join(missing)}
    elif extra:
        message = _("there are columns too many (%(n)d)") % {"n": len(extra)}
    else:
        message = _("the columns must stand in this order: %(names)s") % {"names": ";".join(wanted)}
    raise _whole(1, _("header"), message)
