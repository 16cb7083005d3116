"""The trial's report and the agency's grid of elements leave out numbers of few citizens."""

import datetime

import pytest
from django.urls import reverse

from accounts.models import TrialTerms
from accounts.roles import Role
from cases.elements import stored
from cases.models import Course
from evaluation.fidelity.agency_grid import GridState, make_grid
from evaluation.publication.actions import publish_due
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
    Course.objects.update(ended_on=DRAWN_ON, end_reason="moved", outcome="x")
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
    report = withhold_few(make_report(ON))
    assert [count.number for count in report.flow.participants.left] == [6]
    assert report.flow.reasons == ()
    assert report.flow.details_on == datetime.date(2016, 5, 1)
    of_project = withhold_few(make_report(ON, project))
    assert (of_project.flow.participants.left, of_project.flow.reasons) == (None, ())


def test_few_refused_are_left_out_with_what_they_could_be_subtracted_from(project):
    flow = withhold_few(make_report(ON)).flow
    assert (flow.assessed, flow.refused, flow.taken_back) == (None, None, None)


def test_of_a_project_it_is_not_shown_who_was_refused_or_has_no_outcome(project):
    for _number in range(4):
        ReferralFactory(project=project, state="refused", reasons=["under_30"], referred_on=DRAWN_ON)
    for _number in range(6):
        drawn(project, "participant", on=DRAWN_ON, course=False)
    paid(drawn(project, "control", on=DRAWN_ON), "2016-05", 10)
    whole, of_project = (withhold_few(make_report(ON, scope)).flow for scope in (None, project))
    assert (whole.refused, whole.participants.without_outcome) == (6, 7)
    assert (of_project.assessed, of_project.refused, of_project.taken_back) == (None, None, None)
    assert of_project.participants.without_outcome is None
    assert of_project.participants.is_outcome_withheld


def test_few_events_and_means_of_few_are_left_out(project):
    report = withhold_few(make_report(ON))
    assert [count.number for count in report.flow.controls.events] == [None]
    assert (report.balance, report.omnibus) == ([], None)
    TrialTerms.objects.update(smallest_count=1)
    report = withhold_few(make_report(ON))
    assert [count.number for count in report.flow.controls.events] == [1]
    assert len(report.balance) == 6


def test_page_and_files_of_the_report_leave_them_out(agency_client, project):
    publish_due(ON)
    query = {"on": ON.isoformat()}
    page = agency_client.get(reverse("evaluation:trial"), query).content.decode()
    assert "Streg: færre end 5 borgere vises ikke" in page
    assert "Årsager, kun for hele forsøget" in page
    table = agency_client.get(reverse("evaluation:download_trial", args=["csv"]), query).content.decode()
    lines = [line.split(";") for line in table.splitlines()]
    (died,) = (line for line in lines if line[:2] == ["flow", "control"] and line[2] == "Død")
    assert died[3] == ""
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
