"""The rows of a delivered file, and its errors (docs/formats.md).

All errors are collected, with line and column, so that the sender can correct the file in one go. No message
repeats the content of a field: it may be a CPR number.
"""

import datetime
import heapq
import itertools
import json
import re
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, overload

from django.utils.translation import gettext as _
from stdnum.dk import cvr as cvr_number

from jobfirst import progress
from jobfirst.reader.as_seen import SHOWN_DIGITS, is_shown_error, without_residue
from jobfirst.values import cpr
from jobfirst.values.dates import EARLIEST, LATEST

#: SAND and FALSK are what Danish Excel writes.
TRUE_WORDS = {"true", "ja", "sand"}
FALSE_WORDS = {"false", "nej", "falsk"}
DANISH_DATE = re.compile(r"([0-9]{1,2})([-.])([0-9]{1,2})\2([0-9]{4})")
MIDNIGHT = re.compile(r"[ T]00[:.]00([:.]00)?")
CVR = re.compile(r"[0-9]{8}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
ISO_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
#: As many digits behind a mark may stand behind one between thousands.
THOUSAND_DIGITS = 3
NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]+)?([eE]-[0-9]{1,3})?")


def written_date(text: str) -> datetime.date | None:
    """Return the date written as 2016-03-01 or, in Danish Excel, 01-03-2016, 1-3-2016 or 01.03.2016; None for
    other text.

    A slash is not read: it would be the month first or the day. Nor is a year of two digits.
    """
    day = MIDNIGHT.sub("", text)
    danish = DANISH_DATE.fullmatch(day)
    iso = f"{danish[4]}-{danish[3]:0>2}-{danish[1]:0>2}" if danish else day
    try:
        return datetime.date.fromisoformat(iso) if ISO_DATE.fullmatch(iso) else None
    except ValueError:
        return None


def iso_day(text: str) -> datetime.date | None:
    """Return the day written as 2016-03-01; None for any other text, and outside the years 1900-2099."""
    day = written_date(text) if ISO_DATE.fullmatch(text) else None
    return day if day is not None and EARLIEST <= day <= LATEST else None


def iso_month(text: str) -> datetime.date | None:
    """Return the first day of the month written as 2016-03; None for any other text, as `iso_day`."""
    return iso_day(f"{text}-01") if ISO_MONTH.fullmatch(text) else None


@dataclass(frozen=True, order=True, slots=True)
class RowError:
    """One error: the line in the file (the header is line 1), the column's name, and how to correct it."""

    line: int
    column: str
    message: str

    def at(self, filename: str) -> str:
        """Return the error in the format of docs/formats.md: `FILE:LINE: COLUMN: message`."""
        return f"{filename}:{self.line}: {self.column}: {self.message}"


