"""A new company within another form: the register names it, and its silence blocks nothing."""

import pytest
from django.urls import reverse

from companies.models import Company, Match
from tests.factories import cvr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

CVR = cvr(7)


@pytest.fixture
def client(as_user, holder):
    return as_user(holder)


@pytest.fixture
def record_match(client, course):
    """Send the form of a match at the company, with these values beside its number and day."""

    def sent(**values):
        data = {"cvr": CVR, "matched_on": "2016-05-18", **values}
        return client.post(reverse("companies:new_match", args=[course.public_id]), data)

    return sent


def test_the_register_names_a_company_whose_name_is_left_empty(record_match, register):
    assert record_match().status_code == 302
    company = Match.objects.get().company
    assert (company.name, company.town) == ("Bageren & Søn ApS", "Odense C")


def test_a_name_that_was_typed_stays(record_match, register):
    assert record_match(company_name="Bageren").status_code == 302
    assert Company.objects.get().name == "Bageren"


@pytest.mark.parametrize("status", [404, 500])
def test_without_an_answer_the_name_is_asked_for_and_typed(record_match, register, status):
    register.status = status
    assert "Skriv også dens navn." in record_match().content.decode()
    assert not Company.objects.exists()
    assert record_match(company_name="Bageren").status_code == 302


def test_the_search_button_shows_what_the_register_knows_and_saves_nothing(record_match, register):
    page = record_match(search_company="1").content.decode()
    assert "Den findes i CVR: Bageren &amp; Søn ApS." in page
    assert not Company.objects.exists()


def test_typing_a_number_shows_what_the_register_knows(client, register):
    page = client.get(reverse("companies:find"), {"cvr": CVR}, headers={"HX-Request": "true"})
    assert "Den findes i CVR: Bageren &amp; Søn ApS." in page.content.decode()


def test_words_are_not_asked_for_in_the_register(client, register):
    client.get(reverse("companies:find"), {"cvr": "bageren"}, headers={"HX-Request": "true"})
    assert register.requests == []
