"""Reports and closing assessments at the same second: one outcome each (D48, D54)."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError

from companies.actions.placements import end_placement
from companies.closing.actions import AssessedBy, assess
from companies.models import AttendanceWeek, ClosingAssessment, CompanyContact, PlacementReport
from companies.reports.actions import accept_absence, accept_stop, refuse_report, report
from jobfirst.kit.versioned import StaleError
from tests.companies.annex.factories import PlacementReportFactory
from tests.concurrency import run_at_once

TODAY = datetime.date(2016, 5, 18)
TUESDAY = datetime.date(2016, 5, 17)
MONDAY = datetime.date(2016, 5, 9)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def waiting(engaged) -> PlacementReport:
    """Two days of illness that wait for a decision."""
    return PlacementReportFactory(
        placement=engaged, first_on=MONDAY, last_on=datetime.date(2016, 5, 10), reason=""
    )


def report_illness(placement, on, submission=None) -> PlacementReport:
    content = {"kind": "absence", "absence": "ill", "first_on": on, "last_on": on, "reason": ""}
    contact = CompanyContact.objects.get(company=placement.company)
    return report(placement, content, contact=contact, today=TODAY, submission=submission)


def test_a_report_sent_twice_at_the_same_second_is_one(engaged) -> None:
    submission = uuid.uuid4()
    first, second = run_at_once([lambda: report_illness(engaged, TUESDAY, submission)] * 2)
    assert first == second == PlacementReport.objects.get()


def test_two_reports_at_the_same_second_both_wait(engaged) -> None:
    outcomes = run_at_once([lambda: report_illness(engaged, TUESDAY), lambda: report_illness(engaged, TODAY)])
    assert set(outcomes) == set(PlacementReport.objects.filter(state="waiting"))
    assert len(set(outcomes)) == 2


def test_a_report_accepted_twice_at_once_is_entered_once(engaged, waiting, holder) -> None:
    outcomes = run_at_once([lambda: accept_absence(waiting, by=holder, today=TODAY)] * 2)
    assert outcomes == [waiting, waiting]
    week = AttendanceWeek.objects.get()
    assert (week.ill, week.present, week.version) == (2, 3, 1)


def test_accepting_while_the_company_reports_again_enters_only_the_first(engaged, waiting, holder) -> None:
    accepted, later = run_at_once(
        [lambda: accept_absence(waiting, by=holder, today=TODAY), lambda: report_illness(engaged, TUESDAY)]
    )
    assert (accepted.state, later.state) == ("accepted", "waiting")
    assert AttendanceWeek.objects.get().monday == MONDAY


def test_accepting_and_refusing_at_once_has_one_outcome(engaged, waiting, holder) -> None:
    outcomes = run_at_once(
        [
            lambda: accept_absence(waiting, by=holder, today=TODAY),
            lambda: refuse_report(waiting, reason="Var der", by=holder),
        ]
    )
    assert sum(isinstance(outcome, ValidationError | StaleError) for outcome in outcomes) == 1
    waiting.refresh_from_db()
    assert AttendanceWeek.objects.exists() == (waiting.state == "accepted")


def test_a_stop_accepted_twice_at_once_ends_the_placement_once(engaged, holder) -> None:
    stop = PlacementReportFactory(
        placement=engaged, kind="early_stop", absence="", first_on=None, last_on=TUESDAY, reason="Lukker"
    )
    version = engaged.version
    run_at_once(
        [lambda: accept_stop(stop, ended_on=TUESDAY, by=holder, today=TODAY, end_reason="other_work")] * 2
    )
    engaged.refresh_from_db()
    assert (engaged.ended_on, engaged.version) == (TUESDAY, version + 1)


@pytest.mark.parametrize("is_same_form", [True, False])
def test_two_assessments_at_the_same_second_are_one(engaged, is_same_form) -> None:
    over = end_placement(engaged, ended_on=TUESDAY, today=TODAY)
    content = {"outcome": "completed", "hired_as": "", "hired_hours": None, "comment": ""}
    forms = [uuid.uuid4()] * 2 if is_same_form else [uuid.uuid4(), uuid.uuid4()]

    def give(submission):
        return assess(over, content, AssessedBy("Karla", TODAY), today=TODAY, submission=submission)

    outcomes = run_at_once([lambda form=form: give(form) for form in forms])
    refusals = [outcome for outcome in outcomes if isinstance(outcome, ValidationError)]
    assert len(refusals) == (0 if is_same_form else 1)
    assert ClosingAssessment.objects.count() == 1
