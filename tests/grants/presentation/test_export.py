"""The statement as JSON, CSV, XLSX, PDF and text."""

import csv
import io
import json
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import Project
from grants.presentation import export
from grants.reckoning.compute import compute
from grants.storage import submitted
from jobfirst.exchange.writing import csv_text
from tests.factories import CourseFactory, PlacementFactory
from tests.loops import some
from tests.scenarios.earned_events import recompute_events
from tests.scenarios.grant_statements import approved_statement

YEAR_END = date(2016, 12, 31)


@pytest.fixture
def draft(trial):
    with translation.override("da"):
        yield compute(2016, YEAR_END, Project.objects.all())


def test_json_has_the_keys_of_the_contract_and_money_as_text(draft, trial):
    data = json.loads(export.as_json(draft))
    assert (data["year"], data["cut_off"]) == (2016, "2016-12-31")
    first, second = data["projects"]
    done, begun = trial.completed.citizen.pseudonym, trial.started.citizen.pseudonym
    contract = {
        "project": "aalborg",
        "target_count": 100,
        "ceiling": "1440000.00",
        "starts": 2,
        "completions": 1,
        "earned_to_date": "24000.00",
        "paid_before": "0.00",
        "approved_unpaid": "0.00",
        "doubts": [],
        "payable": "24000.00",
        "events": sorted(
            [
                {"citizen": done, "kind": "start", "date": "2016-04-04", "amount": "8000.00"},
                {"citizen": begun, "kind": "start", "date": "2016-04-04", "amount": "8000.00"},
                {"citizen": done, "kind": "completion", "date": "2016-07-03", "amount": "8000.00"},
            ],
            key=lambda event: (event["date"], event["citizen"]),
        ),
    }
    for event in some(first["events"]):
        assert event.pop("entry") == "new"
    assert {name: first[name] for name in contract} == contract
    more = {name: first[name] for name in first.keys() - contract.keys()}
    assert more.pop("content_hash") == submitted.project_hash(draft, draft.projects[0])
    assert data["content_hash"] == submitted.content_hash(draft)
    assert more == {"earned_before": "0.00", "new": "24000.00", "adjusted": "0.00", "adjustments": []}
    assert (second["project"], second["earned_to_date"]) == ("aarhus", "8000.00")


def test_csv_is_one_table_whose_events_add_up_to_its_projects(draft):
    rows = list(csv.DictReader(io.StringIO(export.as_csv(draft)), delimiter=";"))
    for slug in ("aalborg", "aarhus"):
        project_rows = [row for row in rows if row["project"] == slug]
        (project,) = [row for row in project_rows if row["record"] == "project"]
        events = [row for row in project_rows if row["record"] == "event"]
        assert Decimal(project["earned_to_date"]) == sum(Decimal(row["amount"]) for row in events)
        assert int(project["starts"]) == sum(row["kind"] == "start" for row in events)
        assert all(row["counted_days"] == "91" for row in some(events) if row["kind"] == "completion")
    assert {row["note"] for row in rows} == {"Øvelse"}


