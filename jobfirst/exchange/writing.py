"""Write CSV and XLSX exports in which no cell can run as a formula."""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

# The width of a column, in characters, and how many rows it is measured by.
NARROWEST, WIDEST, ROWS_MEASURED = 14, 60, 200

ValueT = TypeVar("ValueT")


class ExportSheet(NamedTuple):
    """One sheet of a workbook: its name, column names and rows."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


def neutralise(value: ValueT) -> ValueT | str:
    """Return text that would start a formula with an apostrophe in front; other values unchanged.

    See OWASP, "CSV Injection".
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV for programs: `;`, a header, ISO dates, decimal points, no formulas."""
    return _csv(header, rows, line_end="\n")


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the rows as a CSV file for people, which a Danish Excel opens with a double click.

    As `csv_text`, but with a byte-order mark, which tells Excel the encoding, decimal commas, and the line
    ends of Windows. Excel reads ISO dates as dates in every language.
    """
    return ("\ufeff" + _csv(header, rows, line_end="\r\n", decimal=",")).encode()


def _csv(
    header: Sequence[str], rows: Iterable[Sequence[object]], *, line_end: str, decimal: str = "."
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator=line_end)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_csv_cell(cell, decimal) for cell in row])
    return out.getvalue()


def _csv_cell(cell: object, decimal: str) -> object:
    """Return the cell as it is written; a negative number is no formula."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal | float):
        return str(cell).replace(".", decimal)
    return neutralise(cell)


def xlsx_bytes(sheets: Iterable[ExportSheet]) -> bytes:
    """Return a workbook: numbers as numbers, formulas neutralised, the header row frozen."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        page.freeze_panes = "A2"
        rows = iter(sheet.rows)
        first_rows = list(islice(rows, ROWS_MEASURED))
        for number, width in enumerate(_widths(sheet.header, first_rows), start=1):
            page.column_dimensions[get_column_letter(number)].width = width
        page.append([_cell(page, name, bold=True) for name in sheet.header])
        for row in chain(first_rows, rows):
            page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _widths(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    """Return the width of each column: as its longest text needs, within limits."""
    widths = [len(name) + 4 for name in header]
    for row in rows:
        for place, value in enumerate(row[: len(widths)]):
            if isinstance(value, str):
                widths[place] = max(widths[place], len(value) + 2)
    return [min(max(width, NARROWEST), WIDEST) for width in widths]


def _cell(page: Any, value: object, *, bold: bool = False) -> Any:  # of openpyxl, which has no types
    """Return the value as a cell: a Decimal with two decimals, a day as Danes write it."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, value=neutralise(value))
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    elif isinstance(value, datetime.datetime):
        cell.number_format = "dd-mm-yyyy hh:mm"
    elif isinstance(value, datetime.date):
        cell.number_format = "dd-mm-yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell
