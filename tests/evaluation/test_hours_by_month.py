"""Agreed ordinary hours against paid hours, month by month (D20, D38)."""

import datetime
from decimal import Decimal

from companies.rules.agreed_hours import HoursSpan, WeeklyHours
from evaluation.paid_hours.curve import PaidMonth
from evaluation.paid_hours.months import MonthOfHours, hours_by_month, ordinary_hours_of
from jobfirst.values.dates import DateSpan

MAY, JUNE = datetime.date(2016, 5, 1), datetime.date(2016, 6, 1)
FOUR_A_WEEK = WeeklyHours(Decimal(10), Decimal(4))


def test_a_day_has_a_seventh_of_the_ordinary_hours_of_its_week() -> None:
    two_weeks = HoursSpan(DateSpan(datetime.date(2016, 5, 18), datetime.date(2016, 5, 31)), FOUR_A_WEEK)
    onwards = HoursSpan(DateSpan(datetime.date(2016, 5, 25)), FOUR_A_WEEK)
    may = DateSpan(MAY, datetime.date(2016, 5, 31))
    assert ordinary_hours_of([two_weeks], may) == Decimal("8.0")
    assert ordinary_hours_of([onwards], may) == Decimal("4.0")
    assert ordinary_hours_of([onwards], DateSpan(datetime.date(2016, 4, 1), datetime.date(2016, 4, 30))) == 0


def test_months_stand_side_by_side_the_newest_first() -> None:
    agreed = [HoursSpan(DateSpan(datetime.date(2016, 5, 25), datetime.date(2016, 5, 31)), FOUR_A_WEEK)]
    paid = PaidMonth(MAY, Decimal(3))
    months = hours_by_month(agreed, [paid], datetime.date(2016, 6, 8))
    assert months == [MonthOfHours(JUNE, Decimal("0.0"), None), MonthOfHours(MAY, Decimal("4.0"), paid)]


def test_without_hours_there_are_no_months() -> None:
    assert hours_by_month([], [], MAY) == []
