"""The second analysis: deviations by the draw as instrument, and without those who deviated (D59)."""

import datetime
import random

import pytest
from django.urls import reverse

from accounts.roles import Role
from evaluation.models import PaidHours
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.second_analysis import ArmCompliance, SecondAnalysis, second_analysis
from evaluation.rules.compliance import TreatedOutcome, complier_effect
from evaluation.rules.effects import CitizenOutcome, difference
from randomization.models import Arm
from tests.evaluation.factories import DeviationFactory
from tests.factories import AllocationFactory, ReferralFactory, UserFactory

STRATA = ("0851/activity_ready", "0851/resource_programme", "0751/activity_ready")
MAY = datetime.date(2016, 5, 1)
ON = datetime.date(2016, 9, 1)


def simulated(seed, citizens=300, *, effect=10.0, followers=0.8):
    """A trial in which a share follows the draw; of the others half always and half never have the course,
    and those who always have it would have more hours anyhow."""
    chance = random.Random(seed)
    outcomes = []
    for number in range(citizens):
        stratum = STRATA[number % len(STRATA)]
        arm = "participant" if (number // len(STRATA)) % 2 else "control"
        lot = chance.random()
        had_course = arm == "participant" if lot < followers else lot < (1 + followers) / 2
        level = 30 + 15 * (followers <= lot < (1 + followers) / 2) + 5 * STRATA.index(stratum)
        outcomes.append(
            TreatedOutcome(stratum, arm, had_course, level + effect * had_course + chance.gauss(0, 12))
        )
    return outcomes


@pytest.mark.parametrize("seed", range(3))
def test_it_is_two_stage_least_squares_of_statsmodels(seed):
    import numpy as np
    from statsmodels.sandbox.regression.gmm import IV2SLS

    outcomes = simulated(seed)
    hours = np.array([row.hours for row in outcomes])
    dummies = np.array([[float(row.stratum == stratum) for stratum in STRATA] for row in outcomes])
    treated = np.column_stack([[float(row.had_course) for row in outcomes], dummies])
    drawn = np.column_stack([[float(row.arm == "participant") for row in outcomes], dummies])

    answer = complier_effect(outcomes)

    fitted = IV2SLS(hours, treated, drawn).fit()
    assert answer.effect.estimate == pytest.approx(fitted.params[0], rel=1e-9)
    residuals = hours - treated @ fitted.params
    bread = np.linalg.inv(drawn.T @ treated)
    leverage = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(drawn.T @ drawn), drawn)
    meat = drawn.T @ (drawn * (residuals**2 / (1 - leverage))[:, None])
    variance = bread @ meat @ bread.T
    assert answer.effect.error == pytest.approx(np.sqrt(variance[0, 0]), rel=1e-9)


def test_where_everybody_follows_it_is_the_first_analysis():
    outcomes = simulated(1, followers=1.0)

    second = complier_effect(outcomes)

    first = difference([CitizenOutcome(row.stratum, row.arm, row.hours) for row in outcomes])
    assert second.uptake == pytest.approx(1)
    assert second.effect.estimate == pytest.approx(first.estimate)
    assert second.effect.error == pytest.approx(first.error)


def test_the_interval_holds_the_effect_on_those_who_follow_in_95_of_100_trials():
    holds = 0
    for seed in range(400):
        effect = complier_effect(simulated(seed, citizens=240)).effect
        holds += effect.low <= 10 <= effect.high

    assert 0.925 <= holds / 400 <= 0.975


@pytest.mark.parametrize(
    "outcomes",
    [
        [],
        [TreatedOutcome("s", "participant", True, 1.0)] * 3,
        [TreatedOutcome("s", arm, True, 1.0) for arm in ("participant", "control") * 4],
    ],
)
def test_without_a_comparison_there_is_no_effect(outcomes):
    assert complier_effect(outcomes) is None


