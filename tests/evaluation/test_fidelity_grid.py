"""The leader's grid of courses and core elements: states, sorting, narrowing, trend, queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from audit.models import AccessRecord
from cases.elements import stored
from evaluation.fidelity.grid import grid_courses
from evaluation.fidelity.trend import trend_charts
from jobfirst.dates import DAY
from tests.factories import DRAWN_ON, CourseFactory, ProjectFactory, UserFactory
from tests.scenarios.nine_elements import ALL_MET_ON, course_with_nine_elements

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]
PAGE = "/overblik/grundelementer/"


@pytest.fixture
def full(project, holder):
    return course_with_nine_elements(project, holder, referral__name="Testborger Nielsen")


@pytest.fixture
def poor(project):
    course = CourseFactory(project_for=project, referral__name="Testborger Olsen")
    stored.recompute()
    return course


@pytest.fixture
def client(client, leader):
    client.force_login(leader)
    return client


def test_each_course_is_a_row_with_nine_states_in_words(client, poor):
    page = client.get(PAGE).content.decode()
    states = re.findall(r'<span class="jf-state-word">([^<]*)</span>', page)
    assert len(states) == 9
    assert "Ikke opfyldt" in states
    assert f"/forloeb/{poor.public_id}/" in page
    assert AccessRecord.objects.latest("pk").citizens == [poor.citizen.public_id]


def test_the_grid_is_narrowed_and_sorted(project, full, poor):
    assert list(grid_courses(project, ALL_MET_ON, "complete")) == [full]
    assert list(grid_courses(project, ALL_MET_ON, "missed")) == [poor]
    assert list(grid_courses(project, ALL_MET_ON, "").order_by("-met")) == [full, poor]
    assert list(grid_courses(project, ALL_MET_ON, "").order_by("state_1")) == [full, poor]
    assert list(grid_courses(project, DRAWN_ON - DAY, "")) == []


def test_an_unknown_choice_is_not_found(client, poor):
    assert client.get(PAGE, {"show": "no-such"}).status_code == 404


def test_the_trend_is_read_as_it_was(project, full, poor):
    days = [DRAWN_ON - DAY, DRAWN_ON, ALL_MET_ON]
    roles = trend_charts(project, days, ["a", "b", "c"])[0].series[0]
    assert roles.values == [None, 50, 50]
    assert "1 af 2 forløb" in trend_charts(project, days, ["a", "b", "c"])[0].sentence


def test_the_queries_do_not_grow_with_the_courses(client, project, poor):
    def queries(**query):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE, query).status_code == 200
        return len(captured)

    few = queries()
    for _ in range(3):
        CourseFactory(project_for=project)
    stored.recompute()
    assert queries() == few <= 12
    assert queries(sort="-element_4") <= 12


def test_a_project_of_another_leader_is_not_there(client):
    other = ProjectFactory()
    UserFactory(project=other, roles=[Role.PROJECT_LEADER])
    assert client.get(PAGE, {"project": other.slug}).status_code == 404
