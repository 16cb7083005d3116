"""Edit pages of a course: functions, goals, profile, needs, efforts, end."""

import datetime
import uuid

import pytest
from django.urls import reverse

from audit.models import AccessOutcome, AccessRecord
from cases import actions
from cases.models import Accommodation, FunctionHolding, ParallelEffort, ProfileSubject, UncoveredNeed
from tests.factories import DRAWN_ON, CourseFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)
FORMS = [
    "goals",
    "end",
    "new_need",
    "new_effort",
    "new_accommodation",
    "new_contact",
    "book_meeting",
]


def row_url(name, row, **arguments):
    return reverse(f"cases:{name}", kwargs={"public_id": row.public_id, **arguments})


@pytest.mark.parametrize("name", FORMS)
def test_a_form_opens_for_those_who_work_on_the_course_and_is_recorded(as_user, holder, course, name):
    assert as_user(holder).get(row_url(name, course)).status_code == 200
    assert AccessRecord.objects.get(outcome=AccessOutcome.SHOWN).citizens == [course.citizen.public_id]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("who", ["stranger", "colleague"])
def test_a_form_of_a_foreign_course_is_not_found(as_user, request, course, name, who):
    client = as_user(request.getfixturevalue(who))
    assert client.get(row_url(name, course)).status_code == 404
    assert client.post(row_url(name, course), {}).status_code == 404
    assert AccessRecord.objects.filter(outcome=AccessOutcome.REFUSED).count() == 2


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_says_what_is_missing(as_user, holder, course, name):
    page = as_user(holder).post(row_url(name, course), {}).content.decode()
    assert "data-error-summary" in page


def test_the_leader_fills_a_function_and_only_with_who_may_hold_it(as_user, leader, project, stranger):
    course = CourseFactory(project_for=project)
    mentor = UserFactory(name="Maja Mentor", project=project, roles=["mentor"])
    UserFactory(name="Jon Job", project=project, roles=["job_consultant"])
    client = as_user(leader)
    page = client.get(row_url("assign", course, function="mentor")).content.decode()
    assert "Maja Mentor" in page
    assert "Jon Job" not in page
    assert "Finn Fremmed" not in page
    data = {"user": mentor.pk, "from_on": str(DRAWN_ON)}
    for _ in range(2):
        assert client.post(row_url("assign", course, function="mentor"), data).status_code == 302
    assert FunctionHolding.objects.get().user == mentor
    outside = {"user": stranger.pk, "from_on": str(DRAWN_ON)}
    assert client.post(row_url("assign", course, function="mentor"), outside).status_code == 200
    assert client.get(row_url("assign", course, function="janitor")).status_code == 404


def test_a_function_is_taken_over_and_the_history_is_shown(
    as_user, leader, holder, course, project, wednesday
):
    new = UserFactory(name="Nina Ny", project=project, roles=["mentor"])
    data = {"user": new.pk, "from_on": str(wednesday)}
    as_user(leader).post(row_url("assign", course, function="mentor"), data)
    page = as_user(leader).get(row_url("course", course)).content.decode()
    assert "Nina Ny" in page
    assert "Historik" in page


def test_job_goals_need_a_reason_from_the_second_version_on(as_user, holder, course):
    client = as_user(holder)
    first = {"functions": "Pakke varer", "set_on": "2016-05-01", "version": 0, "submission": uuid.uuid4()}
    assert client.post(row_url("goals", course), first).status_code == 302
    second = {"functions": "Køre truck", "set_on": "2016-05-10", "version": 1, "submission": uuid.uuid4()}
    assert "id_reason_error" in client.post(row_url("goals", course), second).content.decode()
    assert client.post(row_url("goals", course), {**second, "reason": "Fik prøvet det"}).status_code == 302
    assert list(course.job_goals.values_list("number", "reason")) == [(2, "Fik prøvet det"), (1, "")]


