"""The project leader's forecast: what running courses bring if none breaks off."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Project
from audit.models import AccessRecord
from companies.models import Placement
from grants.models import GrantTerms
from grants.reckoning.compute import compute
from grants.reckoning.expected_starts import fetch_expected_starts
from grants.reckoning.forecast import NEAR, forecast
from tests.factories import CourseFactory, PlacementFactory
from tests.scenarios.earned_events import recompute_events

TODAY = date(2016, 6, 15)
ADDRESS = reverse("grants:forecast", args=["aalborg"])


@pytest.fixture
def june(time_machine):
    time_machine.move_to("2016-06-15T10:00:00+02:00")


def forecast_of(project):
    days = (TODAY, date(2016, 12, 31), TODAY + NEAR)
    now, later, near = (compute(day.year, day, [project]).projects[0] for day in days)
    return forecast(now, later, TODAY, near)


def test_earned_expected_and_near(trial):
    project_forecast = forecast_of(trial.aalborg)
    assert (project_forecast.earned, project_forecast.expected, project_forecast.more) == (
        Decimal(16000),
        Decimal(24000),
        Decimal(8000),
    )
    assert (project_forecast.starts_ahead, project_forecast.completions_ahead) == (0, 1)
    (near,) = project_forecast.near
    assert (near.line.pseudonym, near.days_left) == (trial.completed.citizen.pseudonym, 18)
    assert project_forecast.at_stake == Decimal(8000)


def test_courses_in_the_sniffing_period_are_expected_to_start(trial, june, client):
    CourseFactory(project_for=trial.aalborg, started_on=date(2016, 5, 2))
    CourseFactory(project_for=trial.aalborg, started_on=date(2016, 5, 30))
    terms = GrantTerms.objects.latest("valid_from")
    starts = fetch_expected_starts(trial.aalborg, TODAY, date(2016, 8, 15), terms)
    assert starts == (2, 1, Decimal(8000))  # 13 weeks from 2 May end on 1 August, from 30 May later
    client.force_login(trial.leader)
    page = client.get(ADDRESS).content.decode()
    assert "I snuseperioden uden registreret praktik" in page


def test_a_completion_beyond_four_weeks_is_expected_but_not_near(trial):
    course = CourseFactory(project_for=trial.aalborg)
    PlacementFactory(course=course, starts_on=date(2016, 6, 1))
    project_forecast = forecast_of(trial.aalborg)
    assert project_forecast.completions_ahead == 2
    assert len(project_forecast.near) == 1


@pytest.mark.parametrize(
    ("target", "left", "beyond", "cost"),
    [(100, 1424000, 0, 8000), (2, 12800, 0, 8000), (1, 0, 9600, 0)],
)
def test_the_ceiling_bounds_what_a_broken_course_costs(trial, target, left, beyond, cost):
    Project.objects.filter(pk=trial.aalborg.pk).update(target_count=target)
    trial.aalborg.refresh_from_db()
    project_forecast = forecast_of(trial.aalborg)
    assert (project_forecast.ceiling_left, project_forecast.beyond_ceiling) == (
        Decimal(left),
        Decimal(beyond),
    )
    assert project_forecast.broken_course == Decimal(cost)


def test_what_is_at_stake_is_reckoned_within_the_ceiling(trial):
    """Two completions near, 16,000 earned, a ceiling of 28,800: by hand, 12,800 and 4,800."""
    second = PlacementFactory(
        course=CourseFactory(project_for=trial.aalborg), starts_on=trial.completed.placements.get().starts_on
    )
    Placement.objects.filter(course__project=trial.aalborg).exclude(
        course__in=[trial.completed, second.course]
    ).delete()
    recompute_events()
    Project.objects.filter(pk=trial.aalborg.pk).update(target_count=2)
    trial.aalborg.refresh_from_db()
    project_forecast = forecast_of(trial.aalborg)
    assert (project_forecast.earned, project_forecast.expected, project_forecast.ceiling) == (
        16000,
        32000,
        28800,
    )
    assert project_forecast.at_stake == Decimal(12800)
    assert [item.at_stake for item in project_forecast.near] == [Decimal(4800)] * 2
    assert project_forecast.broken_course == Decimal(4800)


def test_without_running_spells_a_broken_course_has_no_cost(trial, client, june):
    Placement.objects.all().delete()
    recompute_events()
    assert forecast_of(trial.aalborg).broken_course is None
    client.force_login(trial.leader)
    assert client.get(ADDRESS).context["figures"][-1][1] == "–"


def test_the_forecast_records_its_citizens(trial, client, june):
    client.force_login(trial.leader)
    page = client.get(ADDRESS).content.decode()
    assert trial.completed.citizen.pseudonym in page
    assert "24.000,00" in page
    assert AccessRecord.objects.get().citizens == [trial.completed.citizen.public_id]


def test_a_forecast_without_near_completions_says_so(trial, client, time_machine):
    time_machine.move_to("2016-09-15T10:00:00+02:00")
    client.force_login(trial.leader)
    assert "Ingen virksomhedsforløb når 13 uger" in client.get(ADDRESS).content.decode()


def test_the_page_keeps_to_its_queries(trial, client, june, django_assert_max_num_queries):
    for _number in range(20):
        PlacementFactory(
            course=CourseFactory(project_for=trial.aalborg), company=trial.completed.placements.get().company
        )
    client.force_login(trial.leader)
    with django_assert_max_num_queries(20):
        client.get(ADDRESS)


def test_courses_that_ended_while_a_spell_still_runs_are_named(trial, client, june):
    trial.completed.ended_on, trial.completed.end_reason = date(2016, 5, 1), "moved"
    trial.completed.save()
    link = reverse("cases:course", args=[trial.completed.public_id])
    client.force_login(trial.leader)
    for name in ("forecast", "project"):
        page = client.get(reverse(f"grants:{name}", args=["aalborg"]), {"year": "2016"}).content.decode()
        assert link in page
        assert reverse("cases:course", args=[trial.started.public_id]) not in page
    trial.completed.placements.update(ended_on=date(2016, 4, 30))
    recompute_events()
    assert link not in client.get(reverse("grants:forecast", args=["aalborg"])).content.decode()
    client.force_login(trial.agency)
    assert link not in client.get(reverse("grants:project", args=["aalborg"])).content.decode()
