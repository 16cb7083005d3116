"""What stands in a cell of a delivered file is what a person sees there (docs/formats.md)."""

import datetime
import io
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook
from openpyxl.styles import numbers

from jobfirst.exchange import BadFile, FileTable, read_table

COLUMNS = ("cpr", "name", "hours")
HEADER = "cpr;name;hours\n"


def read_csv(text: str) -> FileTable:
    with translation.override("en"):
        return read_table(io.BytesIO(text.encode()), COLUMNS)


def saved(book: Workbook) -> io.BytesIO:
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def workbook(*rows: list[object]) -> Workbook:
    book = Workbook()
    for row in [list(COLUMNS), *rows]:
        book.active.append(row)
    return book


def read_workbook(book: Workbook) -> FileTable:
    with translation.override("en"):
        return read_table(saved(book), COLUMNS)


def fields(table: FileTable) -> list[list[str]]:
    return [list(row.values.values()) for row in table]


def errors(table: FileTable) -> list[tuple[int, str, str]]:
    return [(error.line, error.column, error.message) for error in table.errors]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("Bo\u00a0Hansen", "Bo Hansen"),
        ("  Bo \t Hansen ", "Bo Hansen"),
        ("Bo\u200bdil", "Bodil"),
        ("\u202eBo\u202c", "Bo"),
        ("A\u030ase", "\u00c5se"),
        ("Ø\u00adst", "Øst"),
        ("\ufeffBo", "Bo"),
    ],
)
def test_text_is_composed_and_without_what_nobody_sees(typed, seen):
    assert fields(read_csv(f"{HEADER}1;{typed};7\n")) == [["1", seen, "7"]]
    assert fields(read_workbook(workbook(["1", typed, "7"]))) == [["1", seen, "7"]]


def test_a_line_break_inside_a_field_is_a_space():
    assert fields(read_csv(f'{HEADER}1;"Bo\r\nHansen";7\n')) == [["1", "Bo Hansen", "7"]]
    assert fields(read_workbook(workbook(["1", "Bo\nHansen", "7"]))) == [["1", "Bo Hansen", "7"]]
    assert fields(read_workbook(workbook(["1", "Bo_x000D_\nHansen", "7"]))) == [["1", "Bo Hansen", "7"]]


def test_two_stray_quotes_do_not_merge_two_records():
    with pytest.raises(BadFile) as refused:
        read_csv(f'{HEADER}1;"Bo Hansen;7\n2;Ole Jensen";8\n3;Per;9\n')
    assert [(error.line, error.column) for error in refused.value.errors] == [(2, "file")]


def test_the_line_that_names_the_separator_is_no_header():
    table = read_csv(f"sep=;\n{HEADER}1;Bo;\n")
    assert [(row.line, row.values["name"]) for row in table] == [(3, "Bo")]


def test_a_second_byte_order_mark_is_nothing():
    assert fields(read_csv(f"\ufeff\ufeff{HEADER}1;Bo;7\n")) == [["1", "Bo", "7"]]
    assert fields(read_csv('\ufeff\ufeff"cpr";name;hours\n1;Bo;7\n')) == [["1", "Bo", "7"]]


def test_empty_columns_at_the_end_are_nothing():
    assert fields(read_csv("cpr;name;hours;;\n1;Bo;7;;\n")) == [["1", "Bo", "7"]]
    assert fields(read_csv(f"{HEADER}1;Bo;7;;\n2;Ole;8; \n")) == [["1", "Bo", "7"], ["2", "Ole", "8"]]
    assert fields(read_workbook(workbook(["1", "Bo", "7", None, " "]))) == [["1", "Bo", "7"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda sheet: sheet.row_dimensions[1].__setattr__("hidden", True), "hidden"),
        (lambda sheet: sheet.__setitem__("A1", '=LOWER("CPR")'), "formula"),
    ],
)
def test_a_header_that_is_not_seen_is_refused_with_its_reason(change, message):
    book = workbook(["1", "Bo", "7"])
    change(book.active)
    [(line, column, text)] = errors(read_workbook(book))
    assert (line, column) == (1, "cpr")
    assert message in text


def test_a_field_of_any_length_is_read_and_is_no_wrong_quote():
    [[_cpr, name, _hours]] = fields(read_csv(f"{HEADER}1;{'B' * 200_000};7\n"))
    assert len(name) == 200_000


def test_a_column_more_than_the_header_has_is_named():
    table = read_csv(f"{HEADER}1;Bo;7;x\n")
    assert errors(table) == [(2, "hours", "the line has 4 fields, not 3")]


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (7.3999999999999995, "General", "7.4"),
        (5.551115123125783e-17, "General", "0"),
        (-5.551115123125783e-17, "General", "0"),
        (1 / 3, "General", "0.3333333333"),
        (7.456, "0.00", "7.46"),
        (7.5, "0", "8"),
        (1234.5, "#,##0.00", "1234.50"),
        (-7.456, "0.0", "-7.5"),
        (0.5, "0%", "50%"),
        (101701234, "0000000000", "0101701234"),
        (101701234, r"000000\-0000", "010170-1234"),
        (170570123, numbers.FORMAT_GENERAL, "170570123"),
        (1e20, "0.00", "100000000000000000000"),
    ],
)
def test_a_number_is_rounded_as_its_format_shows_it(value, number_format, seen):
    book = workbook(["1", "Bo", value])
    book.active["C2"].number_format = number_format
    assert fields(read_workbook(book)) == [["1", "Bo", seen]]


