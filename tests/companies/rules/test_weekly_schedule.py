"""The weekly schedule: minutes, nights and overlaps, by example and against a week of single minutes."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.rules.weekly_schedule import (
    DAY_MINUTES,
    WEEK_MINUTES,
    WorkPeriod,
    clashes,
    is_credible,
    weekly_hours,
)
from tests.scenarios.work_agreements import work_period

TIMES = st.integers(0, DAY_MINUTES // 15 - 1).map(
    lambda quarter: datetime.time(quarter // 4, quarter % 4 * 15)
)
PERIODS = st.builds(
    WorkPeriod, st.integers(1, 7), TIMES, TIMES, st.sampled_from(["internship", "ordinary"])
).filter(lambda period: period.minutes > 0)


def minutes_of(period: WorkPeriod) -> set[int]:
    """Return the minutes of the week that a period covers, counted one by one."""
    minutes, minute = set(), (period.weekday - 1) * DAY_MINUTES
    minute += period.starts_at.hour * 60 + period.starts_at.minute
    end = period.ends_at.hour * 60 + period.ends_at.minute
    while not minutes or minute % DAY_MINUTES != end:
        minutes.add(minute)
        minute = (minute + 1) % WEEK_MINUTES
    return minutes


@pytest.mark.parametrize(
    ("first", "last", "hours"),
    [
        ("22:00", "06:00", "8.00"),
        ("16:00", "00:00", "8.00"),
        ("00:00", "06:00", "6.00"),
        ("8:30".zfill(5), "12:00", "3.50"),
    ],
)
def test_a_period_may_end_at_midnight_or_the_next_day(first, last, hours) -> None:
    assert str(weekly_hours([work_period(1, first, last)], "internship")) == hours


def test_two_periods_of_one_kind_on_a_day_add_up() -> None:
    day = [work_period(2, "00:00", "06:00"), work_period(2, "22:00", "23:59")]
    assert clashes(day) == set()
    assert str(weekly_hours(day, "internship")) == "7.98"


def test_a_night_shift_overlaps_the_next_morning_also_from_sunday_to_monday() -> None:
    assert clashes([work_period(1, "22:00", "06:00"), work_period(2, "05:00", "09:00")]) == {2}
    assert clashes([work_period(7, "22:00", "06:00"), work_period(1, "05:59", "09:00")]) == {1}
    assert clashes([work_period(7, "22:00", "06:00"), work_period(1, "06:00", "09:00")]) == set()
    assert clashes([work_period(7, "16:00", "00:00"), work_period(1, "00:00", "06:00")]) == set()


def test_an_end_that_was_typed_wrong_is_no_night_shift() -> None:
    assert is_credible(work_period(1, "22:00", "06:00"))
    assert not is_credible(work_period(1, "08:30", "08:00"))
    assert not is_credible(work_period(1, "08:00", "08:00"))


@given(PERIODS)
def test_the_length_is_the_number_of_minutes_covered(period) -> None:
    assert period.minutes == len(minutes_of(period))


@given(PERIODS, PERIODS)
def test_periods_overlap_when_a_minute_is_in_both(first, second) -> None:
    assert first.overlaps(second) == bool(minutes_of(first) & minutes_of(second))
    assert bool(clashes([first, second])) == first.overlaps(second)


@given(st.lists(PERIODS, max_size=8))
def test_without_a_clash_the_hours_are_those_of_the_minutes_covered(periods) -> None:
    covered = set().union(*(minutes_of(period) for period in periods)) if periods else set()
    minutes = sum(period.minutes for period in periods)
    assert (minutes == len(covered)) == (clashes(periods) == set())
