"""Files within the size limit, valid ones and ones that would need much memory or time.

Each function writes one to `path`. All are deliveries of placements, the format with the most columns.
"""

import datetime
import io
import itertools
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook

from companies.exchange import COLUMNS as ALL_COLUMNS

#: Without the optional last one, `source_id`.
COLUMNS = ALL_COLUMNS[:-1]
HEADER = ";".join(COLUMNS) + "\n"
MEGABYTE = 1024 * 1024
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
DAY_STYLE = 1
STYLES, TYPES = "xl/styles.xml", "[Content_Types].xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def text_cells(texts: Iterable[str]) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)


HEADER_CELLS = text_cells(COLUMNS)
HEADER_ROW = f"<row>{HEADER_CELLS}</row>"


def good_row(number: int) -> list[str]:
    """Return the fields of a valid placement."""
    cpr = f"{1 + number % 28:02}{1 + number % 12:02}{number % 90:02}{number % 10000:04}"
    days = [f"2016-03-{1 + number % 28:02}", f"2016-05-{1 + number % 28:02}", ""]
    return [cpr, "10150817", f"Firma nummer {number} A/S", "", "internship", *days, "15", "2.5"]


def csv_file(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(";".join(row) + "\n" for row in rows)


def xlsx_file(path: Path, rows: Iterable[list[str]]) -> None:
    """Write the rows as Excel does: shared texts in a part of their own, days as numbers."""
    numbers: dict[str, int] = {}
    cells = ([_cell(field, numbers) for field in row] for row in rows)
    pieces = (f"<row>{''.join(row)}</row>".encode() for row in cells)

    def texts() -> Iterable[bytes]:
        for text in numbers:  # the sheet has been written before, and the texts are known
            yield f"<si><t>{text}</t></si>".encode()

    workbook(path, {SHEET: sheet(HEADER_ROW, pieces), STRINGS: strings(texts())})


def _cell(field: str, numbers: dict[str, int]) -> str:
    if not field:
        return "<c/>"
    if field.startswith("2016-"):
        days = (datetime.date.fromisoformat(field) - datetime.date(1899, 12, 30)).days
        return f'<c s="{DAY_STYLE}"><v>{days}</v></c>'
    return f'<c t="s"><v>{numbers.setdefault(field, len(numbers))}</v></c>'


def parts_of_a_workbook() -> dict[str, bytes]:
    """Return the parts of a workbook of openpyxl's, with a date format and a part for shared texts."""
    out = io.BytesIO()
    book = Workbook()
    book.active.append([datetime.date(2016, 3, 1)])
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    named = f'<Override PartName="/{STRINGS}" ContentType="{kind}"/></Types>'.encode()
    return parts | {TYPES: parts[TYPES].replace(b"</Types>", named), STRINGS: b"".join(strings())}


def workbook(file: Path | BinaryIO, changed: dict[str, Iterable[bytes]]) -> None:
    """Write a workbook with some of its parts replaced, in pieces."""
    parts: dict[str, Iterable[bytes]] = {name: [part] for name, part in parts_of_a_workbook().items()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in (changed | {name: parts[name] for name in parts if name not in changed}).items():
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)


def sheet(*rows: str | Iterable[bytes]) -> Iterable[bytes]:
    yield f'<worksheet xmlns="{NAMESPACE}"><sheetData>'.encode()
    for row in rows:
        yield from [row.encode()] if isinstance(row, str) else row
    yield b"</sheetData></worksheet>"


def strings(*pieces: Iterable[bytes]) -> Iterable[bytes]:
    yield f'<sst xmlns="{NAMESPACE}">'.encode()
    yield from itertools.chain(*pieces)
    yield b"</sst>"


def repeated(text: str, times: int) -> Iterable[bytes]:
    """Yield the text so many times, in pieces of about a megabyte."""
    repetitions = max(1, MEGABYTE // len(text))
    for start in range(0, times, repetitions):
        yield text.encode() * min(repetitions, times - start)


# What made the reading take gigabytes or minutes


def header_in_the_last_column(path: Path) -> None:
    """A header that ends in column XFD, and rows that would be padded to its width: a few kB."""
    header = f'<row>{HEADER_CELLS}<c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
    workbook(path, {SHEET: sheet(header, repeated("<row><c><v>1</v></c></row>", 16_000))})


def three_million_strings(path: Path) -> None:
    items = (f"<si><t>{number}</t></si>".encode() for number in range(3_000_000))
    workbook(path, {STRINGS: strings(items), SHEET: sheet(HEADER_ROW)})


def separators_only(path: Path) -> None:
    path.write_bytes(HEADER.encode() + (b";" * 250 + b"\n") * (40 * MEGABYTE // 251))


# Other CSV


def separators_in_one_line(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b";" * 40 * MEGABYTE)


def separators_for_a_header(path: Path) -> None:
    path.write_bytes(b";" * 40 * MEGABYTE)


def quoted_field(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b'"' + b"x" * 40 * MEGABYTE + b'";1\n')


def quoted_field_of_many_lines(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b'"' + b"x\n" * 20 * MEGABYTE + b'";1\n')


def one_record_of_many_lines(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b'"\n";' * 10 * MEGABYTE)


def endless_line(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b"x" * 45 * MEGABYTE)


def endless_line_with_one_wide_character(path: Path) -> None:
    """One wide character makes Python store the text with four bytes per character."""
    path.write_bytes(HEADER.encode() + "🙂".encode() + b"x" * 45 * MEGABYTE)


def empty_lines(path: Path) -> None:
    path.write_bytes(HEADER.encode() + b"\n" * 45 * MEGABYTE)


def rows_too_wide(path: Path) -> None:
    path.write_bytes(HEADER.encode() + (b"1;" * 100 + b"1\n") * 100_000)


# Other XLSX


def bomb_in_the_sheet(path: Path) -> None:
    workbook(path, {SHEET: sheet(HEADER_ROW, repeated(" ", 490 * MEGABYTE))})


def bomb_in_a_cell(path: Path) -> None:
    cell = ["<row><c t='inlineStr'><is><t>", repeated("x", 490 * MEGABYTE), "</t></is></c></row>"]
    workbook(path, {SHEET: sheet(HEADER_ROW, *cell)})


def bomb_in_an_attribute(path: Path) -> None:
    workbook(path, {SHEET: sheet(HEADER_ROW, "<row r='", repeated("1", 490 * MEGABYTE), "'/>")})


def bomb_in_the_strings(path: Path) -> None:
    text = [[b"<si><t>"], repeated("x", 490 * MEGABYTE), [b"</t></si>"]]
    workbook(path, {STRINGS: strings(*text), SHEET: sheet(HEADER_ROW)})


def _styles(path: Path, number: int) -> None:
    head = f'<styleSheet xmlns="{NAMESPACE}"><cellXfs>'.encode()
    other_fields = b"</cellXfs></styleSheet>"
    pieces = itertools.chain([head], repeated('<xf numFmtId="14"/>', number), [other_fields])
    workbook(path, {STYLES: pieces, SHEET: sheet(HEADER_ROW)})


def bomb_in_the_styles(path: Path) -> None:
    _styles(path, 20_000_000)


def as_many_styles_as_are_looked_at(path: Path) -> None:
    _styles(path, 800_000)


def as_many_nested_styles_as_are_looked_at(path: Path) -> None:
    head = f'<styleSheet xmlns="{NAMESPACE}">'.encode()
    workbook(path, {STYLES: itertools.chain([head], repeated("<a>", 5_000_000)), SHEET: sheet(HEADER_ROW)})


def many_sheets(path: Path) -> None:
    head = f'<workbook xmlns="{NAMESPACE}"><sheets>'.encode()
    other_fields = b"</sheets></workbook>"
    pieces = itertools.chain([head], repeated('<sheet name="a" sheetId="1"/>', 500_000), [other_fields])
    workbook(path, {BOOK: pieces, SHEET: sheet(HEADER_ROW)})


def bomb_in_the_content_types(path: Path) -> None:
    head = parts_of_a_workbook()[TYPES].replace(b"</Types>", b"")
    text = '<Override PartName="/x" ContentType="y"/>'
    workbook(path, {TYPES: itertools.chain([head], repeated(text, 10_000_000), [b"</Types>"])})


def bomb_beyond_the_limit(path: Path) -> None:
    workbook(path, {"xl/media/a.bin": repeated(" ", 600 * MEGABYTE), SHEET: sheet(HEADER_ROW)})


def large_strings_often_referred_to(path: Path) -> None:
    text = [[b"<si><t>"], repeated("x", 32_000), [b"</t></si>"]]
    row = "<row>" + '<c t="s"><v>0</v></c>' * 10 + "</row>"
    workbook(path, {STRINGS: strings(*text), SHEET: sheet(HEADER_ROW, repeated(row, 190_000))})


def row_of_large_strings(path: Path) -> None:
    text = [[b"<si><t>"], repeated("x", 32_000), [b"</t></si>"]]
    cells = repeated('<c t="s"><v>0</v></c>', 16_000)
    workbook(path, {STRINGS: strings(*text), SHEET: sheet(HEADER_ROW, "<row>", cells, "</row>")})


def nested_elements_in_the_sheet(path: Path) -> None:
    workbook(path, {SHEET: sheet(HEADER_ROW, repeated("<a>", 100 * MEGABYTE))})


def nested_elements_in_the_workbook(path: Path) -> None:
    head = f'<workbook xmlns="{NAMESPACE}">'.encode()
    workbook(path, {BOOK: itertools.chain([head], repeated("<a>", 100 * MEGABYTE))})


def a_million_columns(path: Path) -> None:
    cells = repeated("<c><v>1</v></c>", 1_000_000)
    workbook(path, {SHEET: sheet(HEADER_ROW, "<row>", cells, "</row>")})


def a_million_columns_in_the_header(path: Path) -> None:
    cells = repeated("<c><v>1</v></c>", 1_000_000)
    workbook(path, {SHEET: sheet("<row>", HEADER_CELLS, cells, "</row>")})


def rows_to_the_last_column(path: Path) -> None:
    """An error in each row, and no row is padded to where it ends."""
    rows = repeated('<row><c><v>1</v></c><c r="XFD1"><v>1</v></c></row>', 50_000)
    workbook(path, {SHEET: sheet(HEADER_ROW, rows)})


def millions_of_rows(path: Path) -> None:
    workbook(path, {SHEET: sheet(HEADER_ROW, repeated("<row/>", 50_000_000))})


def every_field_wrong(path: Path) -> None:
    """A million errors."""
    csv_file(path, (["x"] * len(COLUMNS) for _number in range(100_000)))


def entities(path: Path) -> None:
    """Ten levels of tenfold text."""
    levels = [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10)]
    head = f'<!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">{"".join(levels)}]>'
    row = "<row><c t='inlineStr'><is><t>&e9;</t></is></c></row>"
    text = f'{head}<worksheet xmlns="{NAMESPACE}"><sheetData>{HEADER_ROW}{row}</sheetData></worksheet>'
    workbook(path, {SHEET: [text.encode()]})


def entities_in_the_workbook(path: Path) -> None:
    levels = [f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10)]
    head = f'<!DOCTYPE x [<!ENTITY e0 "xxxxxxxxxx">{"".join(levels)}]>'
    text = f'{head}<workbook xmlns="{NAMESPACE}"><sheets>&e9;</sheets></workbook>'
    workbook(path, {BOOK: [text.encode()]})


def a_million_parts(path: Path) -> None:
    """An archive whose directory alone takes 49 MB."""
    zeros = 0, 0, 0, 0, 0, 0
    entry = struct.pack("<4s4B4H3L5H2L", b"PK\x01\x02", 45, 0, 45, 0, 0, 0, 0, 33, 0, 0, 0, 1, *zeros)
    number = 1_000_000
    directory = (entry + b"x") * number
    start = b"PK\x03\x04"
    size, place = len(directory), len(start)
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, number, number, size, place)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, place + size, 1)
    most = 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *most)
    path.write_bytes(start + directory + end64 + locator + end)
