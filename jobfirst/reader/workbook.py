"""XLSX, row by row: the cells of the first sheet as text, as a person sees them (`jobfirst.reader.as_seen`).

openpyxl finds the parts of the workbook and which number formats are dates. The two parts that grow with the
delivery, the sheet and the shared strings, are streamed here: openpyxl would make an object of each string,
pad every row to its last cell, and keep some data of each row.
"""

import datetime
import re
import string
import warnings
import zipfile
from array import array
from collections.abc import Iterator
from functools import partial
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from jobfirst.files.limited_process import held_memory
from jobfirst.reader.active_parts import refuse_active_parts
from jobfirst.reader.as_seen import shown_number, shown_text, unescaped
from jobfirst.reader.refusals import LONGEST_RECORD, MOST_MEMORY, CellFault, RefusalCode, RefusalError

#: Bytes of XML parsed at a time. Few, because a reference of 22 bytes may stand for a text of 32,767.
PIECE = 8 * 1024
#: Most characters of a cell.
LONGEST_CELL = 32767
#: The number of the last possible column, XFD.
MOST_COLUMNS = 16384
#: Pieces parsed between two checks of the memory left.
PIECES = 16
MEMORY_LEFT = 16 * 1024 * 1024
#: Largest part in bytes from which openpyxl builds a tree.
LARGEST_TREE = 16 * 1024 * 1024
#: Longest tag with its attributes, or comment, in bytes.
LONGEST_TAG = 256 * 1024
NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]

ROW, CELL, VALUE, INLINE, STRING, TEXT, PHONETIC, FORMULA, MERGED, COLUMN = (
    f"{SHEET_MAIN_NS} {name}" for name in ("row", "c", "v", "is", "si", "t", "rPh", "f", "mergeCell", "col")
)
LETTERS = re.compile(r"\$?([A-Z]{1,3})\$?[0-9]+", re.IGNORECASE)


def records(
    source: BinaryIO, width: int, *, most_rows: int, most_unpacked: int
) -> Iterator[tuple[int, list[str] | int | dict[int, str]]]:
    """Yield (row number, fields) of each row that is not blank; rows after the first are padded to `width`.

    A row with content beyond `width` is given as its number of fields, one with cells that cannot be read as
    seen as the code of each by column number. Raises RefusalError for a damaged or an active workbook.
    """
    warnings.simplefilter("ignore")  # unknown features of a workbook are not read here
    try:
        archive = WorkbookArchive(source)
        archive.check_size(most_unpacked)
        refuse_active_parts(archive)
        is_first = True
        for line, fields, faults in _rows(archive, most_rows):
            last = max(fields, default=0)
            if is_first and line > 1:
                yield line, []  # a header stands in the first row
            elif faults:
                yield line, {column: fault.value for column, fault in faults.items()}
            elif last > width and not is_first:
                yield line, last
            else:
                length = last if is_first else width
                yield line, [fields.get(column, "") for column in range(1, length + 1)]
            is_first = False
    except (RefusalError, MemoryError):
        raise
    except Exception as error:
        if getattr(error, "code", None) == NO_MEMORY:  # only expat's errors have a code
            raise MemoryError from error
        raise RefusalError(RefusalCode.NO_WORKBOOK) from error


