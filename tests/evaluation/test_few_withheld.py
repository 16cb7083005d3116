"""The trial's report and the agency's grid of elements leave out numbers of few citizens."""

import datetime

import pytest
from django.urls import reverse

from accounts.roles import Role
from cases.elements import stored
from cases.models import Course
from evaluation.fidelity.agency_grid import GridState, make_grid
from evaluation.publication.actions import publish_due
from evaluation.publication.models import Publication
from evaluation.trial.few_withheld import withhold_few
from evaluation.trial.report import make_report
from randomization.ledger.actions import record_event
from tests.evaluation.outcome_trials import drawn, paid
from tests.factories import (
    DRAWN_ON,
    AllocationFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

ON = datetime.date(2016, 5, 20)


def agency_report(on=ON, project=None):
    """The report as the agency sees it."""
    publications = list(Publication.objects.order_by("-cut_off"))
    days = [publication.cut_off for publication in publications]
    return withhold_few(make_report(on, project, balance_days=days), publications)


@pytest.fixture
def agency_client(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


@pytest.fixture
def project():
    """Six courses that ended because the citizen moved, and two referrals refused for age."""
    project = ProjectFactory()
    for _number in range(6):
        CourseFactory(project_for=project)
    Course.objects.update(ended_on=DRAWN_ON, end_reason="moved")
    for _number in range(2):
        ReferralFactory(project=project, state="refused", reasons=["under_30"], referred_on=DRAWN_ON)
    AllocationFactory(referral=ReferralFactory(project=project), arm="participant", allocated_on=DRAWN_ON)
    control = AllocationFactory(
        referral=ReferralFactory(project=project), arm="control", allocated_on=DRAWN_ON
    )
    record_event(control, "died", DRAWN_ON, "x", UserFactory())
    stored.recompute()
    return project


def test_reasons_are_those_of_the_whole_trial_as_published(project):
    publish_due(ON)
    report = agency_report()
    assert [count.number for count in report.flow.participants.left] == [6]
    assert report.flow.reasons == ()
    assert report.flow.details_on == datetime.date(2016, 5, 1)
    of_project = agency_report(ON, project)
    assert (of_project.flow.participants.left, of_project.flow.reasons) == (None, ())


def test_how_many_were_refused_is_rounded_up(project):
    flow = agency_report().flow
    assert make_report(ON).flow.refused == 2
    assert (flow.assessed, flow.refused, flow.taken_back) == (flow.eligible + 5, 5, 0)


def test_of_a_project_it_is_not_shown_who_was_refused_or_has_no_outcome(project):
    for _number in range(4):
        ReferralFactory(project=project, state="refused", reasons=["under_30"], referred_on=DRAWN_ON)
    for _number in range(6):
        drawn(project, "participant", on=DRAWN_ON, course=False)
    paid(drawn(project, "control", on=DRAWN_ON), "2016-05", 10)
    whole, of_project = (agency_report(ON, scope).flow for scope in (None, project))
    assert (whole.refused, whole.participants.without_outcome) == (10, 10)
    assert (of_project.assessed, of_project.refused, of_project.taken_back) == (None, None, None)
    assert of_project.participants.without_outcome is None
    assert of_project.participants.is_outcome_withheld


def test_events_are_rounded_up_and_the_balance_waits_for_enough_citizens(project):
    report = agency_report()
    assert [count.number for count in report.flow.controls.events] == [5]
    assert (report.balance, report.omnibus, report.balance_on) == ([], None, None)


def test_the_balance_is_renewed_once_enough_citizens_are_drawn_in_each_arm(project):
    months = [datetime.date(2016, number, 1) for number in (5, 6, 7)]
    for month, number in zip(months, (6, 4, 1), strict=True):
        for arm in ("participant", "control"):
            for _number in range(number):
                drawn(project, arm, on=month - datetime.timedelta(days=3), course=False)
        Publication.objects.create(cut_off=month, smallest_count=5)
    reports = [agency_report(month) for month in months]
    assert [report.balance_on for report in reports] == [months[0], months[0], months[2]]
    assert [len(report.balance) for report in reports] == [6, 6, 6]
    assert agency_report(months[2], project).balance == []


def test_who_waits_is_rounded_up_by_project_and_in_all(project):
    other = ProjectFactory()
    for of_project in (project, project, other, other, other):
        ReferralFactory(project=of_project, referred_on=DRAWN_ON)
    exact, rounded = make_report(ON), agency_report()
    assert sorted(row.waiting for row in exact.projects if row.waiting) == [
        3,
        8,
    ]  # six courses without a draw beside
    assert sorted(row.waiting for row in rounded.projects if row.waiting) == [5, 10]
    assert (exact.flow.waiting, rounded.flow.waiting) == (11, 15)
    assert rounded.flow.eligible == exact.flow.participants.drawn + exact.flow.controls.drawn + 15


def test_page_and_files_of_the_report_leave_them_out(agency_client, project):
    publish_due(ON)
    query = {"on": "2016-05-01"}
    page = agency_client.get(reverse("evaluation:trial"), query).content.decode()
    assert "Opgjort pr. 1. maj 2016" in page
    assert "rundet op i trin på 5" in page
    assert "Årsager, kun for hele forsøget" in page
    table = agency_client.get(reverse("evaluation:download_trial", args=["csv"]), query).content.decode()
    lines = [line.split(";") for line in table.splitlines()]
    (died,) = (line for line in lines if line[:2] == ["flow", "control"] and line[2] == "Død")
    assert died[3:5] == ["5", "at_most"]
    assert not [line for line in lines if line[:2] == ["flow", "refused"]]
    assert agency_client.get(reverse("evaluation:download_trial", args=["pdf"]), query).status_code == 200


def test_the_grid_shows_shares_with_numerator_and_denominator(project):
    publish_due(ON)
    grid = make_grid(GridState.MISSED)
    (row,) = (row for row in grid.rows if row.project == project)
    assert grid.total.cells[7].percent == row.cells[7].percent == 100
    assert (row.cells[7].figure.counted, row.cells[7].figure.rows) == (6, 6)
    assert len(grid.charts) == 9


def test_the_grid_hides_few_and_says_so(agency_client, time_machine):
    time_machine.move_to(datetime.datetime(2016, 5, 20, 10, tzinfo=datetime.UTC))
    project = ProjectFactory()
    for _number in range(4):
        CourseFactory(project_for=project, referral__name="Testborger Nielsen")
    stored.recompute()
    publish_due(datetime.date(2016, 5, 20))
    page = agency_client.get(reverse("evaluation:trial_elements"), {"state": "missed"}).content.decode()
    assert project.name in page
    assert "4/4" not in page
    assert "0/4" not in page
    assert "Opgjort pr. 1. maj 2016" in page
    assert "Nielsen" not in page


def test_the_grid_keeps_to_its_queries(agency_client, project, django_assert_max_num_queries, time_machine):
    time_machine.move_to(datetime.datetime(2016, 5, 20, 10, tzinfo=datetime.UTC))
    publish_due(ON)
    with django_assert_max_num_queries(12):
        agency_client.get(reverse("evaluation:trial_elements"))
