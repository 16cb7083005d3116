"""The statement as JSON, CSV, XLSX, PDF and text."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pypdf
import pytest
from django.utils import translation
from openpyxl import load_workbook

from accounts.models import Project
from grants import exchange
from grants.statement import compute

YEAR_END = date(2016, 12, 31)


@pytest.fixture
def draft(trial):
    with translation.override("da"):
        yield compute(2016, YEAR_END, Project.objects.all())


def test_json_has_the_keys_of_the_contract_and_money_as_text(draft, trial):
    data = json.loads(exchange.as_json(draft))
    assert (data["year"], data["cut_off"]) == (2016, "2016-12-31")
    first, second = data["projects"]
    done, begun = trial.done.citizen.pseudonym, trial.begun.citizen.pseudonym
    contract = {
        "project": "aalborg",
        "target_count": 100,
        "ceiling": "1440000.00",
        "starts": 2,
        "completions": 1,
        "earned_to_date": "24000.00",
        "paid_before": "0.00",
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
    for event in first["events"]:
        assert event.pop("entry") == "new"
    assert {name: first[name] for name in contract} == contract
    more = {name: first[name] for name in first.keys() - contract.keys()}
    assert more == {"earned_before": "0.00", "new": "24000.00", "adjusted": "0.00", "adjustments": []}
    assert (second["project"], second["earned_to_date"]) == ("aarhus", "8000.00")


def test_csv_is_one_table_whose_events_add_up_to_its_projects(draft):
    rows = list(csv.DictReader(io.StringIO(exchange.as_csv(draft)), delimiter=";"))
    for slug in ("aalborg", "aarhus"):
        own = [row for row in rows if row["project"] == slug]
        (project,) = [row for row in own if row["record"] == "project"]
        events = [row for row in own if row["record"] == "event"]
        assert Decimal(project["earned_to_date"]) == sum(Decimal(row["amount"]) for row in events)
        assert int(project["starts"]) == sum(row["kind"] == "start" for row in events)
        assert all(row["counted_days"] == "91" for row in events if row["kind"] == "completion")
    assert {row["note"] for row in rows} == {"Øvelse"}


def test_xlsx_has_numbers_as_numbers_dates_as_dates_and_no_formula(draft):
    book = load_workbook(io.BytesIO(exchange.as_xlsx(draft)))
    projects, events, _adjustments, basis = book.worksheets
    assert [sheet.title for sheet in book] == [
        "Øvelse Projekter",
        "Øvelse Hændelser",
        "Øvelse Justeringer",
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
    assert any("projektets eget valg" in label for label in labels)


def pdf_text(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_pdf_is_tagged_and_holds_figures_events_and_the_mark_of_a_rehearsal(draft, trial):
    content = exchange.as_pdf(draft)
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()
    text = pdf_text(content)
    assert "1.440.000,00" in text
    assert "32.000,00" in text
    assert trial.done.citizen.pseudonym in text
    assert "Øvelse" in text
    assert "projektets eget valg" in text


def test_pdf_without_events_names_no_citizen(draft, trial):
    text = pdf_text(exchange.as_pdf(draft, with_events=False))
    assert "24.000,00" in text
    assert "JF-" not in text


def test_text_is_a_line_a_project(draft):
    lines = exchange.as_text(draft).splitlines()
    assert "Øvelse" in lines[0]
    assert [line.split()[0] for line in lines[2:]] == ["project", "aalborg", "aarhus"]


def test_a_real_system_has_no_mark(draft, settings):
    settings.JOBFIRST_MODE = "real"
    assert "Øvelse" not in exchange.as_csv(draft) + exchange.as_json(draft) + exchange.as_text(draft)
    book = load_workbook(io.BytesIO(exchange.as_xlsx(draft)))
    assert [sheet.title for sheet in book] == ["Projekter", "Hændelser", "Justeringer", "Grundlag"]
    assert "Øvelse" not in pdf_text(exchange.as_pdf(draft))


def test_no_format_holds_a_name_or_a_cpr_number(draft, trial):
    secrets = [
        getattr(course.citizen, name) for course in (trial.done, trial.begun) for name in ("name", "cpr")
    ]
    book = load_workbook(io.BytesIO(exchange.as_xlsx(draft)))
    cells = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    everything = " ".join(
        [
            exchange.as_json(draft),
            exchange.as_csv(draft),
            exchange.as_text(draft),
            cells,
            pdf_text(exchange.as_pdf(draft)),
        ]
    )
    assert not [secret for secret in secrets if secret in everything]


@pytest.mark.parametrize("file_format", exchange.FORMATS)
def test_a_file_is_named_after_year_and_scope(draft, trial, file_format):
    assert exchange.as_file(draft, file_format).name.startswith("tilskudsopgoerelse-2016-alle.")
    one = compute(2016, YEAR_END, Project.objects.filter(slug="aarhus"))
    assert exchange.as_file(one, file_format).name.startswith("tilskudsopgoerelse-2016-aarhus.")
