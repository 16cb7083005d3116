"""What a project keeps of a company, saved twice at the same second: one row, and nobody's text is lost."""

import uuid
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from companies.actions import companies as company_actions
from companies.actions import project_rows as actions
from companies.models import CompanyCall, CompanyContact, CompanyNote, JobOpening
from jobfirst.kit.versioned import StaleError
from tests.companies.factories import CompanyCallFactory, CompanyNoteFactory, JobOpeningFactory
from tests.concurrency import run_at_once
from tests.factories import CompanyContactFactory, CompanyFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

CALL = {"called_on": date(2016, 4, 4), "channel": "phone", "contact": None, "summary": "Ringet"}
OPENING = {"job_function": "Bager", "workplace": None, "places": 1}
CONTACT = {"name": "Karla", "title": "", "phone": "", "email": "karla@example.dk"}


@pytest.fixture
def leader():
    return UserFactory(project=ProjectFactory(), roles=["project_leader"])


@pytest.fixture
def company():
    return CompanyFactory()


def makers(company, leader, token):
    """Return what makes a row of each kind, by the name of its model."""
    terms = {"project": leader._factory_project, "submission": token}
    return {
        "CompanyNote": lambda: actions.write_note(company, "Lukket mandag", by=leader, **terms),
        "CompanyCall": lambda: actions.record_call(company, CALL, by=leader, **terms),
        "JobOpening": lambda: actions.note_opening(company, OPENING, by=leader, **terms),
        "CompanyContact": lambda: company_actions.save_contact(company, CONTACT, **terms),
    }


@pytest.mark.parametrize("model", [CompanyNote, CompanyCall, JobOpening, CompanyContact])
def test_a_double_click_makes_one_row(company, leader, model):
    make = makers(company, leader, uuid.uuid4())[model.__name__]
    outcomes = run_at_once([make] * 3)
    row = model.objects.get()
    assert outcomes == [row] * 3


def correctors(leader, company):
    """Return a stored row of each kind and what corrects it, by the name of its model."""
    terms = {"company": company, "project": leader._factory_project}
    note, call, opening = (
        make(**terms) for make in (CompanyNoteFactory, CompanyCallFactory, JobOpeningFactory)
    )
    contact = CompanyContactFactory(**terms)

    def correct_contact(name):
        fields = {**CONTACT, "name": name}
        return company_actions.save_contact(
            company, fields, contact, project=terms["project"], version=contact.version
        )

    return {
        "text": (note, lambda text: actions.correct_row(note, {"text": text}, version=note.version)),
        "summary": (call, lambda text: actions.correct_row(call, {"summary": text}, version=call.version)),
        "tasks": (
            opening,
            lambda text: actions.correct_row(opening, {"tasks": text}, version=opening.version),
        ),
        "name": (contact, correct_contact),
    }


@pytest.mark.parametrize("field", ["text", "summary", "tasks", "name"])
def test_of_two_corrections_at_once_one_is_saved_and_the_other_is_told(company, leader, field):
    row, correct = correctors(leader, company)[field]
    outcomes = run_at_once([lambda: correct("Den ene"), lambda: correct("Den anden")])
    stale = [outcome for outcome in outcomes if isinstance(outcome, StaleError)]
    saved = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    assert (len(stale), len(saved)) == (1, 1)
    row.refresh_from_db()
    assert getattr(row, field) == getattr(saved[0], field) == getattr(stale[0].current, field)


def test_the_second_of_two_persons_sees_both_notes_and_keeps_what_was_typed(company, leader):
    note = CompanyNoteFactory(company=company, project=leader._factory_project, text="Fra først")
    url = reverse("companies:correct_note", args=[note.public_id])

    def post(text):
        client = Client()
        client.force_login(leader)
        data = {"text": text, "version": note.version, "correction_reason": "Skrevet forkert"}
        answer = client.post(url, data)
        connections.close_all()
        return answer

    answers = run_at_once([lambda: post("Den ene"), lambda: post("Den anden")])
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    page = next(answer for answer in answers if answer.status_code == 409).content.decode()
    assert "Den ene" in page
    assert "Den anden" in page
