"""Reading any file within the size limit takes at most 200 MB and ends in rows or a message."""

import json
import os
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from jobfirst.exchange import BadFile, read_table, reading
from jobfirst.files import limited_process
from tests.jobfirst.exchange import hostile_files as files

MOST = 200 * 1024 * 1024
PROGRAM = Path(__file__).with_name("reading_memory.py")
TOO_MUCH = "f:1: file: holds too much to be read at once; save it as CSV or divide it"
NO_WORKBOOK = "f:1: file: is not a workbook that can be read"
NOT_CLOSED = "f:2: file: a quoted field is not closed or not separated properly"
TOO_LONG = "f:2: file: the line is longer than 1048576 characters"
TOO_MANY = "f:200002: file: has more than 200000 lines; divide it"
LONG_CELL = "f:1: file: a cell holds more than 32767 characters"
CPR = "1705701234"


def measure_reading(file: Path) -> dict[str, object]:
    """Read the file in a separate process; assert that its memory is within the limit and return its
    report."""
    process = subprocess.run([sys.executable, str(PROGRAM), str(file)], stdout=subprocess.PIPE, check=True)
    report = json.loads(process.stdout)
    assert report["reader"] is not None, report
    assert report["grown"] + report["reader"] < MOST, report
    return report


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "first"),
    [
        (files.header_in_the_last_column, "f:1: header: there are columns too many (16374)"),
        (files.separators_in_one_line, TOO_LONG),
        (files.separators_for_a_header, TOO_LONG.replace("f:2", "f:1")),
        (files.quoted_field, TOO_LONG),
        (files.quoted_field_of_many_lines, NOT_CLOSED),
        (files.one_record_of_many_lines, NOT_CLOSED),
        (files.endless_line, TOO_LONG),
        (files.endless_line_with_one_wide_character, TOO_LONG),
        (files.empty_lines, TOO_MANY),
        (files.bomb_in_a_cell, LONG_CELL),
        (files.bomb_in_an_attribute, NO_WORKBOOK),
        (files.bomb_in_the_strings, LONG_CELL),
        (files.bomb_in_the_styles, TOO_MUCH),
        (files.as_many_styles_as_are_looked_at, TOO_MUCH),
        (files.as_many_nested_styles_as_are_looked_at, TOO_MUCH),
        (files.bomb_in_the_content_types, TOO_MUCH),
        (files.many_sheets, TOO_MUCH),
        (files.bomb_beyond_the_limit, "f:1: file: is larger than 500 MB when it is unpacked; divide it"),
        (files.large_strings_often_referred_to, TOO_MUCH),
        (files.row_of_large_strings, TOO_LONG),
        (files.nested_elements_in_the_sheet, TOO_MUCH),
        (files.nested_elements_in_the_workbook, TOO_MUCH),
        (files.a_million_columns, "f:2: file: has more than 16384 columns"),
        (files.a_million_columns_in_the_header, "f:1: file: has more than 16384 columns"),
        (files.millions_of_rows, TOO_MANY),
        (files.entities, NO_WORKBOOK),
        (files.entities_in_the_workbook, NO_WORKBOOK),
        (files.a_million_parts, TOO_MUCH),
    ],
)
def test_a_file_that_would_take_too_much_is_refused_with_a_message(tmp_path, make, first):
    make(tmp_path / "file")
    assert (tmp_path / "file").stat().st_size < 50 * files.MEGABYTE
    report = measure_reading(tmp_path / "file")
    assert (report["errors"], report["first"]) == (1, [first])


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "errors", "first"),
    [
        (files.rows_too_wide, 100_000, "f:2: ordinary_hours: the line has 101 fields, not 10"),
        (files.rows_to_the_last_column, 50_000, "f:2: ordinary_hours: the line has 16384 fields, not 10"),
        (files.every_field_wrong, 1_000_000, "f:2: company: must be a date written as 2016-03-01"),
    ],
)
def test_every_bad_row_is_listed_however_many_there_are(tmp_path, make, errors, first):
    make(tmp_path / "file")
    report = measure_reading(tmp_path / "file")
    assert (report["errors"], report["first"][0]) == (errors, first)


@pytest.mark.long
@pytest.mark.parametrize(
    "make",
    [
        files.separators_only,
        files.three_million_strings,
        files.bomb_in_the_sheet,
    ],
)
def test_a_file_of_nothing_is_an_empty_delivery_however_large(tmp_path, make):
    make(tmp_path / "file")
    report = measure_reading(tmp_path / "file")
    assert (report["errors"], report["rows"]) == (0, 0)


def placements(number: int, company: str = "") -> Iterator[list[str]]:
    for position in range(number):
        cpr, cvr, name, *other_fields = files.good_row(position)
        yield [cpr, cvr, name + company, *other_fields]


@pytest.mark.long
@pytest.mark.parametrize(
    ("write", "number", "company"),
    [(files.xlsx_file, 20_000, ""), (files.csv_file, 199_999, " æøå" * 20)],
    ids=["20,000 rows of a workbook", "199,999 rows and 45 MB of text"],
)
def test_a_large_delivery_is_read(tmp_path, write, number, company):
    write(tmp_path / "file", placements(number, company))
    assert (tmp_path / "file").stat().st_size < 50 * files.MEGABYTE
    report = measure_reading(tmp_path / "file")
    assert report["rows"] == number
    assert report["length"] == sum(len(field) for row in placements(number, company) for field in row)


