"""Write CSV and XLSX exports in which no cell can run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
    """Return the rows as CSV: `;`, one header, ISO dates, formulas neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if cell is None else neutralise(cell) for cell in row])
    return out.getvalue()


def xlsx_bytes(sheets: Iterable[ExportSheet]) -> bytes:
    """Return a workbook: numbers as numbers, formulas neutralised, the header row frozen."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        page.freeze_panes = "A2"
        for number, name in enumerate(sheet.header, start=1):
            page.column_dimensions[get_column_letter(number)].width = max(14, len(name) + 4)
        page.append([_cell(page, name, bold=True) for name in sheet.header])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(page: Any, value: object, *, bold: bool = False) -> Any:  # of openpyxl, which has no types
    """Return the value as a cell; a Decimal shows two decimals, in the reader's own number format."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(page, value=neutralise(value))
    if isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    if bold:
        cell.font = Font(bold=True)
    return cell
