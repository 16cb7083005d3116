"""Delivered files: every bad file and bad field gets a clear message, and no content is repeated."""

import datetime
import io
import random
import zipfile
from contextlib import suppress
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from jobfirst.exchange import BadFile, FileColumn, RowError, read_table
from tests.jobfirst.exchange import hostile_files

COLUMNS = ("cpr", "starts_on", "hours")
HEADER = b"cpr;starts_on;hours\n"


def read(content: bytes):
    return read_table(io.BytesIO(content), COLUMNS)


def refused(content: bytes) -> list[str]:
    with pytest.raises(BadFile) as error:
        read(content)
    return [e.at("f.csv") for e in error.value.errors]


def test_a_byte_order_mark_crlf_and_empty_lines_are_accepted():
    table = read(b"\xef\xbb\xbfcpr;starts_on;hours\r\n1;2016-03-01;7,5\r\n\r\n;;\r\n2;2016-03-02;8\r\n")
    assert [row.line for row in table] == [2, 5]
    assert table.rows[0].values["hours"] == "7,5"


def test_a_header_without_rows_is_an_empty_delivery():
    assert read(HEADER).rows == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "f.csv:1: header: the file is empty"),
        (b"cpr,starts_on,hours\n1,2,3\n", "f.csv:1: header: the separator must be ;"),
        (b"cpr\tstarts_on\thours\n", "f.csv:1: header: the separator must be ;"),
        (b"cpr;starts_on\n", "f.csv:1: header: missing columns: hours"),
        (b"cpr;starts_on;hours;more\n", "f.csv:1: header: there are columns too many (1)"),
        (
            b"starts_on;cpr;hours\n",
            "f.csv:1: header: the columns must stand in this order: cpr;starts_on;hours",
        ),
        (HEADER + "1;2016-03-01;æ".encode("latin-1"), "f.csv:2: file: is not UTF-8; save it as CSV UTF-8"),
        (HEADER + b'1;"2016;7\n', "f.csv:2: file: a quoted field is not closed or not separated properly"),
        (HEADER + b"1;2\x00;3\n", "f.csv:1: file: is not a text file"),
        (b"PK\x03\x04rubbish", "f.csv:1: file: is not a workbook that can be read"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(settings, content, message):
    with translation.override("en"):
        assert message in refused(content)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b"cpr;hours;more", "there are columns too many (1)"),  # not: source_id is missing
        (b"cpr;hours;more;source_id", "there are columns too many (1)"),
        (b"cpr;source_id", "missing columns: hours"),
        (b"source_id;cpr;hours", "the columns must stand in this order: cpr;hours;source_id"),
    ],
)
def test_an_optional_column_is_never_missing(header, message):
    with translation.override("en"), pytest.raises(BadFile) as error:
        read_table(
            io.BytesIO(header + b"\n"), ("cpr", "hours", FileColumn("source_id", "", "", is_optional=True))
        )
    assert [e.message for e in error.value.errors] == [message]


def test_a_line_with_too_few_fields_is_named_and_the_rest_still_read():
    table = read(HEADER + b"1;2016-03-01\n2;2016-03-02;7\n")
    assert [error.line for error in table.errors] == [2]
    assert [row.line for row in table] == [3]


def test_a_file_that_is_too_large_is_not_read(settings, tmp_path):
    settings.JOBFIRST_MAX_IMPORT_BYTES = 1024 * 1024
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(200 * 1024 * 1024)  # sparse: a 200 MB file that takes no room
    with pytest.raises(BadFile, match="1 errors"):
        read_table(large, COLUMNS)


def test_a_missing_file_is_a_message(tmp_path):
    with pytest.raises(BadFile):
        read_table(tmp_path / "none.csv", COLUMNS)


def test_a_workbook_reads_as_the_same_rows():
    book = Workbook()
    book.active.append(COLUMNS)
    book.active.append(["0101701234", datetime.date(2016, 3, 1), 7.5])
    out = io.BytesIO()
    book.save(out)
    row = read(out.getvalue()).rows[0]
    assert row.values["cpr"] == "0101701234"
    assert row.date("starts_on") == datetime.date(2016, 3, 1)
    assert row.decimal("hours", lowest=Decimal(0), highest=Decimal(37)) == Decimal("7.5")


@pytest.mark.parametrize(
    "value",
    [
        "1/3/2016",
        "1-3-16",
        "1.3-2016",
        "31-02-2016",
        "2016-03-01 08:00",
        "2016-3-1",
        "20160301",
        "2016-02-30",
        "2016-W01-1",
        "0001-01-01",
    ],
)
def test_other_dates_are_refused(value):
    table = read(HEADER + f"1;{value};1\n".encode())
    assert table.rows[0].date("starts_on") is None
    assert [(e.line, e.column) for e in table.errors] == [(2, "starts_on")]


