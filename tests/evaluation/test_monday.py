"""The leader's Monday page on the demo trial: every number opens a list of that many rows."""

import datetime
import html
import re
from urllib.parse import urldefrag, urljoin

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Project, User
from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import Course
from companies.models import Company, Match
from evaluation.measures.contacts import first_day_of_weeks
from evaluation.measures.figures import CountedRows
from evaluation.measures.values import Window
from evaluation.monday.lists import LISTED
from evaluation.monday.news import last_monday
from grants.reckoning.compute import compute, default_cut_off
from tests.demo.conftest import ON, demo, trial
from tests.loops import some

__all__ = ["demo", "trial"]
pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.long]

NUMBER = re.compile(r'<a data-figure href="([^"]*)"[^>]*>([\d.]+)</a>')
CHIP = re.compile(r'<li><a href="([^"]*kind=[^"]*)"[^>]*>[^<]*\((\d+)\)</a>')
ROWS = re.compile(r'<p class="jf-count"[^>]*>([\d.]+) række')


@pytest.fixture
def leader():
    """The leader of a project in which all sorts of things happen."""
    projects = Project.objects.order_by("slug")
    return User.objects.filter(
        memberships__role=Role.PROJECT_LEADER, memberships__project__in=projects
    ).first()


@pytest.fixture
def client(client, leader):
    client.force_login(leader)
    with time_machine.travel(
        datetime.datetime.combine(ON, datetime.time(8, tzinfo=datetime.UTC)), tick=False
    ):
        yield client


def rows_of(client, url):
    """How many rows the list of the address has, by what it says itself."""
    page = client.get(urldefrag(url).url).content.decode()
    listed = page[page.index('id="results"') :]
    count = ROWS.search(listed)
    return int(count.group(1).replace(".", "")) if count else 0


def test_every_number_of_the_page_is_the_length_of_the_list_it_opens(client):
    page = client.get("/overblik/").content.decode()
    numbers = [*NUMBER.findall(page), *CHIP.findall(page)]
    wrong = {}
    for href, number in some(numbers):
        url = urljoin("/overblik/", html.unescape(href))
        listed = rows_of(client, url)
        if listed != int(number.replace(".", "")):
            wrong[url] = (number, listed)
    assert wrong == {}
    assert len(numbers) > 50


def test_the_page_says_how_many_courses_are_still_to_end_and_by_when(client, leader):
    project = leader.memberships.get().project
    page = client.get("/overblik/").content.decode()
    running, day = re.search(r"(\d+) mangler at blive afsluttet, senest den ([\d.]+)<", page).groups()
    assert int(running) == Course.objects.filter(project=project).running(ON).count() > 0
    assert day == project.ends_on.strftime("%d.%m.%Y")


def test_the_page_says_how_many_courses_should_have_ended(client, leader):
    project = leader.memberships.get().project
    Project.objects.filter(pk=project.pk).update(ends_on=ON - datetime.timedelta(1))
    cache.clear()
    page = client.get("/overblik/").content.decode()
    assert re.search(
        r"\d+ skulle være afsluttet senest den " + f"{ON - datetime.timedelta(1):%d.%m.%Y}<", page
    )


def test_the_page_takes_twelve_queries_at_most(client):
    client.get("/overblik/")
    cache.clear()
    with CaptureQueriesContext(connection) as counting:
        assert client.get("/overblik/").status_code == 200
    with CaptureQueriesContext(connection) as reading:
        assert client.get("/overblik/").status_code == 200
    assert len(reading) < len(counting) <= 12


def test_what_has_changed_since_is_on_the_page_at_once(client, leader):
    def matches():
        page = client.get("/overblik/").content.decode()
        return int(re.search(r"/new_match/[^>]*>(\d+)</a>", page).group(1))

    before = matches()
    course = Course.objects.filter(project__memberships__user=leader).first()
    company = Company.objects.exclude(matches__course=course).first()
    Match.objects.create(course=course, company=company, matched_on=ON)
    assert matches() == before + 1


@pytest.mark.parametrize("code", sorted(LISTED))
def test_a_list_takes_few_queries_and_records_its_citizens(client, leader, code):
    project = Project.objects.get(memberships__user=leader)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/overblik/tal/{code}/", {"project": project.slug})
    assert answer.status_code == 200
    assert len(queries) <= 8
    rows = CountedRows(LISTED[code], project, Window(first_day_of_weeks(4, ON), ON), by_day="-day")[0:25]
    record = AccessRecord.objects.filter(action="measure").latest("pk")
    assert len(record.citizens) == len({(row.course, row.referral) for row in rows})


def test_the_list_as_excel_is_recorded_as_such(client):
    answer = client.get("/overblik/tal/weekly_contact/", {"format": "xlsx"})
    assert answer["Content-Type"].startswith("application/vnd.openxml")
    assert AccessRecord.objects.filter(action="measure.excel").exists()


@pytest.mark.parametrize(
    "query", [{"counts": "perhaps"}, {"from": "i går"}, {"from": "2099-01-01"}, {"project": "no-such"}]
)
def test_a_list_that_does_not_exist_is_not_found(client, query):
    assert client.get("/overblik/tal/weekly_contact/", query).status_code == 404
    assert client.get("/overblik/tal/no_such/").status_code == 404


def test_the_grant_is_that_of_the_statements(client, leader):
    project = Project.objects.get(memberships__user=leader)
    page = client.get("/overblik/").content.decode()
    for day in (ON, default_cut_off(ON.year)):
        (statement,) = compute(day.year, day, [project]).projects
        amount = f"{statement.earned_to_date:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        assert f"{amount}\N{NO-BREAK SPACE}kr." in page


def test_people_are_reached_by_phone_and_mail(client):
    page = client.get("/overblik/").content.decode()
    people = page[page.index('id="people"') : page.index("</section>", page.index('id="people"'))]
    assert "mailto:" in people
    assert "tel:" in people


def test_the_week_before_counts_as_new_on_a_monday():
    monday = datetime.date(2016, 4, 25)
    assert last_monday(monday) == datetime.date(2016, 4, 18)
    assert last_monday(datetime.date(2016, 4, 27)) == monday


def test_each_block_says_of_when_it_is(client):
    page = client.get("/overblik/").content.decode()
    assert page.count('class="jf-as-of') == page.count('<dl class="jf-figures">') == 7
    assert "Opgjort 20.11.2026 kl. 09.00" in page
    assert page.count('<svg class="jf-chart-picture"') == 2
