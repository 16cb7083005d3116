"""The night draws what the pages show in the morning: no request imports the drawing library."""

import datetime

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from evaluation import warming
from evaluation.publication.actions import publish_due
from evaluation.rules import balance
from evaluation.summaries import orders, stored
from evaluation.tasks import draw_charts, publish_figures, refresh_figures
from jobfirst.charts import drawing
from tests.factories import AllocationFactory, CourseFactory, ReferralFactory, UserFactory

pytestmark = pytest.mark.django_db

MORNING = datetime.datetime(2016, 6, 6, 7, tzinfo=datetime.UTC)


@pytest.fixture
def project(time_machine):
    """A project whose course was drawn in April, on a Monday in June."""
    time_machine.move_to(MORNING, tick=False)
    return CourseFactory().project


@pytest.fixture
def leader(client, project):
    leader = UserFactory(roles=[Role.PROJECT_LEADER], project=project)
    client.force_login(leader)
    return leader


@pytest.fixture
def drawings(monkeypatch):
    """The titles of the charts that are drawn, without drawing them."""
    titles = []

    def draw(chart):
        titles.append(str(chart.title))
        return "<g/>", "0 0 1 1"

    monkeypatch.setattr(drawing, "_draw", draw)
    cache.clear()
    return titles


@pytest.mark.parametrize("page", ["dashboard", "elements"])
def test_after_the_night_a_leaders_page_draws_nothing(client, leader, drawings, page):
    refresh_figures()
    drawings.clear()
    assert client.get(reverse(f"evaluation:{page}")).status_code == 200
    assert drawings == []


def test_a_change_in_the_morning_draws_nothing_either(client, leader, project, drawings):
    refresh_figures()
    drawings.clear()
    CourseFactory(project_for=project)
    assert client.get(reverse("evaluation:dashboard")).status_code == 200
    assert drawings == []


def test_the_page_of_the_night_is_that_of_the_leader(client, leader, drawings, monkeypatch):
    refresh_figures()
    monkeypatch.setattr("evaluation.monday.drawing.draw", lambda *args, **kwargs: pytest.fail("drawn again"))
    assert client.get(reverse("evaluation:dashboard")).status_code == 200


def test_after_the_publication_the_agencys_pages_draw_nothing(client, project, drawings):
    publish_figures()
    assert drawings
    drawings.clear()
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    assert client.get(reverse("evaluation:comparison")).status_code == 200
    assert client.get(reverse("evaluation:trial_elements")).status_code == 200
    assert drawings == []


@pytest.mark.parametrize("night", [publish_figures, refresh_figures])
def test_after_the_night_the_trials_page_repeats_no_draw(client, project, drawings, monkeypatch, night):
    for arm in ["participant", "control"] * 5:
        AllocationFactory(referral=ReferralFactory(project=project), arm=arm)
    publish_due(MORNING.date())
    cache.clear()
    night()
    monkeypatch.setattr(balance, "omnibus_test", lambda *args: pytest.fail("drawn again"))
    client.force_login(UserFactory(roles=[Role.AGENCY]))

    page = client.get(reverse("evaluation:trial")).content.decode()
    assert "Standardiseret forskel" in page


def test_before_the_first_night_the_page_has_no_chart_and_says_why(client, leader, drawings):
    page = client.get(reverse("evaluation:dashboard")).content.decode()
    assert "De tælles op om natten" in page
    assert drawings == []


def test_the_charts_of_the_page_say_when_they_were_counted(client, leader, drawings):
    stored.refresh(MORNING.date())
    orders.order_refresh()
    page = client.get(reverse("evaluation:dashboard")).content.decode()
    assert page.count("Opgjort 06.06.2016 kl. 09.00. Der er læst en fil ind siden.") == 2
    orders.fulfil(MORNING.date())
    page = client.get(reverse("evaluation:dashboard")).content.decode()
    assert "Der er læst en fil ind siden" not in page


def test_a_chart_that_is_missing_is_drawn_by_the_next_round_and_only_once(client, leader, drawings):
    stored.refresh(MORNING.date())
    draw_charts()
    assert len(drawings) == len(set(drawings)) > 2
    drawings.clear()
    draw_charts()
    assert drawings == []
    for page in ("dashboard", "elements"):
        assert client.get(reverse(f"evaluation:{page}")).status_code == 200
    assert drawings == []


def test_nothing_is_drawn_of_projects_that_are_over(project, drawings):
    stored.refresh(MORNING.date())
    over = project.ends_on + datetime.timedelta(days=1)
    warming.draw_leaders_pages(over)
    warming.draw_missing_charts(over)
    assert drawings == []
