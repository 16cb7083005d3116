"""Pages that are filled from the register: what is filled, what stays as typed, and failures."""

from datetime import date

import pytest
from django.urls import reverse

from companies.models import Company
from tests.companies.factories import WorkplaceFactory
from tests.factories import CompanyFactory, cvr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

CVR = cvr(7)
NEW = reverse("companies:new_company")


@pytest.fixture
def client(as_user, holder):
    return as_user(holder)


def content_of(response):
    return response.content.decode()


def page_of(company):
    return reverse("companies:register_facts", args=[company.cvr])


def test_the_register_fills_what_is_empty_and_saves_nothing(client, register):
    page = content_of(client.post(NEW, {"cvr": CVR, "name": "", "ordinary_employees": "", "fetch": "1"}))
    assert "Bageren &amp; Søn ApS" in page
    assert "Hentet fra CVR 18. maj 2016" in page
    assert not Company.objects.exists()


def test_what_was_typed_stays_and_the_difference_is_shown(client, register):
    page = content_of(client.post(NEW, {"cvr": CVR, "name": "Bageren", "fetch": "1"}))
    assert 'value="Bageren"' in page
    assert "CVR har “Bageren &amp; Søn ApS”" in page


def test_a_company_that_was_fetched_is_saved_with_its_other_facts(client, register):
    client.post(NEW, {"cvr": CVR, "name": "", "fetch": "1"})
    assert client.post(NEW, {"cvr": CVR, "name": "Bageren", "ordinary_employees": "30"}).status_code == 302
    company = Company.objects.get()
    assert (company.name, company.ordinary_employees) == ("Bageren", 30)
    assert (company.address, company.sector_code) == ("Vestergade 7, 1., 5000 Odense C", "107110")
    assert company.register_read_on == date(2016, 5, 18)


@pytest.mark.parametrize(("status", "words"), [(404, "ingen virksomhed"), (500, "svarer ikke")])
def test_a_register_that_fails_blocks_nothing(client, register, status, words):
    register.status = status
    data = {"cvr": CVR, "name": "Bageren", "ordinary_employees": "3"}
    page = content_of(client.post(NEW, {**data, "fetch": "1"}))
    assert words in page
    assert 'value="Bageren"' in page
    assert client.post(NEW, data).status_code == 302
    assert Company.objects.get().register_read_on is None


def test_a_wrong_number_is_not_asked_for(client, register):
    page = content_of(client.post(NEW, {"cvr": "12345678", "name": "", "fetch": "1"}))
    assert "otte cifre" in page
    assert register.requests == []


def test_without_a_register_there_is_no_button(client, settings):
    settings.JOBFIRST_COMPANY_REGISTER_URL = ""
    company = CompanyFactory(cvr=CVR)
    for url in (NEW, reverse("companies:company", args=[company.cvr])):
        assert "Hent fra CVR" not in content_of(client.get(url))
    assert client.post(page_of(company), {"fetch": "1"}).status_code == 302


def test_only_what_is_ticked_is_taken_over(client, register, django_assert_max_num_queries):
    company = CompanyFactory(cvr=CVR, name="Bageren", ordinary_employees=12)
    assert "Hent fra CVR" in content_of(client.get(reverse("companies:company", args=[CVR])))
    client.post(page_of(company), {"fetch": "1"})
    with django_assert_max_num_queries(11):
        page = content_of(client.get(page_of(company)))
    assert "Bageren &amp; Søn ApS" in page
    assert "1003257425" in page
    assert "1003257424" not in page, "closed"
    data = {"names": ["street", "town"], "p_numbers": ["1003257425"], "version": "1"}
    assert client.post(page_of(company), data).status_code == 302
    company.refresh_from_db()
    assert (company.name, company.street, company.postal_code) == ("Bageren", "Vestergade 7, 1.", "")
    assert company.workplaces.get().name == "Bageren, Havnen"
    assert company.register_read_on == date(2016, 5, 18)


def test_a_correction_made_meanwhile_is_not_overwritten(client, register):
    company = CompanyFactory(cvr=CVR, name="Bageren")
    client.post(page_of(company), {"fetch": "1"})
    Company.objects.update(name="Bager Jensen", version=2)
    assert client.post(page_of(company), {"names": ["name"], "version": "1"}).status_code == 409


@pytest.fixture
def bakery():
    """The company of the register with both of its workplaces, one of which the register has closed."""
    company = CompanyFactory(cvr=CVR, name="Bageren")
    WorkplaceFactory(company=company, p_number="1003257424", name="Gammel")
    WorkplaceFactory(company=company, p_number="1003257425", name="Havnen", street="", ordinary_employees=3)
    return company


def test_workplaces_are_corrected_and_closed_where_it_is_ticked(client, register, bakery):
    client.post(page_of(bakery), {"fetch": "1"})
    page = content_of(client.get(page_of(bakery)))
    assert "Luk Gammel (P 1003257424)" in page
    keys = {
        "close": "1003257424:is_closed:False:True",
        "street": "1003257425:street::Havnegade 3",
        "employees": "1003257425:ordinary_employees:3:12",
    }
    for key in keys.values():
        assert f'value="{key}"' in page
    data = {"corrections": [keys["close"], keys["street"]], "version": "1"}
    assert client.post(page_of(bakery), data).status_code == 302
    closed, corrected = bakery.workplaces.order_by("p_number")
    assert (closed.is_closed, closed.name) == (True, "Gammel")
    assert (corrected.street, corrected.name, corrected.ordinary_employees) == ("Havnegade 3", "Havnen", 3)


def test_a_workplace_corrected_meanwhile_is_not_overwritten(client, register, bakery):
    client.post(page_of(bakery), {"fetch": "1"})
    bakery.workplaces.filter(p_number="1003257425").update(street="Torvet 9")
    data = {"corrections": ["1003257425:street::Havnegade 3"], "version": "1"}
    assert client.post(page_of(bakery), data).status_code == 200
    assert bakery.workplaces.get(p_number="1003257425").street == "Torvet 9"
