"""Files as people have them, through the commands: read as seen, or refused with the place."""

import datetime
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from cases.exchange import CONTACT_COLUMNS, REFERRAL_COLUMNS
from cases.models import Citizen, MentorContact, Referral
from companies.exchange import COLUMNS
from companies.models import Company, Placement
from tests.factories import CourseFactory, ProjectFactory, cpr, cvr
from tests.scenarios.import_files import CommandRun, referral_row

pytestmark = pytest.mark.django_db

REFERRALS = ";".join(REFERRAL_COLUMNS)


@pytest.fixture
def load(tmp_path):
    """Import a text or a workbook by a command; return the run."""

    def load_file(command: str, content: str | Workbook) -> CommandRun:
        path: Path = tmp_path / ("file.csv" if isinstance(content, str) else "file.xlsx")
        if isinstance(content, str):
            path.write_text(content, encoding="utf-8")
        else:
            content.save(path)
        return CommandRun(command, path, "--format", "json")

    return load_file


@pytest.fixture
def course(db):
    return CourseFactory()


def workbook(columns, *rows) -> Workbook:
    book = Workbook()
    for row in [list(columns), *rows]:
        book.active.append(row)
    return book


def placement(course, **values) -> list[object]:
    """Return the cells of an internship, as a person types them."""
    cells = {
        "cpr": course.citizen.cpr,
        "cvr": cvr(1),
        "company": "Bageren ApS",
        "p_number": None,
        "kind": "internship",
        "starts_on": datetime.date(2016, 4, 4),
        "planned_end_on": datetime.date(2016, 7, 3),
        "ended_on": None,
        "internship_hours": 20,
        "ordinary_hours": 0,
        "source_id": None,
        **values,
    }
    return [cells[name] for name in COLUMNS]


def places(run: CommandRun) -> list[str]:
    """Return line and column of each error; nothing may have been printed beside."""
    assert (run.code, run.out) == (1, "")
    return [": ".join(error.split(": ")[:2]) for error in run.errors]


def test_two_stray_quotes_merge_no_citizens(load, db) -> None:
    ProjectFactory(codes=["0461"])
    first, second = referral_row(1).split(";"), referral_row(2).split(";")
    first[1], second[1] = f'"{first[1]}', f'{second[1]}"'
    run = load("import_referrals", "\n".join([REFERRALS, ";".join(first), ";".join(second), referral_row(3)]))
    assert places(run) == ["2: file"]
    assert not Referral.objects.exists()
    assert not any(cpr(number) in run.err for number in (1, 2, 3))


def test_empty_columns_at_the_end_are_nothing_and_filled_ones_are_named(load, db) -> None:
    ProjectFactory(codes=["0461"])
    assert load("import_referrals", f"{REFERRALS};;;\n{referral_row(1)};;;\n").json["accepted"] == 1
    assert load("import_referrals", f"{REFERRALS}\n{referral_row(2)};;\n;;;\n").json["accepted"] == 1
    assert places(load("import_referrals", f"{REFERRALS};;\n{referral_row(3)};;x\n")) == ["2: referred_on"]


def test_a_separator_line_and_danish_dates_are_read(load, db) -> None:
    ProjectFactory(codes=["0461"])
    row = referral_row(1).replace("2016-06-01", "01-06-2016").replace("2014-01-01", "1-1-2014")
    content = f"\ufeff\ufeffsep=;\r\n{REFERRALS}\r\n{row}\r\n"
    assert load("import_referrals", content).json["accepted"] == 1
    referral = Referral.objects.get()
    assert referral.referred_on == datetime.date(2016, 6, 1)
    assert referral.public_support_since == datetime.date(2014, 1, 1)


@pytest.mark.parametrize("written", ["31-02-2016", "01-06-16", "1/6/2016", "31-12-2100", "1899-12-31"])
def test_other_dates_are_refused_with_their_place(load, db, written) -> None:
    ProjectFactory(codes=["0461"])
    row = referral_row(1).replace("2016-06-01", written)
    assert places(load("import_referrals", f"sep=;\n{REFERRALS}\n{row}\n")) == ["3: referred_on"]


def test_what_nobody_sees_in_a_name_is_not_stored(load, db) -> None:
    ProjectFactory(codes=["0461"])
    number, _name, rest = referral_row(1).split(";", 2)
    name = '"Bo\u200b A\u030age\u00adsen_x000D_\n  \u202eHolm\u202c"'
    assert load("import_referrals", f"{REFERRALS}\n{number};{name};{rest}\n").json["accepted"] == 1
    assert Referral.objects.get().name == "Bo Ågesen Holm"


@pytest.mark.parametrize("between", ["", "-", " ", ".", "\u2013", "\u200b", "\u00a0"])
def test_a_cpr_number_in_a_company_is_refused_and_not_repeated(load, course, between) -> None:
    number = cpr(7)
    company = f"Firma {number[:6]}{between}{number[6:]}"
    run = load("import_placements", workbook(COLUMNS, placement(course, company=company)))
    assert places(run) == ["2: company"]
    assert number not in run.err
    assert not Company.objects.exists()