def test_a_formula_without_a_stored_value_is_refused_with_its_place():
    table = read_workbook(workbook(["1", "Bo", "=3+4"], ["2", "Ole", "8"]))
    problem = "the cell holds a formula without a value; save the workbook in Excel first"
    assert errors(table) == [(2, "hours", problem)]
    assert fields(table) == [["2", "Ole", "8"]]


def test_an_error_value_is_refused_with_its_place():
    book = workbook(["1", "#N/A", "7"])
    assert book.active["B2"].data_type == "e"
    assert errors(read_workbook(book)) == [(2, "name", "the cell holds an Excel error")]


def test_merged_cells_are_refused_with_their_place():
    book = workbook(["1", "Bo", "7"], ["2", None, "8"])
    book.active.merge_cells("B2:B3")
    assert errors(read_workbook(book)) == [(2, "name", "the cell is merged with others; divide them")]


def test_a_row_hidden_by_a_filter_is_refused():
    book = workbook(["1", "Bo", "7"], ["2", "Ole", "8"])
    book.active.row_dimensions[3].hidden = True
    assert errors(read_workbook(book)) == [
        (3, "cpr", "the row is hidden, perhaps by a filter; show it or delete it")
    ]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_first_sheet_is_refused(state):
    book = workbook(["1", "Bo", "7"])
    book.active.sheet_state = state
    book.active = book.create_sheet("Synligt")
    with pytest.raises(BadFile) as refused:
        read_workbook(book)
    assert [error.message for error in refused.value.errors] == [
        "the first sheet of the workbook is hidden; show it or delete it"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2016-03-01",
        "01-03-2016",
        "1-3-2016",
        "01.03.2016",
        "1.3.2016",
        "2016-03-01 00:00:00",
        "01-03-2016 00:00",
    ],
)
def test_dates_are_read_as_iso_and_as_danish_excel_writes_them(text):
    assert read_csv(f"{HEADER}1;{text};7\n").rows[0].date("name") == datetime.date(2016, 3, 1)


@pytest.mark.parametrize("text", ["1899-12-31", "31-12-2100", "9999-12-31"])
def test_a_date_outside_the_years_says_so(text):
    table = read_csv(f"{HEADER}1;{text};7\n")
    with translation.override("en"):
        assert table.rows[0].date("name") is None
    assert errors(table) == [(2, "name", "must lie between 1900 and 2099")]


@pytest.mark.parametrize("text", ["2016-09", "2016-09-01", "01-09-2016"])
def test_a_month_that_excel_made_a_day_is_that_month(text):
    month = read_csv(f"{HEADER}1;{text};7\n").rows[0].month("name")
    assert month == datetime.date(2016, 9, 1)


def test_booleans_in_the_words_of_danish_excel():
    rows = read_csv(f"{HEADER}1;SAND;7\n2;FALSK;7\n").rows
    assert [row.boolean("name") for row in rows] == [True, False]


@pytest.mark.parametrize(
    "name",
    [
        "Bo 170570-1234",
        "1705701234 Hansen",
        "Firma 170570\u20131234 A/S",
        "Bo 17.05.70-1234",
        "Bo 170570.1234",
        "Bo 1705\u200b701234",
        "Bo \uff11\uff17\uff10\uff15\uff17\uff10\uff11\uff12\uff13\uff14",
    ],
)
def test_a_name_with_a_cpr_number_is_refused_without_repeating_it(name):
    table = read_csv(f"{HEADER}1;{name};7\n")
    with translation.override("en"):
        table.rows[0].name("name")
    assert errors(table) == [(2, "name", "holds what looks like a CPR number")]


@pytest.mark.parametrize(
    "text",
    ["#N/A", "#I/T", "#VÆRDI!", "#NAVN?", "#DIVISION/0!", "#REFERENCE!", "#REF!", "########", "Err:502"],
)
def test_the_text_of_an_error_is_no_name(text):
    table = read_csv(f"{HEADER}1;{text};7\n")
    with translation.override("en"):
        assert table.rows[0].name("name") == ""
    assert errors(table) == [(2, "name", "the cell holds an Excel error")]
    assert read_csv(f"{HEADER}1;#1 Bageren!;7\n").rows[0].name("name") == "#1 Bageren!"


@pytest.mark.parametrize(
    ("text", "seen"), [("7.3999999999999995", "7.4"), ("5,55E-17", "0"), ("30,000000000000004", "30")]
)
def test_numbers_of_a_text_file_have_no_residue_either(text, seen):
    row = read_csv(f"{HEADER}1;Bo;{text}\n").rows[0]
    assert row.decimal("hours", lowest=Decimal(0), highest=Decimal(37)) == Decimal(seen)


def test_a_hidden_column_is_refused_with_its_place():
    book = workbook(["1", "Bo", 7])
    book.active.column_dimensions["B"].hidden = True
    table = read_workbook(book)
    assert [(error.line, error.column) for error in table.errors] == [(2, "name")]


@pytest.mark.parametrize("first", ["sep=;\n", '"sep=;"\n', "\ufeff\ufeffSEP=;\r\n"])
def test_a_line_that_names_the_separator_may_be_written_otherwise(first):
    assert read_csv(f"{first}{HEADER}1;Bo;7\n").rows[0].line == 3


def test_hours_of_a_workbook_are_as_seen():
    row = read_workbook(workbook(["1", "Bo", 22.2 / 3])).rows[0]
    assert row.decimal("hours", lowest=Decimal(0), highest=Decimal(37)) == Decimal("7.4")
