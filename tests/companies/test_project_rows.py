"""What a project keeps of a company: no other project sees, counts or changes it (D39)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from companies.actions import companies as company_actions
from companies.actions import project_rows as actions
from companies.models import CompanyAcquaintance, CompanyCall, CompanyNote, JobOpening, Workplace
from tests.companies.factories import (
    CompanyCallFactory,
    CompanyNoteFactory,
    JobOpeningFactory,
    WorkplaceFactory,
)
from tests.factories import CompanyContactFactory, CompanyFactory, PlacementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name: str, *args: object) -> str:
    return reverse(f"companies:{name}", args=args)


def page_of(client, company) -> str:
    return client.get(url("company", company.cvr)).content.decode()


def test_a_company_shows_what_the_own_project_keeps_and_nothing_of_another(
    as_user, holder, stranger, project, company, django_assert_max_num_queries
) -> None:
    CompanyNoteFactory(company=company, project=project, text="Egen seddel")
    CompanyCallFactory(company=company, project=project, summary="Egen samtale", next_step="Egen plan")
    JobOpeningFactory(company=company, project=project, job_function="Egen plads")
    WorkplaceFactory(company=company, name="Fælles værksted")
    actions.know_company(company, "Egen nabo", project=project, by=holder)
    client = as_user(holder)
    with django_assert_max_num_queries(20):
        own_page = page_of(client, company)
    foreign_page = page_of(as_user(stranger), company)
    for words in ("Egen seddel", "Egen samtale", "Egen plads", "Egen nabo", "Karla Kontakt"):
        assert words in own_page
        assert words not in foreign_page
    assert "Fælles værksted" in foreign_page
    assert "udløbet" not in foreign_page


def test_a_contact_of_no_project_is_shown_to_all_and_changed_by_none(as_user, holder, company) -> None:
    shared = CompanyContactFactory(company=company, project=None, name="Gammel Kontakt")
    client = as_user(holder)
    assert "Gammel Kontakt" in page_of(client, company)
    assert client.get(url("correct_contact", shared.public_id)).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "model"),
    [
        ("new_note", {"text": "Ring om formiddagen"}, CompanyNote),
        (
            "new_call",
            {"called_on": "2016-05-18", "channel": "phone", "summary": "De vil gerne"},
            CompanyCall,
        ),
        ("new_opening", {"job_function": "Køkken", "places": "2", "hours": "12,5"}, JobOpening),
    ],
)
def test_a_form_sent_twice_makes_one_row_of_the_project(
    as_user, holder, project, company, name, data, model
) -> None:
    data = {**data, "submission": str(uuid.uuid4()), "version": "1"}
    client = as_user(holder)
    for _twice in range(2):
        assert client.post(url(name, company.cvr), data).status_code == 302
    assert model.objects.get().project == project


def test_a_cpr_number_in_a_note_is_refused(as_user, holder, company) -> None:
    data = {"text": "Det er 010170-1234", "submission": str(uuid.uuid4()), "version": "1"}
    assert as_user(holder).post(url("new_note", company.cvr), data).status_code == 200
    assert not CompanyNote.objects.exists()


def test_a_note_is_corrected_by_its_project_only(as_user, holder, stranger, project, company) -> None:
    note = CompanyNoteFactory(company=company, project=project)
    address = url("correct_note", note.public_id)
    assert as_user(stranger).post(address, {"text": "Fremmed", "version": "1"}).status_code == 404
    client = as_user(holder)
    reason = {"correction_reason": "Skrevet forkert"}
    assert client.post(address, {"text": "Rettet", "version": "1"}).status_code == 200
    assert client.post(address, {"text": "Rettet", "version": "1", **reason}).status_code == 302
    assert client.post(address, {"text": "Igen", "version": "1", **reason}).status_code == 409
    note.refresh_from_db()
    assert note.text == "Rettet"


def test_a_call_may_not_lie_ahead_and_a_day_needs_its_step(as_user, holder, company) -> None:
    client = as_user(holder)
    data = {
        "called_on": "2016-05-18",
        "channel": "phone",
        "summary": "x",
        "next_on": "2016-05-25",
        "version": "1",
    }
    assert client.post(url("new_call", company.cvr), data).status_code == 200
    assert not CompanyCall.objects.exists()
    assert client.post(url("new_call", company.cvr), {**data, "next_step": "Ring"}).status_code == 302


def test_an_opening_is_past_after_its_last_day(project, company) -> None:
    day = datetime.date(2016, 5, 18)
    JobOpeningFactory(company=company, project=project, until_on=day)
    JobOpeningFactory(company=company, project=project, until_on=day - datetime.timedelta(days=1))
    closed = WorkplaceFactory(company=company, is_closed=True)
    JobOpeningFactory(company=company, project=project, workplace=closed)
    openings = JobOpening.objects.of_projects([project.pk]).open_on(day)
    assert [opening.until_on for opening in openings] == [day]


def test_an_opening_without_a_workplace_can_be_filled(project, company) -> None:
    opening = JobOpeningFactory(company=company, project=project)
    assert list(JobOpening.objects.all().open_on(datetime.date(2016, 5, 18))) == [opening]


def test_who_knows_a_company_may_take_it_back(as_user, holder, company) -> None:
    client = as_user(holder)
    for how in ("Nabo", "Tidligere kollega"):
        assert client.post(url("know_company", company.cvr), {"how": how}).status_code == 302
    assert CompanyAcquaintance.objects.get().how == "Tidligere kollega"
    client.post(url("forget_company", company.cvr))
    assert not CompanyAcquaintance.objects.exists()


def test_a_p_number_stands_under_one_company(company) -> None:
    company_actions.save_workplace(company, {"p_number": "1000000009"})
    for other in (company, CompanyFactory()):
        with pytest.raises(ValidationError):
            company_actions.save_workplace(other, {"p_number": "1000000009"})
    assert Workplace.objects.count() == 1


def test_how_a_placement_went_stands_on_the_company_page(as_user, holder, course, company) -> None:
    first = datetime.date(2016, 4, 11)
    PlacementFactory(
        course=course,
        company=company,
        kind="sniffing",
        starts_on=first,
        planned_end_on=first + datetime.timedelta(days=4),
        ended_on=first + datetime.timedelta(days=1),
    )
    assert "Stoppet før tid" in page_of(as_user(holder), company)


def test_a_workplace_is_added_and_closed(as_user, holder, company) -> None:
    client = as_user(holder)
    data = {"name": "Butikken", "p_number": "1000000009", "submission": str(uuid.uuid4()), "version": "1"}
    assert client.post(url("new_workplace", company.cvr), data).status_code == 302
    workplace = company.workplaces.get()
    change = {"name": "Butikken", "p_number": "1000000009", "is_closed": "on", "version": "1"}
    assert client.post(url("correct_workplace", workplace.public_id), change).status_code == 302
    workplace.refresh_from_db()
    assert workplace.is_closed
