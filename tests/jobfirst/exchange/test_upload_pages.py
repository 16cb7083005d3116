"""Hostile files through every upload page: the refusal of the command, nothing stored, nothing in the log."""

import io
import logging

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.exchange import PROJECT_COLUMNS, USER_COLUMNS
from accounts.roles import Role
from audit.models import AccessRecord
from cases.exchange import CONTACT_COLUMNS, FUNCTION_COLUMNS, REFERRAL_FILE_COLUMNS
from companies.exchange import COLUMNS as PLACEMENT_COLUMNS
from evaluation.paid_hours.exchange import PAID_HOURS_COLUMNS
from progression.exchange import COLUMNS as PROGRESSION_COLUMNS
from tests.factories import CitizenFactory, CourseFactory, ProjectFactory, UserFactory, cpr
from tests.loops import some
from tests.scenarios.import_files import CommandRun

pytestmark = pytest.mark.django_db

NAME = "Testborger Hemmelig"
NUMBER = cpr(1)

#: The upload pages: the command of the same file, its columns and who may upload.
PAGES = {
    "cases:upload_referrals": ("import_referrals", REFERRAL_FILE_COLUMNS, Role.COORDINATING_CASEWORKER),
    "cases:upload_functions": ("import_functions", FUNCTION_COLUMNS, Role.PROJECT_LEADER),
    "cases:upload_contacts": ("import_contacts", CONTACT_COLUMNS, Role.PROJECT_LEADER),
    "progression:upload": ("import_progression", PROGRESSION_COLUMNS, Role.PROJECT_LEADER),
    "companies:import": ("import_placements", PLACEMENT_COLUMNS, Role.PROJECT_LEADER),
    "evaluation:upload_paid_hours": ("import_paid_hours", PAID_HOURS_COLUMNS, Role.AGENCY),
    "user_import": ("import_users", USER_COLUMNS, Role.ADMINISTRATOR),
    "project_import": ("import_projects", PROJECT_COLUMNS, Role.ADMINISTRATOR),
}


@pytest.fixture(params=PAGES)
def page(request):
    return request.param


@pytest.fixture
def uploader(page):
    """A client of somebody who may upload; the citizen has a course in the project."""
    project = ProjectFactory(slug="aalborg", codes=["0851"])
    CourseFactory(project_for=project, referral__citizen=CitizenFactory(cpr=NUMBER), referral__name=NAME)
    return UserFactory(project=project, roles=[PAGES[page][2]])


def example_row(columns) -> list[str]:
    """Return the examples of the columns, of the citizen who has a course."""
    texts = {"cpr": NUMBER, "name": NAME}
    return [texts.get(column, column.example) for column in columns]


def csv_bytes(columns, *lines: str) -> bytes:
    return ("\n".join([";".join(columns), *lines]) + "\n").encode()


def quote_that_is_not_closed(columns, row):
    return csv_bytes(columns, ";".join(['"' + row[0], *row[1:]]), ";".join(row))


def two_stray_quotes(columns, row):
    second = f'{row[1]}"'
    return csv_bytes(
        columns, ";".join([row[0], f'"{row[1]}', *row[2:]]), ";".join([row[0], second, *row[2:]])
    )


def more_fields_than_columns(columns, row):
    return csv_bytes(columns, ";".join([*row, *["x"] * len(columns)]))


def zero_bytes(columns, row):
    return csv_bytes(columns, ";".join(["\0" + field for field in row]))


def other_encoding(columns, row):
    return csv_bytes(columns, ";".join(row)).decode().encode("utf-16")


def broken_characters(columns, row):
    return csv_bytes(columns, ";".join(row)) + b"\xff\xfe\xfa;\n"


def other_header(columns, row):
    return csv_bytes([*columns[1:], columns[0]], ";".join(row))


def endless_field(columns, row):
    return csv_bytes(columns, ";".join([*row[:-1], '"' + "x" * 200_000 + '"']))


def every_field_wrong(columns, row):
    return csv_bytes(columns, *[";".join(["\u202e=cmd()|x"] * len(columns))] * 40)


def citizen_number_in_every_field(columns, row):
    return csv_bytes(columns, ";".join([f"x {NUMBER[:6]}-{NUMBER[6:]} y"] * len(columns)))


CSV_FILES = (
    quote_that_is_not_closed,
    two_stray_quotes,
    more_fields_than_columns,
    zero_bytes,
    other_encoding,
    broken_characters,
    other_header,
    endless_field,
    every_field_wrong,
    citizen_number_in_every_field,
)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(columns, row) -> Workbook:
    book = Workbook()
    book.active.append([str(column) for column in columns])
    book.active.append(row)
    return book


def no_workbook(columns, row):
    return b"PK\x03\x04" + b"\0" * 500


def error_in_each_cell(columns, row):
    return saved(workbook(columns, ["#N/A"] * len(columns)))


def formula_without_a_value(columns, row):
    return saved(workbook(columns, [*row[:-1], "=SUM(A1:A9)"]))


def merged_cells(columns, row):
    book = workbook(columns, row)
    book.active.merge_cells("A2:B2")
    return saved(book)


def hidden_row(columns, row):
    book = workbook(columns, row)
    book.active.row_dimensions[2].hidden = True
    return saved(book)


def hidden_column(columns, row):
    book = workbook(columns, row)
    book.active.column_dimensions["B"].hidden = True
    return saved(book)


def hidden_first_sheet(columns, row):
    book = workbook(columns, row)
    book.create_sheet("Ark 2")
    book.active.sheet_state = "hidden"
    book.active = 1
    return saved(book)


XLSX_FILES = (
    no_workbook,
    error_in_each_cell,
    formula_without_a_value,
    merged_cells,
    hidden_row,
    hidden_column,
    hidden_first_sheet,
)


def stored_rows() -> dict[str, int]:
    """Return how many rows each table of ours has, without what a request itself leaves."""
    models = (model for model in apps.get_models() if model._meta.managed and not model._meta.proxy)
    labels = {model._meta.label: model._base_manager.count() for model in models if model is not AccessRecord}
    return {label: number for label, number in labels.items() if not label.startswith("sessions.")}


def assert_refused_as_by_the_command(client, page, content, path, caplog):
    path.write_bytes(content)
    by_command = CommandRun(PAGES[page][0], path)
    caplog.clear()
    upload = {"file": SimpleUploadedFile(path.name, content)}
    response = client.post(reverse(page), upload, headers={"accept-language": "en"})
    assert (response.status_code, by_command.code) == (422, 1)
    places = [error.rpartition(": ")[0] for error in by_command.errors]
    errors = [error.at(str(path)).removeprefix(f"{path}:") for error in some(response.context["errors"])]
    assert [line.rpartition(": ")[0] for line in errors] == places
    written = caplog.text + by_command.err + by_command.out + response.content.decode()
    assert not [secret for secret in (NUMBER, f"{NUMBER[:6]}-{NUMBER[6:]}", NAME) if secret in written]


@pytest.mark.parametrize("makers", [CSV_FILES, XLSX_FILES], ids=["csv", "xlsx"])
def test_hostile_files_are_refused_as_by_the_command(client, page, uploader, makers, tmp_path, caplog):
    columns = PAGES[page][1]
    client.force_login(uploader)
    before = stored_rows()
    with caplog.at_level(logging.DEBUG):
        for make in some(makers):
            path = tmp_path / f"{make.__name__}.{'csv' if makers is CSV_FILES else 'xlsx'}"
            content = make(columns, example_row(columns))
            assert_refused_as_by_the_command(client, page, content, path, caplog)
    assert stored_rows() == before
