"""Finding a citizen by number, and opening a colleague's course with a reason."""

import datetime

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases import actions
from cases.models import ColleagueOpening
from tests.cases.course_records import course_url, refused_records, shown_records
from tests.factories import (
    ReferralFactory,
    cpr,
    shows_cpr,
)
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


def test_the_search_is_posted_and_the_number_is_nowhere_but_in_the_form(as_user, holder, course, caplog):
    number = course.citizen.cpr
    response = as_user(holder).post(reverse("cases:find"), {"cpr": f"{number[:6]}-{number[6:]}"})
    assert response.status_code == 302
    assert response.url == course_url(course)
    assert number not in response.url
    assert not any(number in str(vars(record)) for record in some(AccessRecord.objects.all()))
    assert number not in caplog.text
    assert shown_records("course.find").get().citizens == [course.citizen.public_id]


def test_a_colleague_is_asked_why(as_user, colleague, course):
    client = as_user(colleague)
    assert client.get(course_url(course)).status_code == 404
    search_response = client.post(reverse("cases:find"), {"cpr": course.citizen.cpr})
    assert search_response.url == course_url(course, "cases:open")
    form_page = client.get(search_response.url).content.decode()
    assert "Ågesen" not in form_page
    assert client.post(search_response.url, {"reason": " "}).status_code == 200
    assert not ColleagueOpening.objects.exists()
    response = client.post(search_response.url, {"reason": "Vikar for Mette i uge 20"})
    assert response.url == course_url(course)
    assert client.post(search_response.url, {"reason": "Vikar for Mette i uge 20"}).url == course_url(course)
    assert ColleagueOpening.objects.count() == 1
    assert shown_records("course.open").first().reason == "Vikar for Mette i uge 20"
    course_page = client.get(course_url(course)).content.decode()
    assert "Ågesen" in course_page
    assert not shows_cpr(course_page, course.citizen.cpr)


def test_the_leader_sees_who_opened_the_course_and_why(as_user, leader, colleague, course):
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    page = as_user(leader).get(course_url(course, "cases:course_history")).content.decode()
    assert "Kim Kollega" in page
    assert "Vikar i uge 20" in page


@pytest.mark.parametrize("whose", ["foreign", "control", "unknown"])
def test_no_answer_tells_a_foreign_citizen_from_nobody(as_user, holder, stranger, course, project, whose):
    nobody = cpr(3999, datetime.date(1950, 1, 1))
    number = {
        "foreign": course.citizen.cpr,
        "control": ReferralFactory(project=project).citizen.cpr,
        "unknown": nobody,
    }[whose]
    client = as_user(stranger if whose == "foreign" else holder)
    response = client.post(reverse("cases:find"), {"cpr": number})
    assert response.status_code == 200
    page = response.content.decode()
    assert "Der er ikke noget forløb med det nummer" in page
    assert number not in page
    assert refused_records("course.find").count() == 1


@pytest.mark.parametrize("typed", ["", "12345", "310270-1234", "abcdefghij", "9" * 300])
def test_a_number_that_is_none_is_said_kindly(as_user, holder, typed):
    response = as_user(holder).post(reverse("cases:find"), {"cpr": typed})
    assert response.status_code == 200
    assert "id_cpr_error" in response.content.decode()


def test_opening_a_foreign_or_missing_course_is_not_found(as_user, stranger, course):
    client = as_user(stranger)
    foreign = client.get(course_url(course, "cases:open"))
    missing = client.get(reverse("cases:open", args=["00000000-0000-4000-8000-000000000000"]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert refused_records("course.open").count() == 2
