"""Closing an account or taking a role asks first who takes over the courses; it shows counts only."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.people.actions import deactivate_user, give_role, reactivate_user
from accounts.roles import Role
from cases.models import CourseFunction, FunctionHolding
from jobfirst import clock
from reminders.models import Reminder
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(name="Testby")


@pytest.fixture
def mentor(project):
    """Mentor of three running courses, and of one that has ended."""
    user = UserFactory(project=project, roles=[Role.MENTOR, Role.COURSE_OWNER], name="Maja Mentor")
    start = clock.today() - timedelta(days=30)
    for number in range(4):
        course = CourseFactory(
            project_for=project,
            started_on=start,
            ended_on=start + timedelta(days=9) if number == 3 else None,
            end_reason="moved" if number == 3 else "",
        )
        FunctionHolding.objects.create(
            course=course, function=CourseFunction.MENTOR, user=user, from_on=start
        )
    return user


@pytest.fixture
def other_mentor(project):
    return UserFactory(project=project, roles=[Role.MENTOR], name="Otto Anden")


@pytest.fixture
def administrator(client):
    user = UserFactory(roles=[Role.ADMINISTRATOR])
    client.force_login(user)
    return user


def close_url(user):
    return reverse("user_deactivate", args=[user.public_id])


def held_by(user):
    return FunctionHolding.objects.in_force(clock.today()).filter(user=user, course__ended_on=None)


def field(project, role="mentor"):
    return f"to_{project.pk}_{role}"


def test_the_question_gives_counts_and_no_citizens(client, administrator, mentor, other_mentor, project):
    page = client.get(close_url(mentor)).content.decode()
    assert "Testby, Mentor: 3 forløb" in page
    assert "Otto Anden" in page
    assert "Testborger" not in page


def test_the_page_says_in_numbers_what_closing_the_account_does(client, administrator, mentor):
    page = client.get(close_url(mentor)).content.decode()
    assert "3 forløb i 1 funktion skal overtages" in page
    assert "logget ud med det samme" in page
    assert "hviler med kontoen" in page
    mentor.refresh_from_db()
    assert mentor.is_active


def test_nothing_is_closed_without_an_answer(client, administrator, mentor):
    page = client.post(close_url(mentor)).content.decode()
    assert "Ja, 3 funktioner skal stå ubesatte" in page
    mentor.refresh_from_db()
    assert mentor.is_active
    assert held_by(mentor).count() == 3


def test_left_vacant_on_purpose(client, administrator, mentor):
    assert client.post(close_url(mentor), {"vacant_3": "on"}).status_code == 302
    mentor.refresh_from_db()
    assert not mentor.is_active
    assert not held_by(mentor).exists()


def test_another_count_must_be_confirmed_anew(client, administrator, mentor, project):
    page = client.post(close_url(mentor), {"vacant_2": "on"}).content.decode()
    assert "Ja, 3 funktioner" in page
    mentor.refresh_from_db()
    assert mentor.is_active


def test_one_colleague_takes_all_over(client, administrator, mentor, other_mentor, project):
    answer = client.post(close_url(mentor), {field(project): other_mentor.pk})
    assert answer.status_code == 302
    assert held_by(other_mentor).count() == 3
    assert set(held_by(other_mentor).values_list("from_on", flat=True)) == {clock.today()}


def courses_told_to(user):
    """Return how many courses the user is told of as taken over."""
    return Reminder.objects.filter(recipient=user, kind="course_taken_over").count()


def test_the_successor_is_told_of_every_course_of_a_closed_account(
    client, administrator, mentor, other_mentor, project
):
    client.post(close_url(mentor), {field(project): other_mentor.pk})
    assert courses_told_to(other_mentor) == 3
    assert courses_told_to(mentor) == 0


def test_the_successor_is_told_of_every_course_of_a_taken_role(
    client, administrator, mentor, other_mentor, project
):
    url = reverse("user_take_role", args=[mentor.public_id])
    client.post(url, {"role": "mentor", "project": project.slug, field(project): other_mentor.pk})
    assert courses_told_to(other_mentor) == 3


def test_an_administrator_who_takes_over_herself_is_not_told(client, administrator, mentor, project):
    give_role(administrator, Role.MENTOR, project)
    client.force_login(User.objects.get(pk=administrator.pk))
    client.post(close_url(mentor), {field(project): administrator.pk})
    assert held_by(administrator).count() == 3
    assert courses_told_to(administrator) == 0


def test_whoever_gets_functions_back_is_told(client, administrator, mentor):
    deactivate_user(mentor, clock.today())
    reactivate_user(mentor)
    client.post(reverse("user_give_back", args=[mentor.public_id]))
    assert courses_told_to(mentor) == 3


def test_a_colleague_without_the_role_is_no_choice(client, administrator, mentor, project):
    consultant = UserFactory(project=project, roles=[Role.JOB_CONSULTANT])
    client.post(close_url(mentor), {field(project): consultant.pk})
    mentor.refresh_from_db()
    assert mentor.is_active


def test_taking_the_role_asks_and_hands_over(client, administrator, mentor, other_mentor, project):
    url = reverse("user_take_role", args=[mentor.public_id])
    sent = {"role": "mentor", "project": project.slug}
    assert "Testby, Mentor: 3 forløb" in client.get(url, sent).content.decode()
    assert client.post(url, sent).status_code == 200
    assert mentor.memberships.count() == 2
    assert client.post(url, {**sent, field(project): other_mentor.pk}).status_code == 302
    assert list(mentor.memberships.values_list("role", flat=True)) == ["course_owner"]
    assert held_by(other_mentor).count() == 3


def test_a_role_without_courses_is_taken_at_once(client, administrator, mentor, project):
    url = reverse("user_take_role", args=[mentor.public_id])
    assert client.post(url, {"role": "course_owner", "project": project.slug}).status_code == 302
    assert held_by(mentor).count() == 3


def test_an_opened_account_is_offered_what_is_still_vacant(client, administrator, mentor, other_mentor):
    deactivate_user(mentor, clock.today())
    taken = FunctionHolding.objects.filter(user=mentor, course__ended_on=None).first()
    FunctionHolding.objects.create(
        course=taken.course, function="mentor", user=other_mentor, from_on=clock.today()
    )
    detail = reverse("user_detail", args=[mentor.public_id])
    assert "Testby, Mentor" not in client.get(detail).content.decode(), "a closed account is offered nothing"
    page = client.post(reverse("user_reactivate", args=[mentor.public_id]), follow=True).content.decode()
    assert "Testby, Mentor: 2 forløb" in page
    assert "Testborger" not in page
    for _time in range(2):
        client.post(reverse("user_give_back", args=[mentor.public_id]))
    assert held_by(mentor).count() == 2
    assert "Testby, Mentor" not in client.get(detail).content.decode()