class RowErrors(Sequence[RowError]):
    """The errors of a file, packed into eight bytes each: every field of 200,000 rows may be wrong."""

    MOST_COLUMNS, MOST_MESSAGES = 1 << 12, 1 << 24
    RUN = 100_000

    def __init__(self, errors: Iterable[RowError] = ()) -> None:
        self._columns: dict[str, int] = {}
        self._messages: dict[str, int] = {}
        self._packed = array("Q")
        for error in errors:
            self.append(error)

    def append(self, error: RowError) -> None:
        """Add one error."""
        column = self._columns.setdefault(error.column, len(self._columns))
        message = self._messages.setdefault(error.message, len(self._messages))
        self._packed.append(self._pack(error.line, column, message))

    def in_order(self) -> "RowErrors":
        """Return the errors sorted by line, column and message, without duplicates."""
        ordered = RowErrors()
        ordered._columns = {word: rank for rank, word in enumerate(sorted(self._columns))}
        ordered._messages = {word: rank for rank, word in enumerate(sorted(self._messages))}
        columns = [ordered._columns[word] for word in self._columns]
        messages = [ordered._messages[word] for word in self._messages]
        unpacked = map(self._unpack, self._packed)
        ranked = array(
            "Q", (self._pack(line, columns[column], messages[text]) for line, column, text in unpacked)
        )
        # Sorted in runs: one list of two million numbers would need more memory than everything else.
        runs = [array("Q", sorted(ranked[at : at + self.RUN])) for at in range(0, len(ranked), self.RUN)]
        ordered._packed = array("Q", (key for key, _same in itertools.groupby(heapq.merge(*runs))))
        return ordered

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[RowError]:
        return self._unpacked(self._packed)

    @overload
    def __getitem__(self, index: int) -> RowError: ...
    @overload
    def __getitem__(self, index: slice) -> list[RowError]: ...
    def __getitem__(self, index: int | slice) -> RowError | list[RowError]:
        if isinstance(index, slice):
            return list(self._unpacked(self._packed[index]))
        return next(self._unpacked([self._packed[index]]))

    def _unpacked(self, packed: Iterable[int]) -> Iterator[RowError]:
        columns, messages = list(self._columns), list(self._messages)
        for line, column, message in map(self._unpack, packed):
            yield RowError(line, columns[column], messages[message])

    def _pack(self, line: int, column: int, message: int) -> int:
        return (line * self.MOST_COLUMNS + column) * self.MOST_MESSAGES + message

    def _unpack(self, packed: int) -> tuple[int, int, int]:
        line_and_column, message = divmod(packed, self.MOST_MESSAGES)
        return *divmod(line_and_column, self.MOST_COLUMNS), message


class BadFile(Exception):
    """The whole file was refused and nothing saved; `errors` has every reason."""

    def __init__(self, errors: Iterable[RowError]) -> None:
        self.errors = (errors if isinstance(errors, RowErrors) else RowErrors(errors)).in_order()
        super().__init__(f"{len(self.errors)} errors")


