"""The page of a hand-over, and the leader's list of people."""

import pytest
from django.urls import reverse

from audit.models import AccessRecord
from cases.models import CourseFunction, FunctionHolding, HandoverNote
from jobfirst.values.dates import DAY
from reminders.models import Reminder
from tests.cases.handover.lines import TODAY, holder_on
from tests.factories import CourseFactory
from tests.loops import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_url(holder, wednesday):
    return reverse("cases:hand_over", args=[holder.public_id])


def key(course, function="mentor"):
    return f"to-{course.public_id}-{function}"


def test_the_page_lists_every_function_and_the_access_is_logged(as_user, leader, course, page_url):
    page = as_user(leader).get(page_url).content.decode()
    for function in some(CourseFunction):
        assert f"Testborger Ågesen, {function.label}" in page
    record = AccessRecord.objects.get(action="hand_over")
    assert record.citizens == [course.citizen.public_id]


def test_all_to_one_with_an_exception_for_a_row(
    as_user, leader, holder, next_mentor, colleague, course, project, page_url
):
    second = CourseFactory(project_for=project, holders=holder)
    data = {
        "from_on": str(TODAY),
        "to_all": str(colleague.public_id),
        key(course): str(next_mentor.public_id),
        key(second): "stays",
        "without_note_7": "on",
    }
    answer = as_user(leader).post(page_url, data)
    assert answer.status_code == 302
    assert holder_on(course, TODAY) == next_mentor
    assert holder_on(second, TODAY) == holder
    assert holder_on(second, TODAY, "course_owner") == colleague


def test_rows_without_a_note_are_named_until_confirmed(
    as_user, leader, holder, next_mentor, course, page_url
):
    client = as_user(leader)
    data = {"from_on": str(TODAY), key(course): str(next_mentor.public_id)}
    page = client.post(page_url, data).content.decode()
    assert "Overdragelsesnotatet mangler: Testborger Ågesen, Mentor" in page
    assert "Ja, 1 funktion overdrages uden notat" in page
    assert holder_on(course, TODAY) == holder
    with_note = {**data, f"next_step-{key(course)}": "Ring mandag"}
    assert client.post(page_url, with_note).status_code == 302
    assert HandoverNote.objects.get().next_step == "Ring mandag"


def test_an_error_stands_beside_its_row_and_nothing_is_lost(
    as_user, leader, holder, next_mentor, course, page_url
):
    data = {
        "from_on": str(TODAY),
        "to_all": str(next_mentor.public_id),
        f"promises-{key(course)}": "Et kørekort",
        "without_note_3": "on",
    }
    page = as_user(leader).post(page_url, data).content.decode()
    assert f"id_{key(course, 'job_consultant')}_error" in page
    assert f"id_{key(course)}_error" not in page
    assert "Et kørekort" in page
    assert holder_on(course, TODAY) == holder


def test_nothing_chosen_is_refused(as_user, leader, course, page_url):
    page = as_user(leader).post(page_url, {"from_on": str(TODAY)}).content.decode()
    assert "id_to_all_error" in page


def test_only_courses_of_the_leaders_projects_stand_there(as_user, leader, holder, course, page_url):
    elsewhere = CourseFactory(holders=holder, referral__name="Fremmed Borger")
    page = as_user(leader).get(page_url).content.decode()
    assert "Testborger Ågesen" in page
    assert "Fremmed Borger" not in page
    data = {"from_on": str(TODAY), key(elsewhere): str(holder.public_id)}
    as_user(leader).post(page_url, data)
    assert holder_on(elsewhere, TODAY) == holder


def test_the_page_keeps_to_its_queries(
    as_user, leader, holder, project, page_url, django_assert_max_num_queries
):
    for _number in range(12):
        CourseFactory(project_for=project, holders=holder)
    client = as_user(leader)
    with django_assert_max_num_queries(10):
        client.get(page_url)


def test_a_vacant_function_is_given_back_by_the_leader(as_user, leader, holder, course, page_url):
    FunctionHolding.objects.filter(function="mentor").update(until_on=TODAY - DAY)
    client = as_user(leader)
    assert "1 funktion står ubesat" in client.get(page_url).content.decode()
    client.post(reverse("cases:give_back", args=[holder.public_id]))
    assert holder_on(course, TODAY) == holder
    assert Reminder.objects.get(kind="course_taken_over").recipient == holder


def test_the_leader_sees_who_holds_how_many_and_who_is_away(
    as_user, leader, holder, colleague, stranger, course, project, wednesday, django_assert_max_num_queries
):
    holder.absences.create(project=project, stand_in=colleague, first_on=TODAY, last_on=TODAY)
    client = as_user(leader)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("cases:people")).content.decode()
    assert "Mentor: 1 forløb" in page
    assert "Mentor: 0 forløb" in page
    assert "18.05.2016–18.05.2016, vikar: Kim Kollega" in page
    assert "Finn Fremmed" not in page
    assert reverse("cases:hand_over", args=[holder.public_id]) in page
