"""Which weeks a pause suspends (D50)."""

import datetime

import pytest

from cases.rules.pauses import first_week_not_paused, with_whole_weeks
from cases.rules.weekly_contact import week_of
from jobfirst.dates import DateSpan


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
    week = first_week_not_paused(week_of(MONDAY), [DateSpan(first, last)])
    assert (week and week.monday) == expected


def test_pauses_with_an_owed_week_between_them():
    pauses = [DateSpan(may(2), may(8)), DateSpan(may(10), may(15))]
    assert first_week_not_paused(week_of(MONDAY), pauses).monday == may(16)
    assert first_week_not_paused(week_of(MONDAY), [pauses[0]]).monday == may(9)


def test_a_paused_week_is_paused_from_its_monday():
    pauses = [DateSpan(may(4), may(8)), DateSpan(may(13), may(20)), DateSpan(may(26), None)]
    assert list(with_whole_weeks(pauses)) == [
        DateSpan(may(2), may(8)),
        DateSpan(may(13), may(20)),
        DateSpan(may(23), None),
    ]
