"""The rules of the outcomes by example: randomisation test, bounds, criteria and power (D6)."""

import random
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.criteria import Verdict, judge_hours, judge_progression
from evaluation.rules.effects import CitizenOutcome, difference, ratio
from evaluation.rules.missing_outcomes import FilledMonths, MissingCase, filled_outcomes
from evaluation.rules.power import ArmSizes, Certainty, detectable_difference, deviation_within_strata
from evaluation.rules.randomisation_test import DrawnOutcome, randomisation_test
from evaluation.rules.redraws import redrawn_arms
from randomization.draw.blocks import CONTROL, PARTICIPANT, arms
from tests.loops import some

PLANNED = Certainty(power=80, significance=5)


def drawn_trial(hours_of, *, strata=3, size=20, key=b"trial"):
    """A trial drawn by the generator; `hours_of` gives the hours of an arm."""
    return [
        DrawnOutcome(stratum, slot, arm, float(hours_of(arm)))
        for stratum in (f"{number}/a" for number in range(strata))
        for slot, arm in enumerate(arms(key + stratum.encode(), size), start=1)
    ]


# The randomisation test


def test_randomisation_test_is_the_share_of_repetitions_with_as_large_a_difference():
    rng = random.Random(3)
    trial = drawn_trial(lambda arm: rng.uniform(0, 50) + 6 * (arm == PARTICIPANT))
    observed = abs(difference([CitizenOutcome(row.stratum, row.arm, row.hours) for row in trial]).estimate)
    as_large = 0
    for replicate in range(99):
        lists = {row.stratum: redrawn_arms(b"seed", replicate, row.stratum, 20) for row in trial}
        redrawn = [CitizenOutcome(row.stratum, lists[row.stratum][row.slot - 1], row.hours) for row in trial]
        as_large += abs(difference(redrawn).estimate) >= observed
    assert randomisation_test(trial, b"seed", 99) == (1 + as_large) / 100


def test_large_effect_has_the_smallest_possible_p():
    trial = drawn_trial(lambda arm: 100 if arm == PARTICIPANT else 0)
    assert randomisation_test(trial, b"seed", 199) == 1 / 200


def test_p_without_an_effect_is_even():
    rng = np.random.default_rng(5)
    shares = [
        randomisation_test(drawn_trial(lambda _arm: rng.uniform(0, 50), key=b"%d" % number), b"seed", 99)
        for number in range(200)
    ]
    assert 0.02 <= sum(share <= 0.05 for share in shares) / 200 <= 0.09
    assert 0.42 <= sum(shares) / 200 <= 0.59


@pytest.mark.parametrize(
    "trial",
    [
        [],
        drawn_trial(lambda _arm: 7),
        [DrawnOutcome("a", 1, PARTICIPANT, 5.0), DrawnOutcome("b", 1, CONTROL, 0.0)],
    ],
    ids=["nobody", "all alike", "an arm a stratum"],
)
def test_without_anything_to_compare_there_is_no_p(trial):
    assert randomisation_test(trial, b"seed", 99) is None


# Missing months


def filled(arm, *, months, missing, hours):
    """The months of a citizen, of which some are missing; full time is 160 hours."""
    outcomes = [CitizenOutcome("a", arm, (hours + in_missing * missing) / months) for in_missing in (160, 0)]
    return FilledMonths(*outcomes)


def test_missing_months_are_full_time_for_the_favoured_arm_and_nothing_for_the_other():
    citizens = [
        filled(PARTICIPANT, months=4, missing=3, hours=20),
        filled(CONTROL, months=4, missing=2, hours=20),
        filled(CONTROL, months=2, missing=2, hours=0),
    ]
    best = filled_outcomes(citizens, MissingCase.BEST)
    worst = filled_outcomes(citizens, MissingCase.WORST)
    assert [outcome.hours for outcome in best] == [(20 + 3 * 160) / 4, 5, 0]
    assert [outcome.hours for outcome in worst] == [5, (20 + 2 * 160) / 4, 160]


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6), st.integers(0, 160)), min_size=6, max_size=20)
)
def test_whatever_was_missing_lies_between_the_cases(rows):
    citizens, truth = [], []
    for n, (months, in_file, hours_a_month) in enumerate(rows):
        arm, missing = (PARTICIPANT, CONTROL)[n % 2], max(0, months - in_file)
        hours = hours_a_month * (months - missing)
        citizens.append(filled(arm, months=months, missing=missing, hours=hours))
        truth.append(CitizenOutcome("a", arm, (hours + 80 * missing) / months))
    best, worst = (difference(filled_outcomes(citizens, case)).estimate for case in MissingCase)
    assert worst - 1e-9 <= difference(truth).estimate <= best + 1e-9


