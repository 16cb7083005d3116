"""What is recorded of who saw what, and what the project leader sees of it."""

import uuid

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases.actions.courses import open_colleagues_course
from tests.factories import CourseFactory, ProjectFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return CourseFactory(holders=UserFactory(name="Mette Mentor"))


@pytest.fixture
def leader(course):
    return UserFactory(project=course.project, roles=[Role.PROJECT_LEADER], name="Lene Leder")


@pytest.fixture
def colleague(course):
    return UserFactory(project=course.project, roles=[Role.MENTOR], name="Karl Kollega")


def log_path(course):
    return reverse("cases:access_log", args=[course.public_id])


def test_the_leader_sees_who_opened_a_course_and_why(client, course, leader, colleague):
    open_colleagues_course(course, colleague, "Mette er syg i dag")
    elsewhere = CourseFactory()
    open_colleagues_course(
        elsewhere, UserFactory(project=elsewhere.project, roles=[Role.MENTOR]), "Andetsteds"
    )
    client.force_login(leader)
    page = client.get(reverse("cases:openings")).content.decode()
    assert "Karl Kollega" in page
    assert "Mette er syg i dag" in page
    assert course.citizen_name in page
    assert "Andetsteds" not in page
    record = AccessRecord.objects.get(action="openings")
    assert (record.user, record.citizens) == (leader, [course.citizen.public_id])


def test_the_log_shows_views_and_refusals(client, course, leader, colleague):
    client.force_login(colleague)
    assert client.get(log_path(course)).status_code == 404
    open_colleagues_course(course, colleague, "Mette er syg i dag")
    assert client.get(log_path(course)).status_code == 403
    client.force_login(leader)
    client.get(log_path(course))
    page = client.get(log_path(course))
    rows = [(row.user.name, row.outcome) for row in page.context["table"].records]
    assert rows == [
        ("Lene Leder", "shown"),
        ("Lene Leder", "shown"),
        ("Karl Kollega", "refused"),
        ("Karl Kollega", "refused"),
    ]
    assert "Adgang nægtet" in page.content.decode()


def test_a_refusal_names_the_citizen_only_where_there_is_one(client, course, colleague):
    client.force_login(colleague)
    nobody = uuid.uuid4()
    client.get(log_path(course))
    client.get(reverse("cases:access_log", args=[nobody]))
    existing, nonexistent = AccessRecord.objects.order_by("pk")
    assert existing.citizens == [course.citizen.public_id]
    assert nonexistent.citizens == []
    assert {existing.outcome, nonexistent.outcome} == {"refused"}
    assert nonexistent.asked_for == str(nobody)


@pytest.mark.parametrize("number", ["1705701234", "170570-1234"])
def test_a_number_typed_into_an_address_is_not_in_the_record(client, leader, number):
    client.force_login(leader)
    client.get(reverse("grants:forecast", args=[number]))
    client.get(reverse("grants:project_download", args=[number, "json"]))
    records = AccessRecord.objects.all()
    assert len(records) >= 2
    assert not [record for record in records if "1234" in record.asked_for]
    assert any("…" in record.asked_for for record in records)


def test_a_page_that_cannot_be_recorded_is_not_shown(client, course, leader, monkeypatch):
    client.force_login(leader)

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AccessRecord.objects, "create", fail)
    with pytest.raises(RuntimeError):
        client.get(log_path(course))


@pytest.mark.parametrize("name", ["cases:openings", "cases:referrals", "cases:upload_functions"])
def test_every_refused_page_is_recorded(client, name):
    user = UserFactory(project=ProjectFactory(), roles=[Role.JOB_CONSULTANT])
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 403
    record = AccessRecord.objects.get()
    assert (record.user, record.action, record.outcome) == (user, name, "refused")
    assert record.asked_for == reverse(name)


def logged_actions(client, course):
    """The name and the action of every entry of the course's log."""
    return [(row.user.name, row.action) for row in client.get(log_path(course)).context["table"].records]


def test_the_log_is_silent_about_referrals_of_other_projects(client, course, leader):
    """That another project has referred the citizen is that project's own matter (D39)."""
    elsewhere = ProjectFactory()
    stranger = UserFactory(project=elsewhere, roles=[Role.COORDINATING_CASEWORKER], name="Finn Fremmed")
    strangers_referral = ReferralFactory(
        project=elsewhere, citizen=course.citizen, state="refused", reasons=["already_referred"]
    )
    client.force_login(stranger)
    assert client.get(reverse("cases:referral", args=[strangers_referral.public_id])).status_code == 200
    assert client.get(reverse("cases:referrals")).status_code == 200
    client.force_login(leader)
    assert {name for name, _action in logged_actions(client, course)} <= {"Lene Leder"}


def test_the_log_shows_what_strangers_tried(client, course, leader):
    stranger = UserFactory(
        project=ProjectFactory(), roles=[Role.COORDINATING_CASEWORKER], name="Finn Fremmed"
    )
    client.force_login(stranger)
    client.get(reverse("cases:referral", args=[course.referral.public_id]))
    client.get(reverse("cases:course", args=[course.public_id]))
    client.post(reverse("cases:find"), {"cpr": course.citizen.cpr})
    client.force_login(leader)
    attempts = [action for name, action in logged_actions(client, course) if name == "Finn Fremmed"]
    assert attempts == ["course.find", "course", "referral"]


def test_the_log_still_shows_a_former_colleague(client, course, leader):
    caseworker = UserFactory(
        project=course.project, roles=[Role.COORDINATING_CASEWORKER], name="Sanne Sagsbehandler"
    )
    client.force_login(caseworker)
    client.get(reverse("cases:referral", args=[course.referral.public_id]))
    caseworker.memberships.all().delete()
    client.force_login(leader)
    assert ("Sanne Sagsbehandler", "referral") in logged_actions(client, course)


def test_the_log_keeps_to_its_queries(client, course, leader, django_assert_max_num_queries):
    client.force_login(leader)
    for _time in range(30):
        AccessRecord.objects.create(
            user=leader, action="course", outcome="shown", citizens=[course.citizen.public_id]
        )
    with django_assert_max_num_queries(8):
        client.get(log_path(course))
