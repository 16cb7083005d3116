"""What was approved: its canonical text, its hash, and the approval sheet of the PDF (D30)."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from grants.models import StatementApproval
from grants.statements import documents
from grants.storage import approvals, submitted
from tests.factories import UserFactory
from tests.grants.factories import StatementFactory
from tests.scenarios.grant_statements import END_2016, answer_doubts, approved_statement, submitted_statement


@pytest.fixture
def statement(trial):
    return approved_statement(trial.aalborg, END_2016)


def sheet_text(statement):
    documents.make(statement.approved_document.pk)
    statement.approved_document.refresh_from_db()
    reader = pypdf.PdfReader(io.BytesIO(bytes(statement.approved_document.content)))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_pdf_gets_a_sheet_that_says_who_when_and_the_hash(statement):
    text = sheet_text(statement)
    assert "Godkendelsesark" in text
    for name in (statement.submitted_name, statement.checked_name, statement.approved_name):
        assert name in text.replace("\n", " ")
    assert statement.approval.sha256 in text.replace("\n", "")
    assert statement.pdf_sha256 in text.replace("\n", "")
    assert f"{localtime(statement.approved_at):%d.%m.%Y}" in text
    assert "Kommunen har set efter" in text.replace("\n", " ")


def test_before_the_approval_the_pdf_has_no_sheet(trial):
    statement = submitted_statement(trial.aalborg, END_2016)
    documents.make(statement.document.pk)
    statement.document.refresh_from_db()
    reader = pypdf.PdfReader(io.BytesIO(bytes(statement.document.content)))
    assert "Godkendelsesark" not in "\n".join(page.extract_text() for page in reader.pages)


def test_the_downloaded_text_has_the_printed_hash(statement, trial, log_in):
    url = reverse("grants:approved_content", args=[statement.public_id])
    response = log_in(trial.leader).get(url)
    assert hashlib.sha256(response.content).hexdigest() == statement.approval.sha256
    content = json.loads(response.content)
    assert content["approved"]["name"] == statement.approved_name
    assert content["figures"]["payable"] == f"{statement.payable:.2f}"


def test_the_text_follows_from_the_rows_at_any_time(statement):
    view = approvals.with_approved_doubts(submitted.read(statement))
    step = approvals.ApprovalStep(statement.approved_name, statement.approved_at)
    assert approvals.approved_content(view, step, statement.pdf_sha256) == statement.approval.content
    assert list(approvals.differences()) == []


def test_rows_that_are_not_those_approved_are_told_by_the_nightly_check(statement, monkeypatch):
    """As when somebody with the owner's rights had removed the events past the triggers."""
    read = submitted.read

    def read_without_events(record):
        view = read(record)
        return replace(view, projects=(replace(view.projects[0], lines=()),))

    monkeypatch.setattr(submitted, "read", read_without_events)
    assert len(list(approvals.differences())) == 1


@pytest.mark.parametrize("change", ["update", "delete"])
def test_what_was_approved_is_final(statement, change):
    rows = StatementApproval.objects.filter(statement=statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content="{}") if change == "update" else rows.delete()


def test_a_text_with_another_hash_is_refused(db):
    statement = StatementFactory(state="checked")
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementApproval.objects.create(statement=statement, content="{}", sha256="0" * 64)


def test_no_statement_is_approved_without_its_text(db):
    statement = StatementFactory(state="checked")
    statement.state, statement.pdf_sha256 = "approved", "1" * 64
    statement.approved_by, statement.approved_at = UserFactory(), statement.checked_at
    with pytest.raises(DatabaseError), transaction.atomic():
        statement.save()


def test_the_statements_page_leads_to_the_pdf_with_the_sheet(statement, trial, log_in):
    page = log_in(trial.agency).get(reverse("grants:stored", args=[statement.public_id])).content.decode()
    assert reverse("grants:document", args=[statement.approved_document.public_id]) in page
    assert statement.approval.sha256 in page


def test_an_answer_after_the_approval_changes_nothing_of_it(statement, trial):
    before = statement.approval.content
    answer_doubts(trial.aalborg, date(2017, 12, 31))
    assert StatementApproval.objects.get(statement=statement).content == before
