"""A whole list as an Excel file: what its columns show, days and numbers as such."""

import datetime
import html
import re
from collections.abc import Iterator
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from jobfirst.exchange.writing import ExportSheet, xlsx_bytes
from jobfirst.extension_points import export_listeners
from jobfirst.kit.records import value_of
from jobfirst.kit.tables import Column, KitTable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NOT_IN_A_SHEETS_NAME = re.compile(r"[\\*?:/\[\]]")


DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def plain_file_name(title: str) -> str:
    """Return the title as the name of a file in plain letters, the Danish ones written out."""
    return slugify(title.lower().translate(DANISH_LETTERS))


def workbook_response(request: HttpRequest, table: KitTable) -> HttpResponse:
    """Answer with all records of the list, filtered and sorted as the address says.

    Whoever listens to exports records it; the caller has recorded which citizens are in it.
    """
    for listener in export_listeners():
        listener(request)
    headings = [column.heading for column in table.columns.values() if not column.is_action]
    title = str(table.title) or _("List")
    content = xlsx_bytes([ExportSheet(NOT_IN_A_SHEETS_NAME.sub(" ", title), headings, rows(table))])
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{plain_file_name(title)}.xlsx"'},
    )


def rows(table: KitTable) -> Iterator[list[object]]:
    """Yield the list's records as the cells of a sheet."""
    makers = [
        (name, column, table.renderer(name, column), name in table.parameters)
        for name, column in table.columns.items()
        if not column.is_action
    ]
    for record in table.records:
        cells: list[object] = []
        for name, column, render, has_own_words in makers:
            value = value_of(record, column.accessor or name) if column.has_value else None
            if column.has_value and value in (None, ""):
                cells.append(None)
            elif has_own_words or not column.has_value:
                cells.append(plain(render(value, record)))
            else:
                cells.append(cell(column, value))
        yield cells


def cell(column: Column, value: object) -> object:
    """Return a value as a sheet holds it: days, moments (Copenhagen) and numbers as such, else as shown."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, datetime.date | Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return plain(column.text(value))


def plain(text: object) -> str:
    """Return the text of a cell without its links and badges."""
    return " ".join(html.unescape(strip_tags(str(text))).split())