class WorkbookArchive(zipfile.ZipFile):
    """The workbook's zip archive. No part is read beyond the size stated in the archive."""

    def check_size(self, most: int) -> None:
        """Refuse a workbook that unpacks to more than `most` bytes."""
        if sum(part.file_size for part in self.infolist()) > most:
            raise RefusalError(RefusalCode.UNPACKED, n=max(1, most // (1024 * 1024)))

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Return a whole part, from which openpyxl builds a tree."""
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.file_size > LARGEST_TREE:
            raise RefusalError(RefusalCode.TOO_MUCH)
        return super().read(part, pwd)


SheetRow = tuple[int, dict[int, str], dict[int, CellFault]]


def _rows(archive: WorkbookArchive, most_rows: int) -> Iterator[SheetRow]:
    reader = ExcelReader(archive.fp, read_only=True, data_only=True, keep_links=False)
    reader.archive = archive
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(archive, reader.wb)
    strings = SharedStringsPart()
    part = reader.package.find(SHARED_STRINGS)
    if part is not None:
        with archive.open(part.PartName[1:]) as content:
            strings.read(content)
    with archive.open(_first_sheet(reader)) as content:
        yield from WorksheetPart(strings, reader.wb, most_rows).rows(content)


def _first_sheet(reader: ExcelReader) -> str:
    """Return the path of the first sheet with cells (a chart may have its own sheet); refuse a hidden one."""
    for sheet, relation in reader.parser.find_sheets():
        if "chartsheet" not in relation.Type and relation.target in reader.valid_files:
            if sheet.state != "visible":
                raise RefusalError(RefusalCode.HIDDEN_SHEET)
            return str(relation.target)
    raise ValueError


def _check_memory() -> None:
    """Refuse the file while there is memory left to do so: without any, Python 3.11 may loop forever."""
    memory = held_memory()
    if memory is not None and memory.address_space > MOST_MEMORY - MEMORY_LEFT:
        raise RefusalError(RefusalCode.TOO_MUCH)


class WorkbookPart:
    """One XML part of the workbook, parsed as a stream; a subclass handles its elements."""

    def __init__(self) -> None:
        self._is_text_wanted = False
        self._characters: list[str] = []
        self._length = 0

    def parse(self, content: IO[bytes]) -> Iterator[None]:
        """Parse the part, calling `start` and `end` for each element; yields after each piece."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.add_text
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        size = 0
        for number, piece in enumerate(iter(partial(content.read, PIECE), b"")):
            parser.Parse(piece, False)
            size += len(piece)
            if (
                size - parser.CurrentByteIndex > LONGEST_TAG
            ):  # expat parses an unfinished tag again with each piece
                raise ValueError
            if number % PIECES == 0:
                _check_memory()
            yield
        parser.Parse(b"", True)
        yield

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""

    def end(self, name: str) -> None:
        """Handle the end of an element."""

    def refuse_doctype(self, *_declaration: Any) -> None:
        """Refuse a DOCTYPE: no workbook needs one, and its entities can expand a small file to a huge one."""
        raise ValueError

    def add_text(self, characters: str) -> None:
        """Store the characters of an element whose text is wanted."""
        if self._is_text_wanted:
            self._length += len(characters)
            if self._length > LONGEST_CELL:
                raise RefusalError(RefusalCode.LONG_CELL, n=LONGEST_CELL)
            self._characters.append(characters)

    def take_text(self) -> str:
        """Return and clear the stored characters."""
        text = "".join(self._characters)
        self._characters.clear()
        self._length = 0
        return text


class SharedStringsPart(WorkbookPart):
    """The workbook's shared texts, packed: a million of them take a few megabytes."""

    def __init__(self) -> None:
        super().__init__()
        self._packed = bytearray()
        self._ends = array("L", [0])
        self._phonetic = 0

    def read(self, content: IO[bytes]) -> None:
        """Add all texts of this part."""
        for _piece in self.parse(content):
            pass

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TEXT and not self._phonetic:
            self._is_text_wanted = True
        elif name == PHONETIC:
            self._phonetic += 1

    def end(self, name: str) -> None:
        if name == TEXT:
            self._is_text_wanted = False
        elif name == STRING:
            self._packed += shown_text(unescaped(self.take_text())).encode()
            self._ends.append(len(self._packed))
        elif name == PHONETIC:
            self._phonetic -= 1

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError
        return self._packed[self._ends[number] : self._ends[number + 1]].decode()


class WorksheetPart(WorkbookPart):
    """The rows of one sheet."""

    def __init__(self, strings: SharedStringsPart, book: Any, most_rows: int) -> None:
        super().__init__()
        self._strings = strings
        self._book = book
        self._formats: dict[int, str] = {}
        self._most_rows = most_rows
        self._columns: dict[str, int] = {}
        self._done: list[SheetRow] = []
        self._row, self._column, self._length_of_row = 0, 0, 0
        self._fields: dict[int, str] = {}
        self._faults: dict[int, CellFault] = {}
        self._kind, self._style = "n", 0
        self._is_row_hidden = self._has_formula = False
        self._hidden_columns: set[int] = set()
        self._inline = self._has_value = False
        self._phonetic = 0

    def rows(self, content: IO[bytes]) -> Iterator[SheetRow]:
        """Yield the rows with their faults, as soon as a piece of the part has been parsed."""
        for _piece in self.parse(content):
            yield from self._done
            self._done.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == CELL:
            self._start_cell(attributes)
        elif name == VALUE:
            if not self._has_value and self._kind != "inlineStr":
                self._is_text_wanted = True
        elif name == ROW:
            self._start_row(attributes)
        elif name == COLUMN:
            self._start_columns(attributes)
        elif name == FORMULA:
            self._has_formula = True
        elif name == MERGED:
            self._add_merged(attributes["ref"])
        elif name == INLINE:
            self._inline = self._kind == "inlineStr"
        elif name == TEXT:
            if self._inline and not self._phonetic:
                self._is_text_wanted = True
        elif name == PHONETIC:
            self._phonetic += 1

    def end(self, name: str) -> None:
        if name == CELL:
            self._end_cell()
        elif name == VALUE:
            self._has_value = True
            self._is_text_wanted = False
        elif name == ROW:
            if self._is_row_hidden and self._fields:
                self._faults.setdefault(min(self._fields), CellFault.HIDDEN_ROW)
            hidden = self._hidden_columns & self._fields.keys() if self._row > 1 else set()
            self._faults |= dict.fromkeys(hidden - self._faults.keys(), CellFault.HIDDEN_COLUMN)
            if self._fields or self._faults:
                self._done.append((self._row, self._fields, self._faults))
            self._fields, self._faults = {}, {}
        elif name == INLINE:
            self._inline = False
        elif name == TEXT:
            if self._inline:
                self._is_text_wanted = False
        elif name == PHONETIC:
            self._phonetic -= 1

    def _start_columns(self, attributes: dict[str, str]) -> None:
        if _is_hidden(attributes, "width"):
            last = min(int(attributes["max"]), MOST_COLUMNS)
            self._hidden_columns |= set(range(int(attributes["min"]), last + 1))

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(float(attributes["r"])) if "r" in attributes else self._row + 1
        if number <= self._row:
            raise ValueError  # a row out of order would overwrite another
        if number > self._most_rows + 1:
            raise RefusalError(RefusalCode.LINES, self._most_rows + 2, n=self._most_rows)
        self._row, self._column, self._length_of_row = number, 0, 0
        self._is_row_hidden = _is_hidden(attributes, "ht")

    def _add_merged(self, reference: str) -> None:
        """Refuse the row in which merged cells begin; the sheet names them after its rows."""
        place = reference.partition(":")[0]
        row = int(place.replace("$", "").lstrip(string.ascii_letters))
        self._done.append((row, {}, {self._column_of(place): CellFault.MERGED}))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s") or 0)
        self._has_value = self._has_formula = False
        place = attributes.get("r")
        self._column = self._column_of(place) if place else self._column + 1
        if self._column > MOST_COLUMNS:
            raise RefusalError(RefusalCode.COLUMNS, self._row, n=MOST_COLUMNS)

    def _column_of(self, place: str) -> int:
        """Return the column number of a cell reference such as B7."""
        letters = place.rstrip("0123456789")
        if letters not in self._columns:
            matched = LETTERS.fullmatch(place)
            if matched is None:
                raise ValueError
            number = 0
            for letter in matched[1].upper():
                number = number * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = number
        return self._columns[letters]

    def _end_cell(self) -> None:
        value = self.take_text()
        if self._kind == "e":
            self._faults[self._column] = CellFault.ERROR
            return
        if not value:
            if self._has_formula and self._kind != "str":  # a formula's empty text is a value
                self._faults[self._column] = CellFault.FORMULA
            self._fields.pop(self._column, None)
            return
        field = self._text_of(value)
        if field:
            self._fields[self._column] = field
            self._length_of_row += len(field)
            if self._length_of_row > LONGEST_RECORD:
                raise RefusalError(RefusalCode.LONG_RECORD, self._row, n=LONGEST_RECORD)

    def _text_of(self, value: str) -> str:
        """Return the cell's value as a CSV file would have it."""
        kind = self._kind
        if kind == "s":
            return self._strings[int(value)]
        if kind == "n":
            return self._date_or_number(value)
        if kind == "b":
            return "true" if int(value) else "false"
        if kind == "d":
            return _day_or_text(from_ISO8601(value))
        return shown_text(unescaped(value))

    def _date_or_number(self, value: str) -> str:
        book = self._book
        if self._style in book._date_formats:
            is_duration = self._style in book._timedelta_formats
            try:
                return _day_or_text(from_excel(float(value), book.epoch, timedelta=is_duration))
            except (OverflowError, ValueError):
                return "#VALUE!"
        return shown_number(value, self._format_of(self._style))

    def _format_of(self, style: int) -> str:
        """Return the number format of a cell style."""
        if style not in self._formats:
            number = self._book._cell_styles[style].numFmtId
            custom = self._book._number_formats
            self._formats[style] = (
                custom[number - BUILTIN_FORMATS_MAX_SIZE]
                if number >= BUILTIN_FORMATS_MAX_SIZE
                else BUILTIN_FORMATS.get(number, "General")
            )
        return self._formats[style]


def _is_hidden(attributes: dict[str, str], extent: str) -> bool:
    """Whether a row or a column is hidden, or has no height or width."""
    return attributes.get("hidden", "0") in ("1", "true") or float(attributes.get(extent, "1")) == 0


def _day_or_text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
