"""Register and correct companies and their contact persons."""

import uuid

import pytest
from django.db import DataError, IntegrityError, transaction

from companies.actions import companies as actions
from companies.models import Company
from tests.factories import CompanyFactory, ProjectFactory, cvr

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db):
    return CompanyFactory()


def test_a_company_is_known_by_its_cvr_number(db) -> None:
    first = actions.save_company(cvr(1), name="Bageren", ordinary_employees=12)
    assert actions.save_company(cvr(1), name="Bageren ApS") == first
    first.refresh_from_db()
    assert (first.name, first.ordinary_employees, first.version) == ("Bageren ApS", 12, 2)
    actions.save_company(cvr(1), name="Bageren ApS", ordinary_employees=None, version=2)
    first.refresh_from_db()
    assert first.ordinary_employees is None


def test_a_contact_is_added_once_per_form_and_corrected(company) -> None:
    token, project = uuid.uuid4(), ProjectFactory()
    contact = actions.save_contact(company, {"name": "Kontakt Et"}, project=project, submission=token)
    again = actions.save_contact(company, {"name": "Kontakt Et"}, project=project, submission=token)
    assert again == contact
    actions.save_contact(company, {"name": "Kontakt To"}, contact, project=project)
    contact.refresh_from_db()
    assert (contact.name, contact.version) == ("Kontakt To", 2)


@pytest.mark.parametrize("number", ["1234567", "1234567x", "123456789", ""])
def test_the_database_keeps_cvr_numbers_of_eight_digits(number) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Company.objects.create(cvr=number, name="x")
