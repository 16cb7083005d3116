"""PDF documents that cannot be made: given up in the end, ordered again, and not made for whoever left."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Membership, User
from accounts.roles import Role
from audit.models import AccessRecord
from grants.models import Document, DocumentState
from grants.presentation import export
from grants.statements import actions, document_orders, documents
from jobfirst import clock
from tests.factories import UserFactory
from tests.scenarios.grant_statements import END_2016, answer_doubts, submitted_statement

LATER = datetime.timedelta(minutes=10)


@pytest.fixture(autouse=True)
def cheap_pdf(monkeypatch):
    monkeypatch.setattr(export, "as_pdf", lambda draft, *_args: b"%PDF- " + repr(draft).encode())


def document_state(document):
    return Document.objects.values_list("state", flat=True).get(pk=document.pk)


def kill_worker(monkeypatch):
    """The worker is killed: nothing is caught, nothing is said."""

    def killed(*_args):
        raise SystemExit

    monkeypatch.setattr(export, "as_pdf", killed)


def test_a_document_whose_worker_was_lost_is_queued_again(trial):
    document = document_orders.order(trial.agency, 2016, END_2016, project=trial.aalborg)
    assert documents.fetch_lost(clock.now()) == []
    assert documents.fetch_lost(clock.now() + LATER) == [document.pk]


def test_a_document_with_recent_progress_is_not_queued_again(trial, time_machine):
    document = document_orders.order(trial.agency, 2016, END_2016, project=trial.aalborg)
    later = clock.now() + LATER
    time_machine.move_to(later)
    assert documents.fetch_lost(later) == [document.pk]
    documents._note_drawn(document.pk, 1, 3)
    assert documents.fetch_lost(later) == []
    assert documents.fetch_lost(later + LATER) == [document.pk]


def test_a_document_that_cannot_be_made_fails(trial, monkeypatch):
    document = document_orders.order(trial.agency, 2016, END_2016, project=trial.aalborg)

    def fails(*args, **kwargs):
        raise RuntimeError("no ink")

    monkeypatch.setattr(export, "as_pdf", fails)
    for _attempt in range(documents.ATTEMPTS):
        with pytest.raises(RuntimeError):
            documents.make(document.pk)
    assert document_state(document) == DocumentState.FAILED


def test_a_document_whose_worker_dies_every_time_fails(trial, monkeypatch):
    document = document_orders.order(trial.agency, 2016, END_2016)
    kill_worker(monkeypatch)
    for _attempt in range(documents.ATTEMPTS):
        assert documents.fetch_lost(clock.now() + LATER) == [document.pk]
        with pytest.raises(SystemExit):
            documents.make(document.pk)
    assert document_state(document) == DocumentState.QUEUED
    assert documents.fetch_lost(clock.now()) == []  # the last worker may still be at it
    assert document_state(document) == DocumentState.QUEUED
    assert documents.fetch_lost(clock.now() + LATER) == []
    assert document_state(document) == DocumentState.FAILED


def test_a_task_beyond_the_last_attempt_fails_the_document(trial, monkeypatch):
    document = document_orders.order(trial.agency, 2016, END_2016)
    kill_worker(monkeypatch)
    for _attempt in range(documents.ATTEMPTS):
        with pytest.raises(SystemExit):
            documents.make(document.pk)
    documents.make(document.pk)
    assert document_state(document) == DocumentState.FAILED


@pytest.mark.parametrize("page", ["stored", "document"])
def test_the_pdf_of_a_statement_that_failed_is_ordered_again_from_its_page(trial, client, page):
    statement = submitted_statement(trial.aalborg, END_2016)
    document = statement.document
    Document.objects.filter(pk=document.pk).update(state="failed", attempts=documents.ATTEMPTS)
    answer_doubts(trial.aalborg, END_2016)
    actions.check(statement, UserFactory())
    with pytest.raises(ValidationError, match="igen"):
        actions.approve(statement, trial.agency)
    client.force_login(trial.agency)
    again = reverse("grants:order_again", args=[statement.public_id])
    record = statement if page == "stored" else document
    assert again in client.get(reverse(f"grants:{page}", args=[record.public_id])).content.decode()
    response = client.post(again)
    assert response.url == reverse("grants:document", args=[document.public_id])
    assert document_state(document) == DocumentState.QUEUED
    documents.make(document.pk)
    assert document_state(document) == DocumentState.DONE
    client.post(again)  # what is made stays
    assert document_state(document) == DocumentState.DONE
    assert again not in client.get(reverse("grants:stored", args=[statement.public_id])).content.decode()
    actions.approve(statement, trial.agency)


def remove_memberships(user):
    Membership.objects.filter(user=user).delete()


def deactivate(user):
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [remove_memberships, deactivate])
@pytest.mark.parametrize("national", [True, False])
def test_no_document_is_made_for_a_user_who_left(trial, leave, national):
    user = trial.agency if national else trial.leader
    document = document_orders.order(user, 2016, END_2016, project=None if national else trial.aalborg)
    leave(user)
    documents.make(document.pk)
    assert document_state(document) == DocumentState.FAILED
    assert not Document.objects.get(pk=document.pk).content


def test_no_document_is_made_for_a_leader_who_changed_project(trial):
    document = document_orders.order(trial.leader, 2016, END_2016, project=trial.aalborg)
    Membership.objects.filter(user=trial.leader).update(project=trial.aarhus)
    documents.make(document.pk)
    assert document_state(document) == DocumentState.FAILED


@pytest.mark.parametrize("then", ["nothing", "another project"])
def test_a_made_national_document_is_closed_to_a_user_who_left(trial, client, then):
    document = document_orders.order(trial.agency, 2016, END_2016)
    documents.make(document.pk)
    address = reverse("grants:document_file", args=[document.public_id])
    client.force_login(trial.agency)
    assert client.get(address).status_code == 200
    remove_memberships(trial.agency)
    if then == "another project":
        Membership.objects.create(user=trial.agency, project=trial.aarhus, role=Role.PROJECT_LEADER)
    client.force_login(User.objects.get(pk=trial.agency.pk))
    assert client.get(address).status_code == (404 if then == "another project" else 403)
    assert AccessRecord.objects.filter(action="grants.document", outcome="shown").count() == 1
