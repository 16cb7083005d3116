"""The sums of outcomes by arm and stratum, as the database makes them (D6)."""

import datetime
from collections import defaultdict
from statistics import fmean

import pytest

from accounts.models import Project
from cases.models import Course
from evaluation.models import PaidHours
from evaluation.outcomes import stored_test
from evaluation.outcomes.citizen_months import citizen_months, outcomes_of
from evaluation.outcomes.period import OutcomePeriod, chosen_period
from evaluation.outcomes.stratum_arms import outcomes_of as outcomes_of_arms
from evaluation.outcomes.stratum_arms import sum_outcomes
from evaluation.rules.effects import difference, ratio
from evaluation.rules.missing_outcomes import MissingCase, filled_outcomes
from randomization.models import Allocation
from tests.evaluation.outcome_trials import drawn, month, paid, random_trial
from tests.factories import ProjectFactory
from tests.loops import some

pytestmark = pytest.mark.django_db
FULL_TIME = 160.33


def sums_of(period, *, course_weeks=39):
    return sum_outcomes(period, full_time_hours=FULL_TIME, course_weeks=course_weeks)


@pytest.fixture
def project(db):
    return ProjectFactory()


@pytest.fixture
def trial(project):
    random_trial(ProjectFactory(), 40, seed=2)
    return random_trial(project, 60)


def test_sums_are_those_of_the_citizens(trial):
    period = OutcomePeriod(month("2016-06"), month("2016-11"))
    citizens = defaultdict(list)
    for row in citizen_months(period):
        citizens[row.stratum, row.arm].append(row)
    for arm in some(sums_of(period).arms):
        rows = citizens.pop((arm.stratum, arm.arm))
        hours = [row.hours for row in rows if row.hours is not None]
        assert arm.drawn == len(rows)
        assert arm.delivered == sum(row.delivered for row in rows)
        assert arm.with_hours == sum(value > 0 for value in hours)
        assert (arm.analysed, arm.mean) == (len(hours), pytest.approx(fmean(hours)))
        assert arm.squares == pytest.approx(sum((value - fmean(hours)) ** 2 for value in hours))
    assert not citizens


def test_estimates_of_the_sums_are_those_of_the_citizens(trial):
    period = chosen_period(None, None)
    rows, sums = outcomes_of(citizen_months(period)), outcomes_of_arms(sums_of(period).arms)
    for estimate in (difference, ratio):
        by_row, by_sum = estimate(rows), estimate(sums)
        assert (by_sum.estimate, by_sum.low, by_sum.high) == pytest.approx(
            (by_row.estimate, by_row.low, by_row.high), rel=1e-9
        )


def test_missing_months_are_filled(project):
    paid(drawn(project, "participant"), "2016-05", 30, None, 50)
    drawn(project, "participant", on=datetime.date(2016, 5, 31))
    paid(drawn(project, "control"), "2016-05", 10, 20)
    drawn(project, "control", on=datetime.date(2016, 7, 1))  # no month yet
    control, participant = sums_of(OutcomePeriod(month("2016-05"), month("2016-07"))).arms
    assert (participant.drawn, participant.analysed, participant.missing) == (2, 1, 3)
    assert (control.in_ledger, control.drawn, control.missing) == (2, 1, 1)
    best, worst = (
        [(row.hours, row.citizens) for row in filled_outcomes([participant.filled, control.filled], case)]
        for case in MissingCase
    )
    of_participants = ((80 + FULL_TIME) / 3 + FULL_TIME) / 2
    assert best == [(pytest.approx(of_participants), 2), (pytest.approx(10), 1)]
    assert worst == [(pytest.approx(80 / 3 / 2), 2), (pytest.approx((30 + FULL_TIME) / 3), 1)]


def test_courses_that_run_at_the_end_of_the_period(project):
    period = OutcomePeriod(month("2016-05"), month("2016-07"))
    for ended_on in (None, datetime.date(2016, 7, 31), datetime.date(2016, 8, 1)):
        allocation = drawn(project, "participant")
        Course.objects.filter(citizen=allocation.citizen).update(
            ended_on=ended_on, end_reason="moved" if ended_on else ""
        )
    (arm,) = sums_of(period).arms
    assert arm.running == 2
    # Drawn on 4 April: 17 weeks later is 1 August.
    assert [sums_of(period, course_weeks=weeks).arms[0].running for weeks in (16, 17)] == [0, 2]
    Project.objects.filter(pk=project.pk).update(ends_on="2016-07-31")
    assert sums_of(period).arms[0].running == 0


def test_without_a_period_everybody_is_in_the_ledger_and_nobody_has_months(project):
    assert sums_of(None).arms == []
    drawn(project, "control")
    (arm,) = sums_of(None).arms
    assert (arm.in_ledger, arm.drawn, arm.analysed, arm.mean) == (1, 0, 0, None)


def test_digests_are_those_of_the_rows(trial, monkeypatch):
    """Another key would reckon the randomisation test at every opening of the page."""
    period = chosen_period(None, None)
    first = stored_test.cached_test(period, sums_of(period), 99)
    monkeypatch.setattr(stored_test, "randomisation_test", None)  # called again it would fail
    assert stored_test.cached_test(period, sums_of(period), 99) == first
    PaidHours.objects.filter(citizen=Allocation.objects.first().citizen).update(hours="0.01")
    with pytest.raises(TypeError):
        stored_test.cached_test(period, sums_of(period), 99)
