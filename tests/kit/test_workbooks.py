"""A whole list as an Excel file: days and numbers as such, text without links, nothing that runs."""

import datetime
import io
from decimal import Decimal
from types import SimpleNamespace

import openpyxl
import pytest
from django.http import QueryDict
from django.utils.html import format_html

from jobfirst.kit.pages import render_page
from jobfirst.kit.tables import Column, DayColumn, KitTable, MomentColumn, NumberColumn, link
from jobfirst.kit.workbooks import rows


class ExampleTable(KitTable):
    title = "Eksempler / åbne"

    name = Column(verbose_name="navn", order_by="name")
    begun_on = DayColumn(verbose_name="begyndt")
    seen_at = MomentColumn(verbose_name="set")
    hours = NumberColumn(verbose_name="timer")
    is_open = Column(verbose_name="åben", orderable=False)
    state = Column(verbose_name="tilstand", has_value=False)
    change = Column(verbose_name="handlinger", has_value=False, is_action=True)

    def render_name(self, value, record):
        return link("/sted/", value)

    def render_state(self, record):
        return format_html("<span class='badge'>{}</span>", "I gang")

    def render_change(self, record):
        return link("/ret/", "Ret")


def record(name="Ågesen & søn", **values):
    given = {
        "begun_on": datetime.date(2016, 3, 1),
        "seen_at": None,
        "hours": Decimal("12.50"),
        "is_open": True,
    }
    return SimpleNamespace(name=name, **given | values)


def sheet_of(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


@pytest.fixture
def answer(rf, monkeypatch):
    """`answer(records, query)` is what a page with the list answers; `answer.listened` the paths exported."""

    def ask(records, query="format=xlsx"):
        request = rf.get(f"/liste/?{query}")
        table = ExampleTable(records)
        table.configure(QueryDict(query))
        return render_page(request, "kit/list_page.html", {"table": table, "page_title": "Eksempler"})

    ask.listened = []
    listeners = [lambda request: ask.listened.append(request.path)]
    monkeypatch.setattr("jobfirst.extension_points._export_listeners", listeners)
    return ask


def test_the_file_holds_all_rows_as_they_are_sorted(answer):
    response = answer([record(f"Navn {n:02}") for n in range(40)], "format=xlsx&sort=-name&page=2")
    heading, *lines = sheet_of(response)
    assert heading == ["Navn", "Begyndt", "Set", "Timer", "Åben", "Tilstand"]
    assert [line[0] for line in lines] == [f"Navn {n:02}" for n in reversed(range(40))]
    assert response["Content-Disposition"] == 'attachment; filename="eksempler-aabne.xlsx"'
    assert answer.listened == ["/liste/"]


def test_columns_are_as_wide_as_their_texts_and_days_are_written_as_danes_do(answer):
    content = answer([record("Navn med mange bogstaver")]).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.column_dimensions["A"].width == len("Navn med mange bogstaver") + 2
    assert sheet["B2"].number_format == "dd-mm-yyyy"


def test_days_and_numbers_are_such_and_text_is_plain(answer):
    seen_at = datetime.datetime(2016, 7, 1, 22, 30, tzinfo=datetime.UTC)
    _heading, line = sheet_of(answer([record(seen_at=seen_at)]))
    assert line[0] == "Ågesen & søn"
    assert line[1] == datetime.datetime(2016, 3, 1)
    assert line[2] == datetime.datetime(2016, 7, 2, 0, 30)
    assert line[3] == 12.5
    assert line[5] == "I gang"


@pytest.mark.parametrize("name", ["=1+1", "+45", "-1", "@x"])
def test_no_cell_runs(answer, name):
    _heading, line = sheet_of(answer([record(name)]))
    assert line[0] == f"'{name}"


def test_who_listens_stops_the_file_when_it_fails(answer, monkeypatch):
    def fail(request):
        raise RuntimeError("no record")

    monkeypatch.setattr("jobfirst.extension_points._export_listeners", [fail])
    with pytest.raises(RuntimeError):
        answer([record()])


def test_a_cell_without_a_value_is_empty():
    assert next(rows(ExampleTable([record(hours=None, name="")])))[:4] == [
        None,
        datetime.date(2016, 3, 1),
        None,
        None,
    ]
