"""Companies are found by every key, in the list and in the forms that ask for one."""

import datetime

import pytest
from django.urls import reverse

from companies import search
from companies.distances import TownDistances
from companies.models import Company, Match
from tests.companies.factories import CompanyNoteFactory, JobOpeningFactory, WorkplaceFactory
from tests.factories import CompanyFactory, cvr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def bakery(db):
    """A company of Skanderborg with a workplace in Aarhus."""
    company = CompanyFactory(
        cvr=cvr(900_007),
        name="Brødhuset Ågesen ApS",
        postal_code="8660",
        town="Skanderborg",
        sector_code="107110",
        sector="Fremstilling af friske bageriprodukter",
    )
    WorkplaceFactory(company=company, p_number="1020304050", postal_code="8000", town="Aarhus C")
    CompanyFactory(name="Lageret A/S", postal_code="9990", town="Skagen")
    return company


def found_by(typed: str) -> list[Company]:
    return search.choices_for(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "brødhuset",
        "BRODHUSET",
        "agesen brød",
        cvr(900_007),
        f"{cvr(900_007)[:2]} {cvr(900_007)[2:]}",
        "10 2030 4050",
        "bageri",
        "107110",
        "8660",
        "skanderborg",
        "8000",
        "aarhus brød",
    ],
)
def test_a_company_is_found_by_each_key(bakery, typed) -> None:
    assert found_by(typed) == [bakery]


@pytest.mark.parametrize("typed", ["", "  ", "brødhuset lageret", "0304050"])
def test_what_fits_no_company_finds_none(bakery, typed) -> None:
    assert found_by(typed) == []


def test_the_text_follows_a_workplace_that_moves(bakery) -> None:
    workplace = bakery.workplaces.get()
    workplace.town, workplace.postal_code = "Odense C", "5000"
    workplace.save()
    assert found_by("odense") == [bakery]
    assert found_by("aarhus") == []
    workplace.delete()
    assert found_by("odense") == []


def test_a_place_takes_in_what_lies_near(bakery) -> None:
    everywhere = Company.objects.all()
    assert list(search.at_place(everywhere, "8660")) == [bakery]
    assert list(search.at_place(everywhere, "Risskov")) == []
    assert list(search.at_place(everywhere, "Risskov", 10)) == [bakery]
    assert list(search.at_place(everywhere, "Vejle", 10)) == []


def test_distances_are_those_of_the_map(db) -> None:
    codes = set(TownDistances().codes_near("8000", 40) or ())
    assert {"8000", "8660", "8900", "8300"} <= codes  # Aarhus C, Skanderborg, Randers C, Odder
    assert not {"9000", "5000", "7100", "8700"} & codes  # Aalborg, Odense C, Vejle, Horsens


def test_a_postal_code_may_be_cut_short(bakery) -> None:
    everywhere = Company.objects.all()
    assert list(search.at_place(everywhere, "80")) == [bakery]
    assert not search.at_place(everywhere, "81").exists()
    assert not search.at_place(everywhere, "80001").exists()


def test_the_place_follows_a_workplace_that_moves_or_closes(bakery) -> None:
    everywhere = Company.objects.all()
    workplace = bakery.workplaces.get()
    workplace.postal_code = "5000"
    workplace.save()
    assert not search.at_place(everywhere, "8000").exists()
    assert list(search.at_place(everywhere, "5000")) == [bakery]
    workplace.is_closed = True
    workplace.save()
    assert not search.at_place(everywhere, "5000").exists()


def test_the_list_is_narrowed_by_place_and_sector(as_user, holder, bakery) -> None:
    client = as_user(holder)
    for query in ({"place": "8260", "distance": "20"}, {"sector": "bageri"}, {"sector": "1071"}):
        page = client.get(reverse("companies:companies"), query).content.decode()
        assert "Brødhuset" in page
        assert "Lageret" not in page


