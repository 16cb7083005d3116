"""The leader's grid of courses and core elements: states, sorting, narrowing, trend, queries."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Project
from accounts.roles import Role
from audit.models import AccessRecord
from cases.elements import stored
from evaluation.fidelity.grid import grid_courses
from evaluation.fidelity.trend import month_charts, with_element_months
from evaluation.summaries import stored as stored_figures
from jobfirst import clock
from jobfirst.values.dates import DAY
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


def test_the_trend_has_the_months_that_are_over(project, full, poor):
    stored_figures.refresh(datetime.date(2016, 7, 1))
    (project,) = with_element_months(Project.objects.filter(pk=project.pk), datetime.date(2016, 7, 1))
    roles = month_charts(project)[0]
    assert roles.categories == ["apr 16", "maj 16", "jun 16", "jul 16"]
    assert roles.series[0].values == [None, 50, 50, 50]
    assert "1 af 2 forløb" in roles.sentence


def test_the_page_has_the_trend_after_the_first_night(client, project, poor):
    assert "De tælles op om natten" in client.get(PAGE).content.decode()
    stored_figures.refresh(clock.today())
    page = client.get(PAGE).content.decode()
    assert page.count('<svg class="jf-chart-picture"') == 9
    assert "De tælles op om natten" not in page


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