def test_a_stale_profile_shows_both(as_user, holder, course):
    client = as_user(holder)
    actions.write_profile_text(course, ProfileSubject.WISHES, "Vil være gartner", by=holder, today=DRAWN_ON)
    url = row_url("profile_text", course, subject="wishes")
    response = client.post(url, {"text": "Kan lide planter", "version": "0"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Vil være gartner" in page
    assert "Kan lide planter" in page
    assert course.profile_texts.get().text == "Vil være gartner"


def test_a_stale_last_day_of_an_effort_shows_both(as_user, holder, course):
    effort = actions.record_effort(
        course, kind="health", description="Fysioterapi", coordinator="Egen læge", starts_on=DRAWN_ON
    )
    actions.end_effort(effort, ends_on=datetime.date(2016, 5, 11), version=1)
    data = {"ends_on": "2016-05-20", "version": 1}
    response = as_user(holder).post(row_url("end_effort", effort), data)
    assert response.status_code == 409
    assert [(row.theirs, row.mine) for row in response.context["differences"]] == [
        ("11. maj 2016", "20. maj 2016")
    ]
    effort.refresh_from_db()
    assert effort.ends_on == datetime.date(2016, 5, 11)
    assert as_user(holder).post(row_url("end_effort", effort), {**data, "version": 2}).status_code == 302


def test_a_stale_last_day_of_an_accommodation_shows_both(as_user, holder, course):
    accommodation = actions.record_accommodation(course, description="Pauser", from_on=DRAWN_ON)
    actions.end_accommodation(accommodation, until_on=datetime.date(2016, 5, 12), version=1)
    data = {"until_on": "2016-05-20", "version": 1}
    response = as_user(holder).post(row_url("end_accommodation", accommodation), data)
    assert response.status_code == 409
    assert [(row.theirs, row.mine) for row in response.context["differences"]] == [
        ("12. maj 2016", "20. maj 2016")
    ]
    accommodation.refresh_from_db()
    assert accommodation.until_on == datetime.date(2016, 5, 12)


def test_stale_job_goals_show_both(as_user, holder, course):
    client = as_user(holder)
    opened = client.get(row_url("goals", course)).context["form"]["version"].value()
    actions.add_job_goal_version(course, functions="Pakke varer", set_on=DRAWN_ON, by=holder)
    data = {"functions": "Køre truck", "reason": "Ny", "set_on": "2016-05-10", "version": opened}
    response = client.post(row_url("goals", course), data)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Pakke varer" in page
    assert "Køre truck" in page
    assert course.job_goals.count() == 1
    again = response.context["form"]["version"].value()
    assert client.post(row_url("goals", course), {**data, "version": again}).status_code == 302
    assert list(course.job_goals.values_list("functions", flat=True)) == ["Køre truck", "Pakke varer"]


def test_a_course_ends_with_a_reason(as_user, holder, course):
    client = as_user(holder)
    data = {"ended_on": "2016-05-18", "reason": "employment", "outcome": "Fast job på lageret"}
    for _ in range(2):
        assert client.post(row_url("end", course), data).status_code == 302
    course.refresh_from_db()
    assert (course.ended_on, course.end_reason) == (datetime.date(2016, 5, 18), "employment")
    page = client.get(row_url("course_history", course)).content.decode()
    assert "Fast job på lageret" in page
    assert row_url("end", course) not in page


def test_needs_efforts_and_accommodations_from_noted_to_over(as_user, holder, course):
    client = as_user(holder)
    client.post(row_url("new_need", course), {"description": "Mangler bolig", "noted_on": "2016-05-02"})
    client.post(
        row_url("new_effort", course),
        {
            "kind": "health",
            "description": "Fysioterapi",
            "coordinator": "Egen læge",
            "starts_on": "2016-05-02",
        },
    )
    client.post(row_url("new_accommodation", course), {"description": "Pauser", "from_on": "2016-05-02"})
    page = client.get(row_url("course_support", course)).content.decode()
    for words in ("Mangler bolig", "Fysioterapi", "Egen læge", "Pauser"):
        assert words in page
    need, effort, accommodation = (
        UncoveredNeed.objects.get(),
        ParallelEffort.objects.get(),
        Accommodation.objects.get(),
    )
    client.post(row_url("cover_need", need), {"covered_on": "2016-05-10", "covered_how": "Flyttet"})
    client.post(row_url("end_effort", effort), {"ends_on": "2016-05-11", "version": 1})
    client.post(row_url("end_accommodation", accommodation), {"until_on": "2016-05-12", "version": 1})
    for row in (need, effort, accommodation):
        row.refresh_from_db()
    assert (need.covered_how, str(effort.ends_on), str(accommodation.until_on)) == (
        "Flyttet",
        "2016-05-11",
        "2016-05-12",
    )
    early = client.post(row_url("end_effort", effort), {"ends_on": "2016-05-01", "version": 2})
    assert "id_ends_on_error" in early.content.decode()


def test_in_a_real_system_nothing_has_happened_tomorrow(as_user, holder, course, settings):
    settings.JOBFIRST_MODE = "real"
    client = as_user(holder)
    data = {"held_on": "2016-05-19", "channel": "phone", "citizen_present": "on"}
    assert "Dagen ligger i fremtiden." in client.post(row_url("new_contact", course), data).content.decode()