def test_a_workbook_is_read_as_the_same_rows_as_a_text_file(tmp_path):
    rows = [files.good_row(number) for number in range(200)]
    for write in (files.csv_file, files.xlsx_file):
        write(tmp_path / "file", rows)
        table = read_table(tmp_path / "file", files.COLUMNS)
        assert [list(row.values.values()) for row in table] == rows


# What becomes of the files and of the reading process


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """An empty folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def delivery(tmp_path: Path, content: str = files.HEADER) -> Path:
    file = tmp_path / "delivery.csv"
    file.write_text(content, encoding="utf-8")
    return file


def open_files() -> list[str]:
    return sorted(os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


def refusal(file: Path) -> list[str]:
    with pytest.raises(BadFile) as refused, translation.override("en"):
        read_table(file, files.COLUMNS)
    return [error.at("f") for error in refused.value.errors]


def test_the_rows_lie_in_a_file_that_only_we_can_open_and_that_goes_with_the_table(tmp_path, temporary):
    open_before = open_files()
    table = read_table(delivery(tmp_path, files.HEADER + "1;2;3;4;5;6;7;8;9;10\n"), files.COLUMNS)
    status = os.fstat(table.fields._file.fileno())
    assert (stat.S_IMODE(status.st_mode), status.st_nlink) == (0o600, 0)
    assert list(temporary.iterdir()) == []
    assert len(open_files()) == len(open_before) + 1
    table.close()
    assert open_files() == open_before


def test_the_file_goes_with_the_last_row_when_nobody_closes_the_table(tmp_path, temporary):
    open_before = open_files()
    row = read_table(delivery(tmp_path, files.HEADER + "1;2;3;4;5;6;7;8;9;10\n"), files.COLUMNS).rows[0]
    assert row.values["cvr"] == "2"
    del row
    assert open_files() == open_before


@pytest.mark.parametrize("content", [files.HEADER.replace("cpr", "x"), files.HEADER + '"', "PK\x03\x04"])
def test_nothing_is_left_of_a_refused_file(tmp_path, temporary, content):
    open_before = open_files()
    assert refusal(delivery(tmp_path, content))
    assert (list(temporary.iterdir()), open_files()) == ([], open_before)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", TOO_MUCH),
        ("raise MemoryError", "f:1: file: cannot be read: unknown reason"),
        ("""print('[2, ["1"]]')""", "f:1: file: cannot be read: unknown reason"),
        ("print('[2, [')", "f:1: file: cannot be read: unknown reason"),
        ("""print('{"code": "?", "line": 1}')""", "f:1: file: cannot be read: unknown reason"),
        (
            "import time; time.sleep(60)",
            "f:1: file: takes too long to read; save it as CSV or divide it",
        ),
    ],
)
def test_however_the_reader_ends_the_answer_is_a_message(tmp_path, temporary, monkeypatch, program, message):
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    monkeypatch.setattr(reading, "PROGRAM", tmp_path / "program.py")
    monkeypatch.setattr(reading, "SECONDS", 3.0)
    assert refusal(delivery(tmp_path)) == [message]
    assert list(temporary.iterdir()) == []


def limits_of(pid: int) -> dict[str, str]:
    text = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    return {line[:25].strip(): line[25:].split()[0] for line in text.splitlines()}


def test_the_reader_sets_its_limits_before_it_reads():
    """Nothing is written to its standard input in this test."""
    isolated = [sys.executable, "-I", "-c", limited_process.START, str(limited_process.PROJECT)]
    arguments = [str(reading.PROGRAM), "1000", "10", "cpr"]
    with subprocess.Popen([*isolated, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        while (limits := limits_of(program.pid))["Max file size"] == "unlimited":
            assert program.poll() is None
            time.sleep(0.01)
        program.communicate(b"")
    assert limits["Max address space"] == str(128 * 1024 * 1024)
    assert limits["Max cpu time"] == "90"
    assert int(limits["Max file size"]) < 2 * 1024 * 1024


def test_a_text_that_a_workbook_refers_to_often_is_not_written_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "JOBFIRST_MAX_IMPORT_BYTES", 100_000)
    files.xlsx_file(tmp_path / "file", [["x" * 1000] * len(files.COLUMNS)] * 200)
    assert refusal(tmp_path / "file") == [TOO_MUCH]


def test_only_some_files_are_read_at_once_so_that_others_are_not_slowed(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS_IN_QUEUE", 0.01)
    file = delivery(tmp_path)
    for _turn in range(reading.AT_ONCE):
        reading._turns.acquire()
    try:
        busy = "f:1: file: other files are being read just now; send it again in a minute"
        assert refusal(file) == [busy]
    finally:
        reading._turns.release(reading.AT_ONCE)
    for _time in range(reading.AT_ONCE + 1):  # a turn is given back, also by a refused file
        assert refusal(delivery(tmp_path, "x")) != [busy]
    assert read_table(delivery(tmp_path), files.COLUMNS).rows == []


@pytest.mark.parametrize(
    "content",
    [
        CPR,
        f"{CPR};{CPR}\n",
        files.HEADER + CPR + "\n",
        files.HEADER + f'"{CPR}',
        files.HEADER + CPR * 120_000,
        files.HEADER + CPR + "\x00",
        f"PK\x03\x04{CPR}",
    ],
)
def test_no_message_repeats_what_stood_in_the_file(tmp_path, content):
    try:
        table = read_table(delivery(tmp_path, content), files.COLUMNS)
        errors = list(table.errors)
    except BadFile as refused:
        errors = list(refused.errors)
    assert errors
    assert CPR not in "".join(error.at("f") for error in errors)
