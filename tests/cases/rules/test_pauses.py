"""Which weeks a pause suspends (D50)."""

import datetime

import pytest

from cases.rules.pauses import first_week_not_paused, with_whole_weeks
from cases.rules.weekly_contact import week_of
from jobfirst.values.dates import DAY, DateSpan


def may(day):
    return datetime.date(2016, 5, day)


MONDAY = may(2)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (may(2), may(8), may(9)),
        (may(5), may(8), may(9)),
        (may(6), may(8), MONDAY),
        (may(5), may(7), MONDAY),
        (may(5), may(14), may(9)),
        (may(5), may(15), may(16)),
        (may(5), None, None),
        (may(9), None, MONDAY),
    ],
)
def test_a_week_is_paused_when_its_thursday_to_sunday_are(first, last, expected):
    week = first_week_not_paused(week_of(MONDAY), [DateSpan(first, last)], weekday=4)
    assert (week and week.monday) == expected


@pytest.mark.parametrize(("weekday", "first"), [(1, may(2)), (3, may(4)), (5, may(6)), (7, may(8))])
def test_another_weekday_asks_for_longer_or_shorter_pauses(weekday, first):
    week = week_of(MONDAY)
    assert first_week_not_paused(week, [DateSpan(first, may(8))], weekday=weekday).monday == may(9)
    assert first_week_not_paused(week, [DateSpan(first + DAY, may(8))], weekday=weekday) == week


def test_pauses_with_an_owed_week_between_them():
    pauses = [DateSpan(may(2), may(8)), DateSpan(may(10), may(15))]
    assert first_week_not_paused(week_of(MONDAY), pauses, weekday=4).monday == may(16)
    assert first_week_not_paused(week_of(MONDAY), [pauses[0]], weekday=4).monday == may(9)


def test_a_paused_week_is_paused_from_its_monday():
    pauses = [DateSpan(may(4), may(8)), DateSpan(may(13), may(20)), DateSpan(may(26), None)]
    assert list(with_whole_weeks(pauses, weekday=4)) == [
        DateSpan(may(2), may(8)),
        DateSpan(may(13), may(20)),
        DateSpan(may(23), None),
    ]
    assert list(with_whole_weeks(pauses, weekday=3)) == [
        DateSpan(may(2), may(8)),
        DateSpan(may(13), may(20)),
        DateSpan(may(26), None),
    ]