@pytest.mark.parametrize("value", ["x", "1e99", "1e1", "1.234,5", "NaN", "Infinity", "-1", "38", "7.123"])
def test_numbers_out_of_bounds_or_not_numbers(value):
    table = read(HEADER + f"1;2016-03-01;{value}\n".encode())
    assert table.rows[0].decimal("hours", lowest=Decimal(0), highest=Decimal(37)) is None
    assert len(table.errors) == 1


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("Ja", True), ("nej", False), ("FALSE", False)]
)
def test_booleans(value, expected):
    assert read(HEADER + f"1;{value};1\n".encode()).rows[0].boolean("starts_on") is expected


def test_messages_never_repeat_the_field():
    table = read(HEADER + b"1705700001;1705700001;1705700001\n")
    row = table.rows[0]
    row.date("starts_on"), row.boolean("starts_on"), row.cvr("cpr"), row.p_number("hours")
    row.decimal("hours", lowest=Decimal(0), highest=Decimal(37)), row.choice("cpr", ["a", "b"])
    assert table.errors
    assert not [e for e in table.errors if "170570" in e.message]


@pytest.mark.parametrize(
    ("value", "good"), [("10150817", True), ("10150818", False), ("1015081", False), ("", False)]
)
def test_cvr_numbers_have_a_check_digit(value, good):
    table = read(HEADER + f"{value};x;1\n".encode())
    assert (table.rows[0].cvr("cpr") == value) is (good or value == "")
    assert bool(table.errors) is not good


