"""The agency's page of results and its files: no single citizen, few withheld, leaders kept out (D5, D6)."""

import csv
import datetime
import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from accounts.roles import Role
from evaluation.outcomes.period import chosen_period
from evaluation.outcomes.results import trial_results
from tests.evaluation.outcome_trials import drawn, paid, random_trial
from tests.factories import ProjectFactory, UserFactory
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fixed_day")]

ON = datetime.date(2017, 2, 1)


@pytest.fixture
def fixed_day():
    with time_machine.travel("2017-02-01T09:00", tick=False):
        yield


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def agency(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def page(client, **query):
    return client.get(reverse("evaluation:results"), query)


def text_of(client, **query):
    return " ".join(page(client, **query).content.decode().split())


def figures_of(client, file_format="csv", **query):
    answer = client.get(reverse("evaluation:download_results", args=[file_format]), query)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    return {(row["section"], row["what"], row["measure"]): row["value"] for row in rows}


def test_page_shows_the_effect_and_no_single_citizen(agency, project, django_assert_max_num_queries):
    allocations = random_trial(project, 60)
    page(agency)  # the randomisation test and the pictures are cached from now on
    with django_assert_max_num_queries(12):
        text = text_of(agency)
    assert "Opgjort pr. 01.02.2017" in text
    for allocation in some(allocations):
        for secret in (allocation.referral.name, allocation.citizen.cpr, allocation.pseudonym):
            assert secret not in text


def test_page_says_what_the_command_says(agency, project):
    random_trial(project, 60)
    report = page(agency).context["report"]
    figures = figures_of(agency)
    assert figures["effect", "difference", "estimate"] == f"{report.difference.estimate:.1f}".replace(
        ".", ","
    )
    assert figures["arms", "participant", "analysed"] == str(report.participants.analysed)
    assert figures["criteria", "twice_the_hours", "verdict"] == report.twice_the_hours.value


def test_months_of_the_address_narrow_page_and_file(agency, project):
    random_trial(project, 60)
    report = page(agency, first="2016-08", last="2016-09").context["report"]
    assert (report.period.first, report.period.last) == (datetime.date(2016, 8, 1), datetime.date(2016, 9, 1))
    assert figures_of(agency, first="2016-08", last="2016-09")["arms", "control", "citizen_months"] == str(
        report.controls.citizen_months
    )


@pytest.mark.parametrize(
    "query", [{"first": "2016-13"}, {"last": "nu"}, {"first": "2016-12", "last": "2016-08"}]
)
def test_nonsense_in_the_address_shows_the_whole_period(agency, project, query):
    random_trial(project, 12)
    answer = page(agency, **query)
    assert answer.status_code == 200
    assert answer.context["report"].period == chosen_period(None, None)


def test_workbook_has_the_same_figures(agency, project):
    random_trial(project, 20)
    answer = agency.get(reverse("evaluation:download_results", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:4] == ("section", "what", "measure", "value")
    assert len(rows) - 1 == len(figures_of(agency))
    assert agency.get(reverse("evaluation:download_results", args=["pdf"])).status_code == 404


def test_empty_trial_shows_what_it_could_find(agency, project):
    text = text_of(agency)
    assert "Der er ikke leveret betalte timer endnu" in text
    assert project.name in text


def few_and_many(project, *, few):
    """Some citizens in each arm of A with 100 hours, eight in each arm of B with 10."""
    for arm in ("participant", "control"):
        for number in range(8 + few):
            group = "activity_ready" if number < 8 else "resource_programme"
            hours = 10 if number < 8 else 100
            paid(drawn(project, arm, group=group, course=False), "2016-05", hours, hours)


def test_target_group_of_few_citizens_withholds_both(project):
    few_and_many(project, few=4)
    results = trial_results(chosen_period(None, None), on=ON)
    assert results.subgroups_withheld
    assert not results.is_withheld
    for group in some(results.subgroups.groups):
        assert [arm.mean_hours for arm in group.arms.values()] == [None, None]


def test_target_groups_of_five_are_shown(project):
    few_and_many(project, few=5)
    results = trial_results(chosen_period(None, None), on=ON)
    assert [group.participants.mean_hours for group in results.subgroups.groups] == [100, 10]


def test_arm_of_few_citizens_shows_no_hours_at_all(agency, project):
    for arm in ("participant", "control"):
        for _number in range(4):
            paid(drawn(project, arm, course=False), "2016-05", 77)
    text = text_of(agency)
    assert "77,0" not in text
    assert "for få borgere" in text.lower()
    figures = figures_of(agency)
    for key in (("arms", "control", "mean_hours"), ("effect", "difference", "estimate")):
        assert figures[key] == ""


def test_share_with_any_hours_of_few_is_withheld(project):
    for arm in ("participant", "control"):
        for number in range(20):
            paid(drawn(project, arm, course=False), "2016-05", 10 if number < 3 else 0)
    report = trial_results(chosen_period(None, None), on=ON).report
    assert report.controls.share_any is None
    assert report.controls.mean_hours == 1.5


@pytest.mark.parametrize(
    "role",
    [Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER, Role.COURSE_OWNER, Role.MENTOR, Role.ADMINISTRATOR],
)
def test_nobody_else_sees_outcomes_of_the_control_group(client, project, role):
    random_trial(project, 12)
    membership = {} if role == Role.ADMINISTRATOR else {"project": project}
    client.force_login(UserFactory(roles=[role], **membership))
    assert page(client).status_code in {403, 404}
    for file_format in ("csv", "xlsx"):
        answer = client.get(reverse("evaluation:download_results", args=[file_format]))
        assert answer.status_code in {403, 404}
