"""The weeks that the activity plan covers, and lines on other days: plain values (D13)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfirst.values.dates import DAY, WEEK, DateSpan
from plans.rules.period import (
    FEWEST_WEEKS,
    MOST_WEEKS,
    next_meeting_day,
    period_before,
    planning_period,
    weeks_of,
)
from plans.rules.repetition import MOST_REPEATS, moved_to, open_week, weekly_repeats

WEDNESDAY = datetime.date(2016, 5, 18)
MONDAY = datetime.date(2016, 5, 16)
DAYS = st.dates(datetime.date(2015, 1, 1), datetime.date(2018, 12, 31))


def test_the_plan_goes_to_the_week_of_the_next_meeting() -> None:
    period = planning_period(WEDNESDAY, datetime.date(2016, 6, 9))
    assert period == DateSpan(MONDAY, datetime.date(2016, 6, 12))
    assert [week.monday for week in weeks_of(period)] == [MONDAY + number * WEEK for number in range(4)]


@given(DAYS, DAYS)
def test_the_plan_is_whole_weeks_from_this_one(on, meeting) -> None:
    period = planning_period(on, meeting)
    assert period.first.isoweekday() == 1
    assert period.last_day.isoweekday() == 7
    assert on in DateSpan(period.first, period.first + 6 * DAY)
    assert FEWEST_WEEKS <= period.days // 7 <= MOST_WEEKS
    before = period_before(period)
    assert (before.days, before.last_day + DAY) == (period.days, period.first)


@pytest.mark.parametrize(
    ("booked", "expected"),
    [
        (datetime.date(2016, 5, 25), datetime.date(2016, 5, 25)),
        (None, datetime.date(2016, 5, 20) + 11 * DAY),
    ],
)
def test_the_next_meeting_is_the_booked_one_or_the_one_due(booked, expected) -> None:
    last_held = datetime.date(2016, 4, 30)
    assert next_meeting_day(WEDNESDAY, booked=booked, last_held=last_held, interval_days=31) == expected


def test_of_an_overdue_meeting_the_plan_goes_on_from_today() -> None:
    last_held = datetime.date(2016, 1, 1)
    day = next_meeting_day(WEDNESDAY, booked=None, last_held=last_held, interval_days=31)
    assert day == WEDNESDAY + 31 * DAY


def test_a_line_is_repeated_on_its_weekday_until_a_day_included() -> None:
    repeats = weekly_repeats(DateSpan(WEDNESDAY, WEDNESDAY + DAY), WEDNESDAY + 2 * WEEK)
    firsts = [span.first for span in repeats]
    assert firsts == [WEDNESDAY + WEEK, WEDNESDAY + 2 * WEEK]


@given(DAYS, st.integers(0, 20), st.integers(0, 400))
def test_repeats_keep_weekday_and_length(first, length, days) -> None:
    span = DateSpan(first, first + length * DAY)
    repeats = list(weekly_repeats(span, first + days * DAY))
    assert len(repeats) == min(days // 7, MOST_REPEATS)
    for repeat in repeats:
        assert (repeat.days, repeat.first.weekday()) == (span.days, first.weekday())
        assert moved_to(repeat, first) == span


@given(DAYS, st.integers(0, 10))
def test_a_line_without_a_day_has_days_of_its_week_only(day, offset) -> None:
    not_before = day - offset * DAY
    span = open_week(day, not_before=not_before)
    assert not span.is_empty
    assert day in span
    assert span.first >= not_before or span.first == day
    assert span.first.isocalendar()[:2] == span.last_day.isocalendar()[:2]


def test_the_first_week_of_a_course_begins_on_its_first_day() -> None:
    assert open_week(WEDNESDAY, not_before=WEDNESDAY) == DateSpan(WEDNESDAY, MONDAY + 4 * DAY)
