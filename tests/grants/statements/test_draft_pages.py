"""The statement's pages: who sees which project, what is recorded, how many queries it takes."""

import json

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from tests.factories import CourseFactory, PlacementFactory

ALL = reverse("grants:statement")
IN_2016 = {"year": "2016"}


def project_url(slug):
    return reverse("grants:project", args=[slug])


def pages(slug):
    return [project_url(slug), reverse("grants:project_download", args=[slug, "json"])]


@pytest.fixture
def log_in(client):
    def go(user):
        client.force_login(user)
        return client

    return go


def test_the_agency_sees_every_project_with_its_sum(trial, log_in):
    page = log_in(trial.agency).get(ALL, IN_2016).content.decode()
    assert "=Aalborg" in page
    assert "Aarhus" in page
    assert "32.000,00" in page
    assert "2.880.000,00" in page
    assert "JF-" not in page
    assert not AccessRecord.objects.exists()


def test_the_leader_sees_her_own_project(trial, log_in):
    page = log_in(trial.leader).get(ALL, IN_2016).content.decode()
    assert "=Aalborg" in page
    assert "Aarhus" not in page


def test_the_agency_opens_any_project_by_pseudonym(trial, log_in):
    page = log_in(trial.agency).get(project_url("aarhus"), IN_2016).content.decode()
    assert trial.aarhus_course.citizen.pseudonym in page
    assert trial.aarhus_course.citizen_name not in page
    assert trial.aarhus_course.citizen.cpr not in page


def test_opening_a_project_is_recorded_with_those_shown(trial, log_in):
    log_in(trial.leader).get(project_url("aalborg"), IN_2016)
    record = AccessRecord.objects.get()
    assert (record.user, record.action, record.outcome) == (trial.leader, "grants.project", "shown")
    assert set(record.citizens) == {trial.completed.citizen.public_id, trial.started.citizen.public_id}


@pytest.mark.parametrize("number", [0, 1])
def test_a_foreign_project_answers_as_one_that_does_not_exist(trial, log_in, number):
    client = log_in(trial.leader)
    foreign = client.get(pages("aarhus")[number], IN_2016)
    nowhere = client.get(pages("nowhere")[number], IN_2016)
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content
    refused = AccessRecord.objects.filter(outcome="refused").values_list("asked_for", flat=True)
    assert sorted(refused) == ["aarhus", "nowhere"]


@pytest.mark.parametrize("address", [ALL, reverse("grants:download", args=["json"]), *pages("aalborg")])
def test_a_mentor_has_no_access_to_statements(trial, log_in, address):
    assert log_in(trial.mentor).get(address, IN_2016).status_code == 403


def test_the_cut_off_bounds_what_is_shown(trial, log_in):
    client = log_in(trial.agency)
    page = client.get(project_url("aalborg"), {"year": "2016", "cut_off": "2016-07-02"}).content.decode()
    assert "Gennemført 13 uger" not in page
    page = client.get(project_url("aalborg"), {"year": "2016", "cut_off": "2016-07-03"}).content.decode()
    assert "Gennemført 13 uger" in page


@pytest.mark.parametrize(
    "query",
    [{"year": "MMXVI"}, {"year": "2016", "cut_off": "x"}, {"year": "99999"}, {"year": "1"}]
    + [{"year": "2016", "cut_off": day} for day in ("9999-12-31", "2200-01-01", "2014-12-31", "0001-01-01")],
)
def test_an_impossible_choice_is_explained_on_the_page_and_no_download(trial, log_in, query):
    client = log_in(trial.agency)
    for address in (ALL, project_url("aalborg")):
        response = client.get(address, query)
        assert response.status_code == 200
        assert "form-error" in response.content.decode()
    assert client.get(reverse("grants:download", args=["csv"]), query).status_code == 404


def test_a_cut_off_before_the_first_terms_is_explained(trial, log_in):
    query = {"year": "2016", "cut_off": "2014-01-01"}
    for address in (ALL, project_url("aalborg")):
        response = log_in(trial.agency).get(address, query)
        assert response.status_code == 200
        assert "form-error" in response.content.decode()


def test_this_years_statement_by_default(trial, log_in, time_machine):
    time_machine.move_to("2016-08-01T10:00:00+02:00")
    page = log_in(trial.agency).get(ALL).content.decode()
    assert "31. december 2016" in page
    assert "alert-info" in page  # the cut-off lies ahead


def test_htmx_gets_the_part_that_changed(trial, log_in):
    response = log_in(trial.agency).get(ALL, IN_2016, headers={"HX-Request": "true"})
    assert b"<html" not in response.content
    assert b"=Aalborg" in response.content


@pytest.mark.parametrize(
    ("file_format", "content_type"),
    [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_downloads_are_files_and_are_recorded(trial, log_in, file_format, content_type):
    client = log_in(trial.leader)
    address = reverse("grants:project_download", args=["aalborg", file_format])
    response = client.get(address, IN_2016)
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].endswith(f'"tilskudsopgoerelse-2016-aalborg.{file_format}"')
    assert response["Cache-Control"] == "private, no-store"
    asked, record = AccessRecord.objects.order_by("pk")
    assert (asked.action, asked.asked_for) == ("download", address[:80])
    assert record.action == f"grants.download.{file_format}"
    assert len(record.citizens) == 2


def test_a_leaders_download_of_all_holds_her_own_project_only(trial, log_in):
    response = log_in(trial.leader).get(reverse("grants:download", args=["json"]), IN_2016)
    assert [item["project"] for item in json.loads(response.content)["projects"]] == ["aalborg"]


@pytest.mark.parametrize("address", ["/tilskud/hent.docx", "/tilskud/hent.pdf"])
def test_a_format_nobody_offers_does_not_exist(trial, log_in, address):
    assert log_in(trial.agency).get(address, IN_2016).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_may_only_be_read(trial, log_in, method):
    assert getattr(log_in(trial.agency), method)(ALL).status_code == 405


@pytest.mark.parametrize("citizens", [0, 40])
def test_the_pages_take_few_queries(trial, log_in, django_assert_max_num_queries, citizens):
    for _ in range(citizens):
        PlacementFactory(course=CourseFactory(project_for=trial.aalborg), company=trial_company(trial))
    client = log_in(trial.agency)
    for address, queries in ((ALL, 10), (project_url("aalborg"), 14)):
        with django_assert_max_num_queries(queries):
            client.get(address, IN_2016)


def trial_company(trial):
    return trial.completed.placements.get().company


def test_events_are_listed_25_a_page(trial, log_in):
    for _ in range(30):
        PlacementFactory(course=CourseFactory(project_for=trial.aalborg), company=trial_company(trial))
    client = log_in(trial.agency)
    first = client.get(project_url("aalborg"), IN_2016).context["table"]
    last = client.get(project_url("aalborg"), {**IN_2016, "page": "3"}).context["table"]
    assert len(list(first.records)) == 25
    assert 0 < len(list(last.records)) <= 25
