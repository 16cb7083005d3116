"""Balance, the omnibus test and the convergence guess, against values computed by hand."""

import hashlib
import random
from datetime import date
from math import sqrt
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import balance
from evaluation.rules.balance import DrawnUnit, baseline_differences, guess_rate, omnibus_test
from evaluation.rules.enrolment import expected_day, forecast_enrolment
from jobfirst.values.dates import DateSpan
from randomization.draw.blocks import CONTROL, PARTICIPANT, arms
from tests.loops import if_any


def units(participants, controls):
    """Drawn citizens of one stratum with one value each."""
    return [
        *(DrawnUnit("s", n, PARTICIPANT, (value,)) for n, value in enumerate(participants, 1)),
        *(DrawnUnit("s", len(participants) + n, CONTROL, (value,)) for n, value in enumerate(controls, 1)),
    ]


def test_a_difference_by_hand():
    (difference,) = baseline_differences(units([40, 50, 60], [30, 40, 50, 60]))

    assert (difference.participants, difference.controls) == (50, 45)
    assert difference.standardised == pytest.approx(5 / sqrt((100 + 500 / 3) / 2))
    assert difference.band == pytest.approx(1.959964 * sqrt(1 / 3 + 1 / 4))


@pytest.mark.parametrize(
    ("participants", "controls"), [([], []), ([1], [2, 3]), ([1, 1], [1, 1]), ([1, 2], [])]
)
def test_a_difference_that_cannot_be_computed_is_none(participants, controls):
    for difference in if_any(baseline_differences(units(participants, controls))):
        assert difference.standardised is None
        assert difference.band is None


def draw_trial(values_of, strata=6, size=40, seed=0):
    """A trial drawn by the generator, each citizen with the values that `values_of(arm, chance)` gives."""
    chance = random.Random(seed)
    drawn_units = []
    for stratum in range(strata):
        key = hashlib.sha256(f"{seed}/{stratum}".encode()).digest()
        for slot, arm in enumerate(arms(key, size), 1):
            drawn_units.append(DrawnUnit(f"s{stratum}", slot, arm, values_of(arm, chance)))
    return drawn_units


def test_the_omnibus_test_finds_a_difference():
    shifted = draw_trial(lambda arm, chance: (chance.gauss(0.8 * (arm == PARTICIPANT), 1), chance.random()))

    assert omnibus_test(shifted, b"seed", 199) == 1 / 200


def test_without_a_difference_the_p_values_are_spread_evenly():
    p_values = [
        omnibus_test(
            draw_trial(lambda arm, chance: (chance.gauss(0, 1), chance.random()), seed=number), b"seed", 99
        )
        for number in range(100)
    ]

    assert 0.4 < mean(p_values) < 0.6
    assert 1 <= sum(p <= 0.1 for p in p_values) <= 20
    assert min(p_values) >= 1 / 100
    assert max(p_values) <= 1


def test_the_same_seed_gives_the_same_answer():
    drawn_units = draw_trial(lambda arm, chance: (chance.random(),))

    assert omnibus_test(drawn_units, b"seed", 50) == omnibus_test(drawn_units, b"seed", 50)


def test_the_omnibus_test_is_none_when_there_is_nothing_to_compare():
    assert omnibus_test([], b"") is None
    assert omnibus_test(units([1, 2], []), b"") is None
    assert omnibus_test(units([1, 1], [1, 1]), b"") is None


@given(st.lists(st.lists(st.sampled_from([PARTICIPANT, CONTROL]), max_size=30), max_size=5))
def test_the_guess_lies_between_never_and_always(strata):
    share, count = guess_rate(strata)

    assert count == sum(map(len, strata))
    assert 0 <= share <= 1


def test_the_guess_by_hand():
    p, c = PARTICIPANT, CONTROL
    assert guess_rate([]) == (0.0, 0)
    assert guess_rate([[p, c, p, c]]) == ((0.5 + 1 + 0.5 + 1) / 4, 4)
    assert guess_rate([[p, p, c, c], [c]]) == ((0.5 + 0 + 1 + 1 + 0.5) / 5, 5)
    lists = [arms(hashlib.sha256(b"%d" % n).digest(), 100) for n in range(300)]
    assert guess_rate(lists)[0] == pytest.approx(0.679, abs=0.006)


@pytest.mark.parametrize(
    ("enrolled", "on", "expected", "reached"),
    [
        (0, date(2016, 6, 1), 0, None),
        (25, date(2016, 5, 31), 100, date(2017, 2, 28)),
        (10, date(2016, 5, 31), 40, date(2018, 8, 28)),
        (100, date(2016, 12, 1), 132, None),
        (7, date(2016, 3, 1), 7, None),
        (50, date(2017, 3, 1), 50, date(2018, 3, 1)),
    ],
)
def test_forecast_at_an_even_pace(enrolled, on, expected, reached):
    span = DateSpan(date(2016, 3, 1), date(2017, 3, 1))

    assert forecast_enrolment(enrolled, span=span, on=on) == expected
    assert expected_day(enrolled, 100, first=span.first, on=on) == reached


def test_replicates_are_enough_for_a_share_of_one_in_five_hundred():
    assert balance.REPLICATES == 499
