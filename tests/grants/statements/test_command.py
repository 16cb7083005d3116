"""The command `grant_statement` (docs/formats.md)."""

import io
import json
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from audit.models import AccessRecord
from tests.grants.factories import StatementFactory


def run_command(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command("grant_statement", *args, stdout=out, stderr=err)
    return out.getvalue()


def test_json_on_standard_output_for_all_projects_to_the_years_end(trial):
    data = json.loads(run_command("--year", "2016", "--format", "json"))
    assert (data["year"], data["cut_off"]) == (2016, "2016-12-31")
    assert [item["project"] for item in data["projects"]] == ["aalborg", "aarhus"]


def test_an_earlier_cut_off_and_one_project(trial):
    data = json.loads(
        run_command("--year", "2016", "--cut-off", "2016-07-02", "--project", "aalborg", "--format", "json")
    )
    (project,) = data["projects"]
    assert (project["starts"], project["completions"], project["payable"]) == (2, 0, "16000.00")


def test_what_approved_statements_paid_is_subtracted(trial):
    StatementFactory(state="approved", events=1, project=trial.aalborg, cut_off=date(2016, 6, 30))
    (project,) = json.loads(run_command("--year", "2016", "--project", "aalborg", "--format", "json"))[
        "projects"
    ]
    assert (project["paid_before"], project["approved_unpaid"]) == ("0.00", "8000.00")
    assert project["payable"] == "16000.00"


def test_paid_before_counts_what_is_registered_as_paid(trial):
    StatementFactory(state="paid", events=1, project=trial.aalborg, cut_off=date(2016, 6, 30))
    (project,) = json.loads(run_command("--year", "2016", "--project", "aalborg", "--format", "json"))[
        "projects"
    ]
    assert (project["paid_before"], project["approved_unpaid"]) == ("8000.00", "0.00")
    assert project["payable"] == "16000.00"


def test_text_by_default(trial):
    assert "aarhus" in run_command("--year", "2016")


def test_csv_on_standard_output_is_for_programs_and_a_file_for_excel(trial, tmp_path):
    path = tmp_path / "statement.csv"
    assert run_command("--year", "2016", "--format", "csv", "--output", str(path)) == ""
    file = path.read_bytes()
    assert file.startswith(b"\xef\xbb\xbfrecord;project;")
    assert b"\r\n" in file
    assert b";24000,00;" in file
    printed = run_command("--year", "2016", "--format", "csv")
    assert re.sub(r"(\d),(\d\d)(?=;)", r"\1.\2", file.decode("utf-8-sig").replace("\r\n", "\n")) == printed


@pytest.mark.parametrize(("file_format", "start"), [("pdf", b"%PDF-"), ("xlsx", b"PK")])
def test_files_are_written_where_asked(trial, tmp_path, file_format, start):
    path = tmp_path / f"statement.{file_format}"
    run_command("--year", "2016", "--format", file_format, "--output", str(path))
    assert path.read_bytes().startswith(start)
    if file_format == "xlsx":
        assert load_workbook(path).sheetnames[0] == "Øvelse Projekter"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--year", "2016", "--project", "nowhere"], "no project called 'nowhere'"),
        (["--year", "MMXVI"], "must be a year"),
        (["--year", "0"], "must be a year"),
        (["--year", "2016", "--cut-off", "31.12.2016"], "2016-12-31"),
        (["--year", "2016", "--cut-off", "2016-02-30"], "2016-12-31"),
        (["--year", "2016", "--cut-off", "20160630"], "2016-12-31"),
        (["--year", "2016", "--format", "pdf"], "needs --output"),
        (["--year", "2016", "--format", "csv", "--output", "/nowhere/at/all.csv"], "cannot be written"),
        (["--year", "2010"], "must be a year"),
        (["--year", "9999"], "must be a year"),
        (["--year", "２０１６"], "must be a year"),
        (["--year", "2016", "--cut-off", "2016-W01-1"], "2016-12-31"),
        (["--year", "2016", "--cut-off", "9999-12-31"], "must lie between"),
        (["--year", "2016", "--cut-off", "2014-12-31"], "must lie between"),
    ],
)
def test_invalid_arguments_are_refused_with_a_message(trial, args, message):
    with pytest.raises(CommandError, match=message) as error:
        run_command(*args)
    assert error.value.returncode == 1


def test_the_command_records_the_citizens_shown(trial):
    run_command("--year", "2016", "--project", "aalborg")
    record = AccessRecord.objects.get()
    assert record.user is None
    assert set(record.citizens) == {trial.completed.citizen.public_id, trial.started.citizen.public_id}
