"""Figures count everybody; a list behind a figure names no citizen from whom its reader is shut out (D51)."""

import re

import pytest

from audit.models import AccessRecord
from cases.actions.shut_outs import lift_shut_out, shut_out
from cases.elements import stored
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

NOTE = "Borgere, du ikke må se, og borgere, der er slettet, står ikke på listen."
PAGES = [
    "/overblik/",
    "/overblik/grundelementer/",
    "/overblik/grundelementer/?element=1&state=missed",
    "/overblik/tal/weekly_contact/",
]


@pytest.fixture
def courses(project):
    """Two courses; the leader of the tests is a relative of the first citizen."""
    courses = [
        CourseFactory(project_for=project, referral__name=name) for name in ("Rikke Relateret", "Frida Fri")
    ]
    stored.recompute()
    return courses


@pytest.fixture
def shut_out_of(courses, leader, project):
    by = UserFactory(project=project, roles=["project_leader"])
    return shut_out(courses[0].citizen, leader, "Søskende", by=by)


@pytest.fixture
def client(client, leader):
    client.force_login(leader)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_a_list_says_that_it_leaves_citizens_out(page, client, shut_out_of):
    content = client.get(page).content.decode()
    assert NOTE in content
    assert "Rikke" not in content


@pytest.mark.parametrize("page", PAGES)
def test_a_list_that_leaves_nobody_out_says_nothing(page, client, courses):
    assert NOTE not in client.get(page).content.decode()


def test_the_figure_counts_who_is_left_out(client, courses, shut_out_of):
    page = client.get("/overblik/grundelementer/").content.decode()
    assert "2 forløb er begyndt" in page
    assert str(courses[0].citizen.public_id) not in page
    assert courses[0].citizen.public_id not in AccessRecord.objects.latest("pk").citizens


def test_who_is_not_shut_out_any_more_is_listed(client, shut_out_of, leader):
    lift_shut_out(shut_out_of, by=leader)
    page = client.get("/overblik/grundelementer/").content.decode()
    assert NOTE not in page
    assert re.search("Rikke Relateret", page)


def test_somebody_shut_out_of_another_project_changes_nothing_here(client, courses, leader, project):
    elsewhere = CourseFactory(project_for=ProjectFactory())
    shut_out(elsewhere.citizen, leader, "Søskende", by=UserFactory())
    assert NOTE not in client.get("/overblik/grundelementer/").content.decode()
