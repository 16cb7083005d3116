"""Figures and lists of a reader's own pages are without the citizens from whom the reader is shut out (D51).

Figure, count and rows agree, so nothing says that somebody is missing, nor from which list.
"""

import re

import pytest

from audit.models import AccessRecord
from cases.actions.shut_outs import lift_shut_out, shut_out
from cases.elements import stored
from cases.models import Citizen
from evaluation.measures.contacts import first_day_of_weeks
from evaluation.measures.figures import CountedRows, figures_and_trends
from evaluation.measures.values import Window
from evaluation.monday.lists import LISTED
from evaluation.views.led_project import left_out_of
from jobfirst import clock
from reminders import deadlines
from tests.factories import CourseFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

PAGES = [
    "/overblik/",
    "/overblik/grundelementer/",
    "/overblik/grundelementer/?element=1&state=missed",
    "/overblik/tal/weekly_contact/",
    "/overblik/tal/referral/",
]


@pytest.fixture
def courses(project):
    """Two courses; the leader of the tests is a relative of the first citizen."""
    courses = [
        CourseFactory(project_for=project, referral__name=name) for name in ("Rikke Relateret", "Frida Fri")
    ]
    stored.recompute()
    deadlines.recompute()
    return courses


@pytest.fixture
def shut_out_of(courses, leader, project):
    by = UserFactory(project=project, roles=["project_leader"])
    return shut_out(courses[0].citizen, leader, "Søskende", by=by)


@pytest.fixture
def client(client, leader):
    client.force_login(leader)
    return client


def text_of(client, page):
    """What a page shows, without what changes from one request to the next."""
    content = client.get(page).content.decode()
    return re.sub(r"<script.*?</script>|<[^>]+>", " ", content, flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_if_the_citizen_did_not_exist(page, client, leader, project, wednesday):
    CourseFactory(project_for=project, referral__name="Frida Fri")
    stored.recompute()
    deadlines.recompute()
    without = text_of(client, page)
    relative = CourseFactory(project_for=project, referral__name="Rikke Relateret")
    shut_out(relative.citizen, leader, "Søskende", by=UserFactory(project=project, roles=["project_leader"]))
    stored.recompute()
    deadlines.recompute()

    assert text_of(client, page).split() == without.split()


@pytest.mark.parametrize("page", PAGES)
def test_others_see_her(page, client, project, courses, shut_out_of):
    client.force_login(shut_out_of.shut_out_by)
    assert "Rikke" in client.get(page).content.decode()


@pytest.mark.parametrize("code", sorted(LISTED))
def test_every_figure_counts_the_rows_of_its_list(code, client, project, courses, shut_out_of):
    today = clock.today()
    window = Window(first_day_of_weeks(4, today), today)
    left_out = left_out_of(client.get("/overblik/grundelementer/").context["project"])
    (figure,) = figures_and_trends({LISTED[code]: window}, {}, [project], window, left_out)[0][code].values()

    assert figure.rows == len(CountedRows(LISTED[code], project, window, left_out=left_out))
    answer = client.get(f"/overblik/tal/{code}/")
    assert figure.rows == len(answer.context["table"].records) == answer.context["table"].total


def test_the_access_record_is_without_her(client, courses, shut_out_of):
    page = client.get("/overblik/grundelementer/").content.decode()
    assert "1 forløb er begyndt" in page
    assert str(courses[0].citizen.public_id) not in page
    assert courses[0].citizen.public_id not in AccessRecord.objects.latest("pk").citizens


@pytest.mark.parametrize("page", PAGES[1:])
def test_of_who_was_erased_the_row_stays_without_a_name(page, client, courses):
    answer = client.get(page)
    assert "Rikke Relateret" in answer.content.decode()
    rows_before = answer.context["table"].records
    Citizen.objects.filter(pk=courses[0].citizen_id).update(erased_on=clock.today())
    answer = client.get(page)
    page_after = answer.content.decode()

    assert "Rikke Relateret" not in page_after
    assert "Oplysninger slettet" in page_after
    assert str(courses[0].public_id) not in page_after
    assert courses[0].citizen.public_id not in AccessRecord.objects.latest("pk").citizens
    assert len(answer.context["table"].records) == len(rows_before)


def test_who_is_not_shut_out_any_more_is_listed(client, shut_out_of, leader):
    lift_shut_out(shut_out_of, by=leader)
    page = client.get("/overblik/grundelementer/").content.decode()
    assert re.search("Rikke Relateret", page)


def test_somebody_shut_out_of_another_project_changes_nothing_here(client, courses, leader, project):
    elsewhere = CourseFactory(project_for=ProjectFactory())
    shut_out(elsewhere.citizen, leader, "Søskende", by=UserFactory())
    assert "2 forløb er begyndt" in client.get("/overblik/grundelementer/").content.decode()
