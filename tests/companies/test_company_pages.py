"""Pages of companies and their contact persons."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.models import AccessRecord
from companies.forms.companies import NewCompanyForm, valid_cvr
from companies.models import Company, CompanyContact
from jobfirst.values.dates import DAY
from tests.companies.factories import WorkplaceFactory
from tests.factories import DRAWN_ON, CompanyFactory, PlacementFactory, cvr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def test_companies_are_found_by_name_and_number(
    as_user, holder, company, django_assert_max_num_queries
) -> None:
    for number in range(40):
        CompanyFactory(name=f"Anden {number}")
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        assert "41" in content_of(client.get(url("companies")))
    for words in ("bager", company.cvr):
        page = content_of(client.get(url("companies"), {"q": words}))
        assert "Bageren &amp; Co. ApS" in page
        assert "Anden 1" not in page


def test_a_company_shows_own_citizens_only(as_user, holder, course, company, internship) -> None:
    PlacementFactory(company=company, course__referral__name="Testborger Fremmed")
    page = content_of(as_user(holder).get(url("company", company.cvr)))
    assert "Testborger Ågesen" in page
    assert "Fremmed" not in page
    assert "Karla Kontakt" in page
    assert AccessRecord.objects.get(action="company").citizens == [course.citizen.public_id]


def test_what_is_over_at_a_company_is_folded(as_user, holder, course, company, internship) -> None:
    last_day = internship.starts_on - DAY
    PlacementFactory(
        course=course, company=company, kind="sniffing", starts_on=last_day, planned_end_on=last_day
    )
    response = as_user(holder).get(url("company", company.cvr))
    assert [row.kind for row in response.context["placements"]] == ["internship"]
    assert [row.kind for row in response.context["earlier_placements"]] == ["sniffing"]
    assert "1 tidligere virksomhedsplads" in content_of(response)


def test_the_list_tells_own_citizens_where_there_are_any(as_user, holder, company, internship) -> None:
    CompanyFactory(name="Zebra")
    PlacementFactory(company=company, course__project=internship.course.project)  # a colleague's citizen
    rows = as_user(holder).get(url("companies")).context["table"].records
    assert [row.own_running for row in rows] == [1, None]


def test_a_company_is_registered_and_corrected(as_user, holder) -> None:
    client = as_user(holder)
    data = {"cvr": cvr(9), "name": "Lageret", "ordinary_employees": ""}
    assert client.post(url("new_company"), data).status_code == 302
    assert "allerede registreret" in content_of(client.post(url("new_company"), data))
    company = Company.objects.get()
    change = {"name": "Lageret A/S", "ordinary_employees": "60", "version": "1"}
    assert client.post(url("correct_company", company.cvr), change).status_code == 302
    assert client.post(url("correct_company", company.cvr), {**change, "name": "x"}).status_code == 409
    company.refresh_from_db()
    assert (company.name, company.ordinary_employees) == ("Lageret A/S", 60)
    assert "11" in content_of(client.get(url("company", company.cvr)))


@pytest.mark.parametrize("number", ["DK10150817", "10 15 08 17", "1015-0817", "        ", "10150818"])
def test_what_is_no_cvr_number_registers_nothing(number) -> None:
    """The check digits of the first three are right; the library that checks them would forgive the rest."""
    with pytest.raises(ValidationError):
        valid_cvr(number)
    form = NewCompanyForm({"cvr": number, "name": "Lageret"})
    assert "cvr" in form.errors


def test_contact_persons_are_added_and_corrected(as_user, holder, company) -> None:
    client = as_user(holder)
    data = {"name": "Ny", "phone": "1", "submission": str(uuid.uuid4()), "version": "1"}
    for _twice in range(2):
        assert client.post(url("new_contact", company.cvr), data).status_code == 302
    contact = CompanyContact.objects.get(name="Ny")
    response = client.post(url("correct_contact", contact.public_id), {"name": "Nyt navn", "version": "1"})
    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.name, contact.phone) == ("Nyt navn", "")


def test_a_company_that_is_not_there_is_not_found(as_user, holder) -> None:
    assert as_user(holder).get(url("company", cvr(3))).status_code == 404
    assert as_user(holder).get(url("company", "x")).status_code == 404


class TestTheReasonablenessRequirement:
    def test_each_workplace_has_its_count_with_the_arithmetic(self, as_user, holder, company) -> None:
        north = WorkplaceFactory(company=company, name="Nord", ordinary_employees=62)
        WorkplaceFactory(company=company, name="Syd", ordinary_employees=4)
        for workplace in (north, None):
            PlacementFactory(company=company, workplace=workplace, starts_on=DRAWN_ON)
        page = content_of(as_user(holder).get(url("company", company.cvr)))
        places = page[page.index('id="h-places"') :]
        assert "De første 50 giver 1 plads for hver 5 (10)" in places
        assert "4 ordinært ansatte: Der er altid mindst 1 plads" in places
        assert places.count("Ingen ledig plads") == 1
        assert places.count("kendes arbejdsstedet ikke") == 2

    def test_a_workplace_without_a_number_asks_for_it(self, as_user, holder, company) -> None:
        north, _south = WorkplaceFactory.create_batch(2, company=company, ordinary_employees=None)
        page = content_of(as_user(holder).get(url("company", company.cvr)))
        assert (
            reverse("companies:correct_workplace", args=[north.public_id]) in page.split('id="h-places"')[1]
        )

    def test_without_a_workplace_the_company_is_counted(self, as_user, holder) -> None:
        company = CompanyFactory(ordinary_employees=10)
        page = content_of(as_user(holder).get(url("company", company.cvr)))
        assert "10 ordinært ansatte, 1 plads for hver 5: 2." in page
