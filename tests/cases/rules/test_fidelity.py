"""From the days that decide an element to its states over time (D7): partition, order, ends, pauses."""

import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.fidelity import (
    COURSE_ENDED,
    ElementPeriod,
    ElementState,
    Indicator,
    Lack,
    joined,
    overdue_from,
    periods,
    within,
)
from jobfirst.values.dates import DAY, DateSpan
from tests.loops import if_any

START = datetime.date(2016, 4, 4)
MET, NOT_YET, MISSED = ElementState.MET, ElementState.NOT_YET, ElementState.MISSED


def on(number: int) -> datetime.date:
    return START + number * DAY


def states(indicator, ended_on=None):
    return [(period.state, (period.from_on - START).days) for period in periods(indicator, START, ended_on)]


def test_not_yet_until_the_day_it_is_met():
    assert states(Indicator(met_from=on(5))) == [(NOT_YET, 0), (MET, 5)]


def test_missed_for_good_unless_it_can_be_mended():
    assert states(Indicator(met_from=on(9), missed_from=on(5))) == [(NOT_YET, 0), (MISSED, 5)]
    mendable = Indicator(met_from=on(9), missed_from=on(5), mendable=True)
    assert states(mendable) == [(NOT_YET, 0), (MISSED, 5), (MET, 9)]


def test_met_and_missed_later():
    assert states(Indicator(met_from=on(2), missed_from=on(5))) == [(NOT_YET, 0), (MET, 2), (MISSED, 5)]


def test_what_was_met_before_the_course_is_met_from_its_start():
    assert states(Indicator(met_from=on(-9))) == [(MET, 0)]


def test_what_is_not_decided_when_the_course_ends_is_missed():
    (_running, ended) = periods(Indicator(met_from=on(9)), START, on(8))
    assert (ended.state, ended.from_on, ended.until_on) == (MISSED, on(8), None)
    assert ended.reasons == (COURSE_ENDED,)


def test_what_is_met_on_the_day_of_the_end_is_met():
    assert states(Indicator(met_from=on(8)), on(8)) == [(NOT_YET, 0), (MET, 8)]


def test_nothing_is_missed_after_the_end():
    assert states(Indicator(met_from=on(2), missed_from=on(9)), on(8)) == [(NOT_YET, 0), (MET, 2)]


def test_each_lack_is_told_on_its_days_and_since_when_the_state_holds():
    lacks = [Lack("cv", on(0), on(3)), Lack("goals", on(0), on(6))]
    states = periods(Indicator(missed_from=on(2), due_on=on(1), lacks=lacks), START)
    assert states == [
        ElementPeriod(on(0), on(1), NOT_YET, on(0), ("cv", "goals"), on(1)),
        ElementPeriod(on(2), on(3), MISSED, on(2), ("cv", "goals")),
        ElementPeriod(on(4), on(6), MISSED, on(2), ("goals",)),
        ElementPeriod(on(7), None, MISSED, on(2)),
    ]


def test_a_period_is_cut_by_the_days_of_the_terms_and_joined_again():
    states = periods(Indicator(met_from=on(5)), START)
    first, second = DateSpan(datetime.date.min, on(7)), DateSpan(on(8))
    assert joined([*within(states, first), *within(states, second)]) == states


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([], 1),
        ([DateSpan(on(-3), on(0))], 1),
        ([DateSpan(on(0), on(4))], 5),
        ([DateSpan(on(1), on(4))], 5),
        ([DateSpan(on(2), on(4))], 1),
        ([DateSpan(on(1), None)], None),
    ],
)
def test_what_is_due_is_missed_on_the_first_day_after_it_that_no_pause_covers(pauses, expected):
    assert overdue_from(on(0), pauses) == (None if expected is None else on(expected))


DAYS = st.integers(-5, 40).map(on)
INDICATORS = st.builds(
    Indicator,
    met_from=st.none() | DAYS,
    missed_from=st.none() | DAYS,
    due_on=st.none() | DAYS,
    lacks=st.lists(st.builds(Lack, st.sampled_from(["a", "b"]), DAYS, st.none() | DAYS), max_size=3),
    mendable=st.booleans(),
)


@given(INDICATORS, st.none() | st.integers(0, 40).map(on))
def test_every_day_of_the_course_has_exactly_one_state(indicator, ended_on):
    states = periods(indicator, START, ended_on)
    assert states[0].from_on == START
    assert states[-1].until_on is None
    for period, following in if_any(pairwise(states)):
        assert period.until_on == following.from_on - DAY
    for number in range(60):
        day = on(number)
        (period,) = [period for period in states if day in period.days]
        judged_on = day if ended_on is None else min(day, ended_on)
        expected = indicator.state_on(judged_on)
        if ended_on is not None and day >= ended_on and expected is NOT_YET:
            expected = MISSED
        assert period.state is expected
        assert period.since <= day