def test_a_formula_without_a_value_is_never_read_as_empty(load, course) -> None:
    rows = placement(course, ended_on="=DATE(2016,5,1)"), placement(course, kind="sniffing", ended_on='=""')
    assert places(load("import_placements", workbook(COLUMNS, *rows))) == ["2: ended_on", "3: ended_on"]
    assert not Placement.objects.exists()


def test_an_error_never_renames_a_company(load, course) -> None:
    assert load("import_placements", workbook(COLUMNS, placement(course))).json["created"] == 1
    for error in ("#N/A", "#REF!"):
        rows = placement(course, company=error)
        assert places(load("import_placements", workbook(COLUMNS, rows))) == ["2: company"]
    text = ";".join("" if cell is None else str(cell) for cell in placement(course, company="#I/T"))
    assert places(load("import_placements", f"{';'.join(COLUMNS)}\n{text}\n")) == ["2: company"]
    assert Company.objects.get().name == "Bageren ApS"


def test_residue_of_a_calculation_is_not_read(load, course) -> None:
    row = placement(course, internship_hours=22.2 / 3, ordinary_hours=0.1 + 0.2 - 0.3)
    load("import_placements", workbook(COLUMNS, row))
    stored = Placement.objects.get()
    assert (stored.internship_hours, stored.ordinary_hours) == (Decimal("7.40"), Decimal(0))


@pytest.mark.parametrize("command", ["import_placements", "import_contacts", "import_referrals"])
def test_hidden_and_merged_things_are_refused(load, course, command) -> None:
    columns, row = {
        "import_placements": (COLUMNS, placement(course)),
        "import_contacts": (
            CONTACT_COLUMNS,
            [course.citizen.cpr, "mentor_contact", "2016-04-04", "ja", "A1"],
        ),
        "import_referrals": (REFERRAL_COLUMNS, referral_row(1).split(";")),
    }[command]
    hidden_row, hidden_column, merged, hidden_sheet = (workbook(columns, row) for _number in range(4))
    hidden_row.active.row_dimensions[2].hidden = True
    hidden_column.active.column_dimensions["B"].hidden = True
    merged.active.merge_cells("A2:A3")
    hidden_sheet.active.sheet_state = "hidden"
    hidden_sheet.active = hidden_sheet.create_sheet("Synligt")
    assert places(load(command, hidden_row)) == [f"2: {columns[0]}"]
    assert places(load(command, hidden_column))[-1] == f"2: {columns[1]}"
    assert places(load(command, merged)) == [f"2: {columns[0]}"]
    assert places(load(command, hidden_sheet)) == ["1: file"]
    assert not Placement.objects.exists()
    assert not MentorContact.objects.exists()
    assert Citizen.objects.count() == 1


def test_a_cpr_number_that_lost_its_zero_or_became_a_day_is_refused(load, course) -> None:
    for value in (int("0303621014"), datetime.date(2016, 3, 1), 303621014.0):
        assert places(load("import_placements", workbook(COLUMNS, placement(course, cpr=value)))) == [
            "2: cpr"
        ]


def test_numbers_written_as_text_and_days_as_numbers_are_read_as_seen(load, course) -> None:
    book = workbook(
        COLUMNS, placement(course, internship_hours=" 7,50", ordinary_hours="2.5", cvr=int(cvr(1)))
    )
    book.active["A2"].value = int(course.citizen.cpr)
    book.active["A2"].number_format = "000000-0000"
    book.active["F2"].number_format = "dd-mm-yyyy"
    assert load("import_placements", book).json["created"] == 1
    stored = Placement.objects.get()
    assert (stored.internship_hours, stored.ordinary_hours) == (Decimal("7.50"), Decimal("2.50"))
    assert stored.starts_on == datetime.date(2016, 4, 4)


@pytest.mark.parametrize("hours", ["1.234,5", "7,5 t", "7:24", "20 %", "1e5", "60,01"])
def test_numbers_that_mean_something_else_are_refused(load, course, hours) -> None:
    rows = placement(course, internship_hours=hours)
    assert places(load("import_placements", workbook(COLUMNS, rows))) == ["2: internship_hours"]


def test_a_workbook_without_the_optional_column_is_read(load, course) -> None:
    book = workbook(COLUMNS[:-1], placement(course)[:-1])
    assert load("import_placements", book).json["created"] == 1
    book.active["K2"] = "A7"
    assert places(load("import_placements", book)) == ["2: ordinary_hours"]


def test_a_workbook_s_empty_columns_and_rows_at_the_end_are_nothing(load, course) -> None:
    book = workbook(COLUMNS, placement(course))
    for row in (1, 2, 9):
        book.active.cell(row, 14, " ")
    out = io.BytesIO()
    book.save(out)
    assert load("import_placements", book).json["created"] == 1