# The criteria


@pytest.mark.parametrize(
    ("participants", "controls", "running", "verdict"),
    [
        (20, 10, 0, Verdict.MET),
        (19.99, 10, 0, Verdict.NOT_MET),
        (sum([0.1, 0.2, 0.3]) - 1e-15, 0.3, 0, Verdict.MET),  # rounding is no shortfall
        (0.6 - 2**-53, 0.3, 0, Verdict.MET),
        (5, 0, 0, Verdict.MET),
        (0, 0, 0, Verdict.NOT_MET),
        (20, 10, 1, Verdict.TOO_EARLY),
        (None, 10, 0, Verdict.TOO_EARLY),
        (20, None, 0, Verdict.TOO_EARLY),
    ],
)
def test_twice_the_hours(participants, controls, running, verdict):
    assert judge_hours(participants, controls, factor=2, courses_running=running) is verdict


@pytest.mark.parametrize(
    ("progressed", "compared", "running", "verdict"),
    [
        (3, 4, 0, Verdict.MET),
        (74, 100, 0, Verdict.NOT_MET),
        (0, 0, 0, Verdict.TOO_EARLY),
        (3, 4, 2, Verdict.TOO_EARLY),
    ],
)
def test_three_quarters_progressed(progressed, compared, running, verdict):
    assert judge_progression(progressed, compared, percent=75, courses_running=running) is verdict


# Power


@pytest.mark.parametrize(("citizens", "deviations"), [(393, 0.20), (99, 0.40), (64, 0.50)])
def test_power_is_that_of_cohen_s_table(citizens, deviations):
    """Cohen (1988), table 2.4.1: citizens in each arm for a power of 80 % at a two-sided 5 %."""
    assert detectable_difference([ArmSizes(citizens, citizens)], 1, PLANNED) == pytest.approx(
        deviations, abs=0.005
    )


def test_the_whole_trial_finds_less_than_a_tenth():
    assert detectable_difference([ArmSizes(80, 80)] * 30, 1, PLANNED) == pytest.approx(0.0809, abs=1e-4)


def test_only_comparisons_within_strata_count():
    even = detectable_difference([ArmSizes(10, 10)], 40, PLANNED)
    assert detectable_difference([ArmSizes(10, 10), ArmSizes(50, 0)], 40, PLANNED) == even
    assert detectable_difference([ArmSizes(5, 0), ArmSizes(0, 5)], 40, PLANNED) is None
    assert detectable_difference([], 40, PLANNED) is None


def test_deviation_is_that_of_controls_around_the_mean_of_their_stratum():
    controls = [
        CitizenOutcome(stratum, CONTROL, base + n % 2)
        for stratum, base in (("a", 0.0), ("b", 90.0))
        for n in range(20)
    ]
    participants = [CitizenOutcome("a", PARTICIPANT, 500.0)]
    assert deviation_within_strata([*controls, *participants]) == pytest.approx(sqrt(10 / 38))
    assert deviation_within_strata(controls[:25]) is None


# Intervals


@pytest.mark.long
def test_intervals_hold_the_true_effect_95_times_in_100():
    """1,000 simulated trials of 30 strata drawn by the generator: many citizens without any hours."""
    rng = np.random.default_rng(14)
    lists = [
        [arm == PARTICIPANT for arm in arms(b"%d/%d" % (number, stratum), 30)]
        for number in range(1000)
        for stratum in range(12)
    ]
    names = [str(stratum) for stratum in range(12) for _ in range(30)]
    level = np.repeat(np.linspace(5, 25, 12), 30)
    differences = ratios = 0
    for number in some(range(1000)):
        participant = np.concatenate(lists[12 * number : 12 * number + 12])
        works = rng.random(360) < 0.5
        hours = works * rng.gamma(2, level * (1 + participant))  # twice the hours: mean `level` for controls
        outcomes = [
            CitizenOutcome(name, PARTICIPANT if is_participant else CONTROL, value)
            for name, is_participant, value in zip(names, participant, hours, strict=True)
        ]
        effect, times = difference(outcomes), ratio(outcomes)
        weights = np.bincount(np.arange(360) // 30, weights=participant)
        weights = weights * (30 - weights)
        true_difference = float(weights @ np.linspace(5, 25, 12) / weights.sum())
        differences += effect.low <= true_difference <= effect.high
        ratios += times.low <= 2 <= times.high
    assert 935 <= differences <= 965
    assert 935 <= ratios <= 965
