"""Working days in Denmark."""

from datetime import date

import pytest

from jobfirst.values.working_days import days, has_working_day, is_working_day, working_days


@pytest.mark.parametrize(
    "day",
    [
        date(2016, 1, 1),
        date(2016, 3, 24),
        date(2016, 3, 25),
        date(2016, 3, 28),
        date(2016, 4, 22),
        date(2016, 5, 5),
        date(2016, 5, 16),
        date(2016, 12, 26),
        date(2016, 4, 9),
        date(2016, 4, 10),
    ],
)
def test_weekends_and_public_holidays_are_not_working_days(day):
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day", [date(2018, 5, 1), date(2018, 6, 5), date(2018, 12, 24), date(2018, 12, 31), date(2024, 4, 26)]
)
def test_days_off_by_agreement_and_the_abolished_prayer_day_are_working_days(day):
    assert is_working_day(day)


def test_easter_has_no_working_days_from_maundy_thursday_to_easter_monday():
    assert not has_working_day(date(2016, 3, 24), date(2016, 3, 28))
    assert has_working_day(date(2016, 3, 24), date(2016, 3, 29))
    assert working_days(date(2016, 3, 21), date(2016, 3, 29))[-2:] == [date(2016, 3, 23), date(2016, 3, 29)]


def test_an_empty_stretch_has_no_days():
    assert list(days(date(2016, 3, 2), date(2016, 3, 1))) == []
    assert not has_working_day(date(2016, 3, 2), date(2016, 3, 1))