def test_xlsx_has_numbers_as_numbers_dates_as_dates_and_no_formula(draft):
    book = load_workbook(io.BytesIO(export.as_xlsx(draft)))
    projects, events, _adjustments, basis = book.worksheets
    assert [sheet.title for sheet in book] == [
        "Øvelse Projekter",
        "Øvelse Optjeninger",
        "Øvelse Reguleringer",
        "Øvelse Grundlag",
    ]
    name, earned = projects["B2"], projects["G2"]
    assert (name.value, name.data_type) == ("'=Aalborg", "s")
    assert (earned.value, earned.data_type, earned.number_format) == (24000, "n", "#,##0.00")
    assert projects.freeze_panes == "A2"
    assert projects.cell(projects.max_row, 7).value == 32000
    assert isinstance(events["D2"].value, datetime)
    assert events["E2"].data_type == "n"
    assert sum(row[4] for row in events.iter_rows(min_row=2, values_only=True)) == 32000
    assert not [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    labels = [row[0] for row in basis.iter_rows(min_row=2, values_only=True)]
    assert "Øvelse" in labels
    assert any("fastsat af projektet" in label for label in labels)


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")']


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_becomes_a_formula(trial, name):
    trial.aalborg.name = name
    trial.aalborg.save()
    with translation.override("da"):
        hostile = compute(2016, YEAR_END, Project.objects.all())
    with zipfile.ZipFile(io.BytesIO(export.as_xlsx(hostile))) as book:
        sheets = [book.read(part).decode() for part in book.namelist() if "sheets/" in part]
    assert sheets
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<f " in sheet]
    book = load_workbook(io.BytesIO(export.as_xlsx(hostile)))
    cell = book.worksheets[0]["B2"]
    # XML knows no lone carriage return: it is read back as a line's end.
    assert (cell.value, cell.data_type) == ("'" + name.replace("\r", "\n"), "s")


def test_a_name_in_a_csv_cell_is_neutralised_and_a_negative_amount_is_a_number(corrected):
    rows = list(csv.DictReader(io.StringIO(export.as_csv(corrected)), delimiter=";"))
    assert "-8000.00" in {row["amount"] for row in rows}
    assert "-8000.00" in {row["adjusted"] for row in rows}
    assert csv_text(["a"], [["-8000.00"], ["=1"]]).splitlines() == ["a", "'-8000.00", "'=1"]


def test_a_workbook_has_amounts_counts_and_days_as_such(corrected):
    book = load_workbook(io.BytesIO(export.as_xlsx(corrected)))
    _projects, events, adjustments, _basis = book.worksheets
    for sheet, days, amounts in ((events, "DF", "E"), (adjustments, "D", "EG")):
        assert sheet.max_row > 1
        for row in range(2, sheet.max_row + 1):
            assert [sheet[f"{column}{row}"].is_date for column in days] == [True] * len(days)
            for column in some(amounts):
                cell = sheet[f"{column}{row}"]
                assert (cell.data_type, cell.number_format) == ("n", "#,##0.00")
    assert [type(events[f"{column}2"].value) for column in "GH"] == [int, int]


@pytest.fixture
def corrected(trial):
    """A draft after an approved statement: one event as before, one new, one corrected, one lost."""
    placement = trial.completed.placements.get()
    with translation.override("da"):
        approved_statement(trial.aalborg, date(2016, 7, 31))
        placement.starts_on += timedelta(days=2)
        placement.ended_on = date(2016, 5, 1)
        placement.save()
        recompute_events()
        PlacementFactory(course=CourseFactory(project_for=trial.aalborg), starts_on=date(2016, 8, 1))
        yield compute(2016, YEAR_END, Project.objects.all())


def test_the_lines_add_up_to_the_totals_in_every_format(corrected):
    first, second = corrected.projects
    assert {line.entry for line in first.lines} == {"carried", "new", "changed"}
    assert sorted(item.amount for item in first.adjustments) == [Decimal(-8000), Decimal(0)]
    total = first.earned_to_date + second.earned_to_date
    adjusted = first.adjusted + second.adjusted
    assert (total, adjusted) == (Decimal(40000), Decimal(-8000))

    data = json.loads(export.as_json(corrected))["projects"]
    rows = list(csv.DictReader(io.StringIO(export.as_csv(corrected)), delimiter=";"))
    book = load_workbook(io.BytesIO(export.as_xlsx(corrected)))
    sheets = ((book.worksheets[1], 4), (book.worksheets[2], 6))
    sums = {
        "json": [
            sum(Decimal(row["amount"]) for item in data for row in item[kind])
            for kind in ("events", "adjustments")
        ],
        "csv": [
            sum(Decimal(row["amount"]) for row in rows if row["record"] == kind)
            for kind in ("event", "adjustment")
        ],
        "xlsx": [
            sum(row[number] for row in sheet.iter_rows(min_row=2, values_only=True))
            for sheet, number in sheets
        ],
        "pdf": [sum(amount for amount, _row in rows) for rows in printed_rows(export.as_pdf(corrected))],
    }
    assert sums == {name: [total, adjusted] for name in ("json", "csv", "xlsx", "pdf")}
    assert "40.000,00" in pdf_text(export.as_pdf(corrected))


def printed_rows(content):
    """The rows of the printed events and of the printed adjustments, each with its last amount."""
    rows, sections = [[], []], {"Optjeninger": 0, "Reguleringer": 1}
    section = None
    for page in pypdf.PdfReader(io.BytesIO(content)).pages:
        for line in page.extract_text(extraction_mode="layout").splitlines():
            section = sections.get(line.strip(), section)
            if line.strip().startswith("JF-"):
                amount = line.split()[-1].replace(".", "").replace(",", ".")
                rows[section].append((Decimal(amount), line))
    return rows


def test_every_event_and_its_entry_is_printed(corrected):
    events, adjustments = printed_rows(export.as_pdf(corrected))
    for line in some([line for project_rows in corrected.projects for line in project_rows.lines]):
        (row,) = [row for _amount, row in events if line.pseudonym in row]
        assert f"{line.event.on:%d.%m.%Y}" in row
        assert str(line.entry.label) in row
        if line.event.kind.value == "completion":
            assert {str(line.event.counted_days), str(line.event.bridged_days)} <= set(row.split())
    assert len(adjustments) == 2
    assert any("Ikke optjent" in row for _amount, row in adjustments)


def pdf_text(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_pdf_holds_figures_events_and_the_mark_of_a_rehearsal(draft, trial):
    text = pdf_text(export.as_pdf(draft))
    assert "1.440.000,00" in text
    assert "32.000,00" in text
    assert trial.completed.citizen.pseudonym in text
    assert "Øvelse" in text
    assert "fastsat af projektet" in text


def test_text_is_a_line_a_project(draft):
    lines = export.as_text(draft).splitlines()
    assert "Øvelse" in lines[0]
    assert [line.split()[0] for line in lines[2:]] == ["project", "aalborg", "aarhus"]


def test_files_of_a_real_system_have_no_rehearsal_mark(draft, settings):
    settings.JOBFIRST_MODE = "real"
    assert "Øvelse" not in export.as_csv(draft) + export.as_json(draft) + export.as_text(draft)
    book = load_workbook(io.BytesIO(export.as_xlsx(draft)))
    assert [sheet.title for sheet in book] == ["Projekter", "Optjeninger", "Reguleringer", "Grundlag"]
    assert "Øvelse" not in pdf_text(export.as_pdf(draft))


def test_no_format_holds_a_name_or_a_cpr_number(draft, trial):
    secrets = [
        secret
        for course in (trial.completed, trial.started)
        for secret in (course.citizen_name, course.citizen.cpr)
    ]
    book = load_workbook(io.BytesIO(export.as_xlsx(draft)))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    everything = " ".join(
        [
            export.as_json(draft),
            export.as_csv(draft),
            export.as_text(draft),
            cells,
            pdf_text(export.as_pdf(draft)),
        ]
    )
    assert not [secret for secret in secrets if secret in everything]


@pytest.mark.parametrize("file_format", export.FORMATS)
def test_a_file_is_named_after_year_and_scope(draft, trial, file_format):
    assert export.as_file(draft, file_format).name.startswith("tilskudsopgoerelse-2016-alle.")
    single_project = compute(2016, YEAR_END, Project.objects.filter(slug="aarhus"))
    assert export.as_file(single_project, file_format).name.startswith("tilskudsopgoerelse-2016-aarhus.")