def test_the_list_counts_no_more_than_its_first_rows(
    as_user, holder, monkeypatch, django_assert_max_num_queries
) -> None:
    from companies.tables import CompanyTable

    monkeypatch.setattr(CompanyTable, "counts_up_to", 40)
    for number in range(60):
        CompanyFactory(name=f"Firma {number:02d}")
    client = as_user(holder)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("companies:companies")).content.decode()
    assert "De første 40 rækker af flere" in page


def test_what_another_project_writes_finds_no_company(bakery) -> None:
    CompanyNoteFactory(company=bakery, text="Hundeglad")
    JobOpeningFactory(company=bakery, job_function="Hundelufter")
    assert found_by("hunde") == []


def form_of(client, course, **data):
    return client.post(reverse("companies:new_match", args=[course.public_id]), data)


def test_words_in_a_form_bring_the_companies_to_choose_and_keep_what_was_typed(
    as_user, holder, course, bakery
) -> None:
    page = form_of(as_user(holder), course, cvr="brødhuset", why="God stemning", matched_on="")
    text = page.content.decode()
    assert f'value="{bakery.cvr}"' in text
    assert "God stemning" in text
    assert "Vælg virksomheden" in text


def test_the_search_button_saves_nothing_and_complains_of_nothing(as_user, holder, course, bakery) -> None:
    data = {"cvr": bakery.cvr, "matched_on": "2016-05-18", "search_company": "1"}
    page = form_of(as_user(holder), course, **data).content.decode()
    assert f'value="{bakery.cvr}"' in page
    assert "form-error" not in page
    assert not Match.objects.exists()


def test_the_chosen_company_is_the_one_of_the_match(as_user, holder, course, bakery) -> None:
    data = {"cvr": "brødhuset", "cvr_chosen": bakery.cvr, "matched_on": "2016-05-18"}
    assert form_of(as_user(holder), course, **data).status_code == 302
    assert Match.objects.get().company == bakery


def test_a_new_company_is_registered_within_the_form(as_user, holder, course) -> None:
    data = {"cvr": cvr(900_009), "company_name": "Nyt Firma", "matched_on": "2016-05-18"}
    assert form_of(as_user(holder), course, **data).status_code == 302
    assert Match.objects.get().company.name == "Nyt Firma"


def test_a_placement_asks_for_the_workplace_and_takes_the_one_chosen(as_user, holder, course, bakery) -> None:
    client = as_user(holder)
    url = reverse("companies:new_placement", args=[course.public_id])
    data = {
        "kind": "sniffing",
        "cvr": bakery.cvr,
        "workplace": "",
        "starts_on": "2016-05-23",
        "planned_end_on": "2016-05-27",
    }
    page = client.post(url, data)
    workplace = bakery.workplaces.get()
    assert page.status_code == 200
    assert str(workplace.public_id) in page.content.decode()
    assert client.post(url, {**data, "workplace": str(workplace.public_id)}).status_code == 302
    placement = course.placements.get()
    assert (placement.workplace, placement.p_number) == (workplace, "1020304050")
    assert placement.starts_on == datetime.date(2016, 5, 23)


def test_a_new_p_number_becomes_a_workplace_of_the_company(as_user, holder, course, bakery) -> None:
    url = reverse("companies:new_placement", args=[course.public_id])
    data = {
        "kind": "sniffing",
        "cvr": bakery.cvr,
        "p_number": "1999999999",
        "starts_on": "2016-05-23",
        "planned_end_on": "2016-05-27",
    }
    assert as_user(holder).post(url, data).status_code == 302
    assert course.placements.get().workplace.company == bakery
    assert bakery.workplaces.count() == 2


def test_companies_are_found_while_one_types(as_user, holder, bakery) -> None:
    page = as_user(holder).get(reverse("companies:find"), {"cvr": "brød"}).content.decode()
    assert bakery.cvr in page
    assert "Lageret" not in page