class FileFields:
    """The fields of all rows in an unnamed temporary file, read on demand.

    Each line is JSON as `jobfirst.reader.program` writes it. The file is closed with the last row, if not
    before.
    """

    def __init__(self, file: BinaryIO, columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns
        self._place = -1
        self._values: dict[str, str] = {}
        self.close = weakref.finalize(self, file.close)

    def at(self, place: int) -> dict[str, str]:
        """Return the fields, by column, of the row at this position in the file."""
        if place != self._place:
            self._file.seek(place)
            _line, fields = json.loads(self._file.readline())
            self._values = dict(zip(self._columns, fields, strict=True))
            self._place = place
        return self._values


@dataclass(slots=True)
class FileRow:
    """One line of the file. The methods return a field's value, or None after adding an error."""

    line: int
    errors: RowErrors = field(repr=False)
    fields: FileFields = field(repr=False)
    place: int = field(repr=False)

    @property
    def values(self) -> dict[str, str]:
        """The fields by column."""
        return self.fields.at(self.place)

    def fail(self, column: str, message: str) -> None:
        """Add an error for this line's column."""
        self.errors.append(RowError(self.line, column, message))

    def text(self, column: str, *, required: bool = True, longest: int = 150) -> str:
        """Return the field as it is seen; empty, with an error, where Excel shows one instead of a value."""
        value = self.values[column]
        if not value and required:
            self.fail(column, _("must be filled in"))
        elif is_shown_error(value):
            self.fail(column, _("the cell holds an Excel error"))
            return ""
        elif len(value) > longest:
            self.fail(column, _("is longer than %(n)d characters") % {"n": longest})
        elif not value.isprintable():
            self.fail(column, _("holds characters that are not text"))
        return value

    def name(self, column: str, *, longest: int = 150) -> str:
        """Return the name of a person, company or project; one with a CPR number in it is an error."""
        value = self.text(column, longest=longest)
        if cpr.stands_in(value):
            self.fail(column, _("holds what looks like a CPR number"))
        return value

    def date(self, column: str, *, required: bool = True) -> datetime.date | None:
        """Return a date such as 2016-03-01 or, as Danish Excel writes it, 01-03-2016."""
        value = self.text(column, required=required)
        if not value:
            return None
        day = written_date(value)
        if day is None:
            self.fail(column, _("must be a date written as 2016-03-01"))
        elif not EARLIEST <= day <= LATEST:
            self.fail(column, _("must lie between 1900 and 2099"))
            return None
        return day

    def month(self, column: str) -> datetime.date | None:
        """Return the first day of a month such as 2016-09; Excel makes that its first day, 2016-09-01."""
        value = self.text(column)
        if not value:
            return None
        day = written_date(f"{value}-01" if ISO_MONTH.fullmatch(value) else value)
        if day is None or day.day != 1 or not EARLIEST <= day <= LATEST:
            self.fail(column, _("must be a month written as 2016-09"))
            return None
        return day

    def boolean(self, column: str) -> bool | None:
        """Return the value of true/false/ja/nej, in upper or lower case."""
        value = self.text(column).lower()
        if value in TRUE_WORDS | FALSE_WORDS:
            return value in TRUE_WORDS
        if value:
            self.fail(column, _("must be true, false, ja or nej"))
        return None

    def decimal(
        self, column: str, *, lowest: Decimal, highest: Decimal, places: int = 2, required: bool = True
    ) -> Decimal | None:
        """Return a number within the bounds, with `.` or `,` as decimal mark.

        Zeros beyond the decimals that a column may have are nothing (`4,0` is 4), but not three of them: in
        Danish `1.000` is a thousand.
        """
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
        if "e" in value.lower() or len(value) > SHOWN_DIGITS:
            number = without_residue(number)
        if not lowest <= number <= highest:
            self.fail(column, _("must be from %(low)s to %(high)s") % {"low": lowest, "high": highest})
            return None
        decimals = -int(number.as_tuple().exponent)
        if decimals > places and (decimals == THOUSAND_DIGITS or number != round(number, places)):
            self.fail(
                column,
                (_("has more than %(n)d decimals") % {"n": places})
                if places
                else _("must be a whole number such as 100"),
            )
            return None
        return round(number, places) if decimals > places else number

    def integer(self, column: str, *, lowest: int, highest: int) -> int | None:
        """Return a whole number within the bounds."""
        number = self.decimal(column, lowest=Decimal(lowest), highest=Decimal(highest), places=0)
        return None if number is None else int(number)

    def choice(self, column: str, choices: Sequence[str], *, required: bool = True) -> str:
        """Return one of the codes, which must be written exactly as in docs/formats.md."""
        value = self.text(column, required=required)
        if value and value not in choices:
            self.fail(column, _("must be one of: %(choices)s") % {"choices": ", ".join(choices)})
            return ""
        return value

    def cvr(self, column: str) -> str:
        """Return a CVR number: eight digits with a valid check digit."""
        value = self.text(column)
        if value and not (CVR.fullmatch(value) and cvr_number.is_valid(value)):
            self.fail(column, _("is not a CVR number (8 digits with a valid check digit)"))
            return ""
        return value

    def p_number(self, column: str) -> str:
        """Return a P-number: ten digits, or empty."""
        value = self.text(column, required=False)
        if value and not (len(value) == 10 and value.isascii() and value.isdigit()):
            self.fail(column, _("is not a P-number (10 digits)"))
            return ""
        return value


@dataclass
class FileTable:
    """A readable file: its rows and its errors so far (shared with the rows)."""

    rows: list[FileRow]
    errors: RowErrors
    fields: FileFields = field(repr=False)

    def __iter__(self) -> Iterator[FileRow]:
        return progress.tracked(self.rows, _("Rows"))

    def raise_errors(self) -> None:
        """Raise BadFile with all errors, if there are any."""
        if self.errors:
            raise BadFile(self.errors)

    def close(self) -> None:
        """Close the file with the rows' fields."""
        self.fields.close()