@pytest.fixture
def trial(aalborg):
    """Ten of each arm with hours: 30 as participants, 10 as controls; six of the participants never started
    and have 10, and five controls were given the course and have 30."""
    rows = []
    for number in range(10):
        for arm, hours in (("participant", 30), ("control", 10)):
            row = AllocationFactory(referral=ReferralFactory(project=aalborg), arm=arm)
            deviates = number < (6 if arm == "participant" else 5)
            PaidHours.objects.create(citizen=row.citizen, month=MAY, hours=40 - hours if deviates else hours)
            rows.append((row, deviates))
    return rows


def deviate(trial):
    kinds = {"participant": "never_started", "control": "control_given_course"}
    for row, deviates in trial:
        if deviates:
            DeviationFactory(allocation=row, kind=kinds[row.arm])


@pytest.mark.django_db
def test_deviations_change_the_second_analysis_and_not_the_first(trial):
    period = OutcomePeriod(MAY, MAY)

    before = second_analysis(period, on=ON, limit=5)
    deviate(trial)
    after = second_analysis(period, on=ON, limit=5)

    assert before.as_drawn == after.as_drawn
    assert after.as_drawn.estimate == pytest.approx(-2)  # 18 less 20
    assert before.as_followed.effect.estimate == pytest.approx(-2)
    assert after.as_followed is None or after.as_followed.uptake < 0.1
    assert after.per_protocol is None or after.per_protocol.estimate == pytest.approx(20)
    assert [(arm.analysed, arm.had_course, arm.left_out) for arm in after.arms] == [
        (10, 0, 10),
        (10, 5, 5),
    ]  # 4 and 6 of the participants, rounded


@pytest.mark.parametrize(
    ("participants", "controls", "points"),
    [((15, 10), (15, 0), 66.6), ((20, 15), (15, 5), 41.6), ((10, 5), (10, 5), None), ((0, 0), (10, 0), None)],
)
def test_the_share_with_the_course_rose_by_at_least_so_much(participants, controls, points):
    arms = [
        ArmCompliance(arm, numbers[0], *numbers, left_out=0)
        for arm, numbers in ((Arm.PARTICIPANT, participants), (Arm.CONTROL, controls))
    ]
    effect = complier_effect(simulated(1))
    analysis = SecondAnalysis(OutcomePeriod(MAY, MAY), arms, None, effect, None, False, False)
    assert analysis.uptake_percent == points


@pytest.mark.django_db
def test_the_page_says_that_the_rise_is_a_lower_bound(client, trial):
    (row, _deviates), *_rest = trial
    DeviationFactory(allocation=row, kind="control_given_course" if row.arm == "control" else "never_started")
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    text = client.get(reverse("evaluation:second_results")).content.decode()
    assert "med mindst 50,0 procentpoint" in text  # nine of ten, rounded


@pytest.mark.django_db
def test_what_few_left_out_would_tell_is_withheld(trial):
    (row, _deviates), *_rest = trial
    DeviationFactory(allocation=row, kind="never_started")

    analysis = second_analysis(OutcomePeriod(MAY, MAY), on=ON, limit=5)

    assert (analysis.few_left_out, analysis.per_protocol) == (True, None)
    assert analysis.as_drawn is not None


@pytest.mark.django_db
def test_of_too_few_citizens_nothing_is_shown(trial):
    analysis = second_analysis(OutcomePeriod(MAY, MAY), on=ON, limit=11)

    assert analysis.is_withheld
    assert (analysis.as_drawn, analysis.as_followed, analysis.per_protocol) == (None, None, None)


@pytest.mark.django_db
def test_the_page_stands_beside_the_first_and_keeps_its_queries(client, trial, django_assert_max_num_queries):
    deviate(trial)
    client.force_login(UserFactory(roles=[Role.AGENCY]))

    with django_assert_max_num_queries(12):
        text = client.get(reverse("evaluation:second_results")).content.decode()

    assert "Først: alle som trukket" in text
    assert reverse("evaluation:second_results") in client.get(reverse("evaluation:results")).content.decode()
