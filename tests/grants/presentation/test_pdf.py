"""The statement as PDF, for one project and for all of them."""

import io
import re
from dataclasses import replace
from datetime import date
from itertools import chain

import pypdf
import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Project
from grants.models import Document, Snapshot
from grants.presentation import export, pdf
from grants.reckoning.compute import compute
from grants.reckoning.statement import StatementView
from grants.statements import documents
from grants.storage import submitted
from tests.factories import CourseFactory, PlacementFactory
from tests.loops import some
from tests.pdf_tags import Tags
from tests.scenarios.grant_statements import submitted_statement

YEAR_END = date(2016, 12, 31)


@pytest.fixture
def draft(trial):
    with translation.override("da"):
        yield compute(2016, YEAR_END, Project.objects.all())


def page_texts(content):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def test_a_row_is_a_participant_in_the_order_of_the_pseudonyms(draft, trial):
    first, _second = draft.projects
    rows = pdf.participant_rows(first.lines)
    assert [row.pseudonym for row in rows] == sorted({line.pseudonym for line in first.lines})
    completed, started = (
        next(row for row in rows if row.pseudonym == course.citizen.pseudonym)
        for course in (trial.completed, trial.started)
    )
    assert (
        completed.amount,
        completed.start.event.amount,
        completed.completion.event.amount,
    ) == (16000, 8000, 8000)
    assert (started.amount, started.completion) == (8000, None)
    assert sum(row.amount for row in rows) == first.earned_to_date


def test_a_national_statement_is_one_document_with_a_place_for_each_project(draft):
    content = export.as_pdf(draft)
    tags = Tags(content)
    assert tags.faults == []
    assert "Tilskudsopgørelse 2016" in tags.reader.metadata.title
    front, first, events, second, events_too = tags.outline()[0], *tags.outline()[2:]
    assert (front, first, second) == ("Tilskudsopgørelse 2016", "=Aalborg", "Aarhus")
    assert events == events_too == ["Optjeninger"]
    pages = page_texts(content)
    assert all(
        f"Side {n} / {len(pages)}" in " ".join(text.split()) for n, text in some(enumerate(pages, start=1))
    )
    kinds = tags.kinds()
    assert next(kind for kind in kinds if kind in ("H1", "H2", "H3")) == "H1"
    assert kinds.count("H1") == 1


def test_a_project_of_many_pages_repeats_its_header_and_says_its_sum_once(trial):
    company = trial.completed.placements.get().company
    for _ in range(70):
        PlacementFactory(course=CourseFactory(project_for=trial.aalborg), company=company)
    with translation.override("da"):
        draft = compute(2016, YEAR_END, [trial.aalborg])
        content = export.as_pdf(draft)
    assert Tags(content).faults == []
    pages = page_texts(content)
    rows = [re.findall(r"JF-[A-Z2-7]{12}", text) for text in pages]
    assert len([page for page in rows if page]) > 1
    assert list(chain(*rows)) == sorted({line.pseudonym for line in draft.projects[0].lines})
    assert all("Regnet fra" in text for text, page in some(zip(pages, rows, strict=True)) if page)
    assert "1.144.000,00" in pages[-1]
    assert not any("1.144.000,00" in text for text, page in some(zip(pages[:-1], rows, strict=False)) if page)


def test_a_printed_draft_says_the_hash_of_each_project_and_of_all(draft):
    front = "".join("".join(page_texts(export.as_pdf(draft))[:2]).split())
    hashes = [submitted.project_hash(draft, statement) for statement in draft.projects]
    assert len({*hashes, submitted.content_hash(draft)}) == 3
    assert all(value in front for value in [*hashes, submitted.content_hash(draft)])
    single = replace(draft, projects=draft.projects[:1])
    assert submitted.content_hash(single) == hashes[0]
    assert all(f"Udkast {hashes[0][:16]}" in text for text in some(page_texts(export.as_pdf(single))))


def test_a_printed_draft_is_found_in_the_history_and_has_its_hash(trial, client):
    client.force_login(trial.agency)
    client.post(reverse("grants:order_pdf"), {"year": "2016"})
    documents.make(Document.objects.get().pk)
    document, snapshot = Document.objects.get(), Snapshot.objects.get()
    front = "".join("".join(page_texts(bytes(document.content))[:2]).split()).replace(
        "\u2010", ""
    )  # hyphenation
    assert f"historikkensom{snapshot.short}" in front
    page = client.get(reverse("grants:kept", args=[snapshot.public_id])).content.decode()
    (printed_hash,) = re.findall(
        r"Kontrolsum for tal, optjeninger og reguleringer: <span[^>]*>(\w{64})<", page
    )
    assert printed_hash in front


def test_the_overall_hash_changes_with_any_project(draft):
    first, second = draft.projects
    other = replace(draft, projects=(first, replace(second, lines=())))
    assert submitted.content_hash(other) != submitted.content_hash(draft)


def test_a_statement_read_back_has_the_hash_of_its_submission(trial):
    statement = submitted_statement(trial.aalborg, YEAR_END)
    view = submitted.read(statement)
    reckoned_again = StatementView(view.year, view.cut_off, view.terms, view.projects)
    assert submitted.content_hash(reckoned_again) == statement.content_hash
    assert submitted.content_hash(view) == statement.content_hash


def test_a_submitted_statement_is_tagged_and_has_a_place_to_sign(trial):
    statement = submitted_statement(trial.aalborg, YEAR_END, trial.leader)
    documents.make(statement.document.pk)
    content = bytes(Document.objects.get().content)
    assert Tags(content).faults == []
    front = page_texts(content)[0] + page_texts(content)[1]
    for words in (trial.leader.name, "Kontrolleret af STAR", "Godkendt af STAR", "Erklæring"):
        assert words in front
    assert statement.content_hash in "".join(front.split())


def test_a_project_without_events_has_its_figures_only(draft):
    first, second = draft.projects
    content = export.as_pdf(replace(draft, projects=(first, replace(second, lines=()))))
    assert "Aarhus" not in Tags(content).outline()
    assert "Aarhus" in page_texts(content)[0]


def test_progress_is_reported_for_the_front_and_each_project(draft):
    progress = []
    export.as_pdf(draft, lambda drawn, parts: progress.append((drawn, parts)))
    assert progress == [(1, 3), (2, 3), (3, 3)]


def test_a_name_that_is_markup_stays_text(draft):
    first, _second = draft.projects
    first.project.name = "<b>Aalborg</b> & <img src='file:///etc/passwd'>"
    text = "".join(page_texts(export.as_pdf(draft)))
    assert "<b>Aalborg</b> &" in text
