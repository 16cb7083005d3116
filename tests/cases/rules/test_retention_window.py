"""The retention window (D19), by example and by property."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.retention_window import retention_window_end

DAY = timedelta(days=1)
DAYS = st.dates(date(2015, 1, 1), date(2018, 12, 31))


def window(start: date | None, **extension: date | None) -> date | None:
    return retention_window_end(start, weeks=13, months=3, **extension)


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2016, 3, 1), date(2016, 5, 31)),  # three months are 92 days: longer than 13 weeks
        (date(2016, 2, 1), date(2016, 5, 1)),  # three months are 90 days: 13 weeks win
        (date(2017, 2, 1), date(2017, 5, 2)),  # 89 days
        (date(2016, 11, 30), date(2017, 2, 28)),  # three months end on the last of February
        (date(2016, 1, 1), date(2016, 3, 31)),  # 91 days: both end on the same day
    ],
)
def test_the_window_is_the_later_of_13_weeks_and_3_months(start: date, last: date) -> None:
    assert window(start) == last


def test_without_an_internship_the_window_has_no_end() -> None:
    assert window(None) is None
    assert window(None, extended_to=date(2016, 12, 31)) is None


def test_an_extension_lengthens_and_the_end_of_the_course_shortens() -> None:
    start = date(2016, 3, 1)
    assert window(start, extended_to=date(2016, 8, 31)) == date(2016, 8, 31)
    assert window(start, extended_to=date(2016, 4, 1)) == date(2016, 5, 31)
    assert window(start, ended_on=date(2016, 4, 1)) == date(2016, 4, 1)
    assert window(start, extended_to=date(2016, 8, 31), ended_on=date(2017, 1, 1)) == date(2016, 8, 31)
    assert window(None, ended_on=date(2016, 4, 1)) == date(2016, 4, 1)


@given(DAYS)
def test_the_window_holds_13_full_weeks_and_3_full_months(start: date) -> None:
    last = window(start)
    assert last is not None
    beyond = last + DAY
    assert beyond >= start + timedelta(weeks=13)
    assert beyond >= start + relativedelta(months=3)
    assert beyond in (start + timedelta(weeks=13), start + relativedelta(months=3))