@pytest.mark.parametrize("value", ["DK10150817", "10 15 08 17", "1015-0817", "10150817.0"])
def test_a_cvr_number_is_written_with_its_eight_digits_alone(value):
    """The check digit is right; the library that checks it would forgive the rest."""
    table = read(HEADER + f"{value};x;1\n".encode())
    assert table.rows[0].cvr("cpr") == ""
    assert [error.column for error in table.errors] == ["cpr"]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part_changed(content: bytes, part: str, change) -> bytes:
    """Return the workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize("stated_extent", [b'ref="A1:C3"', b'ref="A1:C1"', b'ref="A1"'])
def test_rows_beyond_the_extent_that_a_workbook_says_it_has_are_read(stated_extent):
    content = workbook([list(COLUMNS), *([str(n), "2016-03-01", "7"] for n in range(20))])
    stale = with_part_changed(
        content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:C21"', stated_extent)
    )
    assert stale != content
    assert len(read(stale).rows) == 20


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("change", [lambda xml: b"", lambda xml: xml[: len(xml) // 2]])
def test_a_damaged_workbook_is_a_message(part, change):
    with translation.override("en"):
        assert refused(
            with_part_changed(workbook([list(COLUMNS), ["1", "2016-03-01", "7"]]), part, change)
        ) == ["f.csv:1: file: is not a workbook that can be read"]


@pytest.mark.long
def test_flipped_bytes_are_a_message_or_harmless():
    """Each reading is a process of its own, so a run tries forty positions, others in every run."""
    content = workbook([list(COLUMNS), ["1", "2016-03-01", "7"]])
    for position in random.sample(range(len(content)), 40):
        flipped = bytearray(content)
        flipped[position] ^= 0xFF
        with suppress(BadFile):  # anything else is a traceback for the sender
            read(bytes(flipped))


def read_by_openpyxl(content: bytes) -> list[list[str]]:
    """Return the cells as openpyxl reads them, written as in a CSV file."""

    def text(value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime.datetime):
            return value.date().isoformat()
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    rows = load_workbook(io.BytesIO(content), data_only=True).worksheets[0].iter_rows(values_only=True)
    return [[text(value) for value in row] for row in rows]


VALUES = [
    *[0, 7, -3, 7.0, 7.5, 0.1, 1e20, 123456789012345, True, False, None],
    *["", "æøå", "007", "<&>", "x005F_"],
    *[datetime.date(2016, 3, 1), datetime.datetime(1900, 1, 31, 12, 30), datetime.date(2099, 12, 31)],
    *[datetime.time(7, 30), datetime.timedelta(hours=30)],
    CellRichText("a", TextBlock(InlineFont(b=True), "b")),
]


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
def test_a_cell_of_any_kind_reads_as_openpyxl_reads_it(epoch):
    book = Workbook()
    book.epoch = epoch
    book.active.append(COLUMNS)
    for value in VALUES:
        book.active.append(["x", value, "x"])
    out = io.BytesIO()
    book.save(out)
    table = read(out.getvalue())
    assert [list(row.values.values()) for row in table] == read_by_openpyxl(out.getvalue())[1:]


def shared(*items: str) -> str:
    return "".join(f"<si>{item}</si>" for item in items)


def test_shared_strings_are_read_with_their_runs_and_without_their_pronunciation():
    items = ["<t>cpr</t>", "<r><t>starts</t></r><r><t>_on</t></r>", "<t>hours</t><rPh><t>x</t></rPh>", "<t/>"]
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = f"<sst {namespace}>{shared(*items)}</sst>"
    cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in (0, 1, 2))
    second = '<row><c r="C2" t="s"><v>0</v></c></row><row r="5"><c t="s"><v>3</v></c><c><v>1</v></c></row>'
    sheet = f"<worksheet {namespace}><sheetData><row>{cells}</row>{second}</sheetData></worksheet>"
    parts = hostile_files.SHEET, hostile_files.STRINGS
    out = io.BytesIO()
    hostile_files.workbook(out, dict(zip(parts, ([sheet.encode()], [strings.encode()]), strict=True)))
    table = read(out.getvalue())
    assert [(row.line, list(row.values.values())) for row in table] == [
        (2, ["", "", "cpr"]),
        (5, ["", "1", ""]),
    ]


def test_rows_out_of_order_are_a_damaged_workbook():
    content = workbook([list(COLUMNS), ["1", "2016-03-01", "7"], ["2", "2016-03-01", "7"]])
    twice = with_part_changed(
        content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="3"', b'r="2"')
    )
    assert twice != content
    with translation.override("en"):
        assert refused(twice) == ["f.csv:1: file: is not a workbook that can be read"]


def test_a_row_of_a_workbook_with_something_behind_the_columns_is_named():
    rows = [["1", "2016-03-01", "7", None, "x"], ["2", "2016-03-01", "7", "y"]]
    with translation.override("en"):
        table = read(workbook([list(COLUMNS), *rows]))
    assert [(error.line, error.message) for error in table.errors] == [
        (2, "the line has 5 fields, not 3"),
        (3, "the line has 4 fields, not 3"),
    ]
    assert table.rows == []


def test_errors_are_in_order_and_each_is_named_once():
    errors = [RowError(3, "b", "y"), RowError(2, "c", "x"), RowError(2, "a", "y"), RowError(2, "a", "x")]
    bad = BadFile([*errors, *reversed(errors)])
    assert list(bad.errors) == sorted(errors)
    assert (len(bad.errors), bad.errors[0], bad.errors[1:3]) == (4, errors[3], sorted(errors)[1:3])


def test_a_small_file_with_too_many_lines_is_refused_while_it_is_read(settings):
    settings.JOBFIRST_MAX_IMPORT_ROWS = 10
    with translation.override("en"):
        assert refused(HEADER + b"x\n" * 1000) == ["f.csv:12: file: has more than 10 lines; divide it"]
    assert len(read(HEADER + b"1;2016-03-01;7\n" * 10).rows) == 10


@pytest.mark.parametrize("value", ["1e1", "0x10", "1_000", "１"])
def test_numbers_are_written_with_digits(value):
    table = read(HEADER + f"1;2016-03-01;{value}\n".encode())
    assert table.rows[0].decimal("hours", lowest=Decimal(0), highest=Decimal(37)) is None


@pytest.mark.parametrize(
    ("value", "number"), [("7,50", "7.5"), ("7.5000", "7.5"), ("0,00000", "0"), ("12,500", None)]
)
def test_zeros_beyond_the_decimals_are_nothing_unless_they_may_be_thousands(value, number):
    table = read(HEADER + f"1;2016-03-01;{value}\n".encode())
    read_number = table.rows[0].decimal("hours", lowest=Decimal(0), highest=Decimal(37))
    assert read_number == (None if number is None else Decimal(number))
    assert len(table.errors) == (number is None)


@pytest.mark.parametrize(
    ("value", "number"), [("4,0", 4), ("4.00", 4), ("1.000", None), ("4,5", None), ("4,25", None)]
)
def test_a_whole_number_may_be_written_with_zeros_behind_the_mark_but_not_with_thousands(value, number):
    with translation.override("en"):
        table = read(HEADER + f"1;2016-03-01;{value}\n".encode())
        assert table.rows[0].integer("hours", lowest=0, highest=10_000) == number
        messages = [error.at("f.csv") for error in table.errors]
    assert messages == ([] if number else ["f.csv:2: hours: must be a whole number such as 100"])
