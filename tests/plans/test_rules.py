"""When the plan for job can be made, and the days it covers (D21)."""

import datetime

import pytest

from plans.rules.timing import covers_until, earliest_day


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_a_plan_can_be_made_from_two_weeks_before_it_is_due() -> None:
    assert earliest_day(day("2016-08-01"), lead_days=14) == day("2016-07-17")
    assert earliest_day(None, lead_days=14) is None


@pytest.mark.parametrize(
    ("starts_on", "until"),
    [("2016-08-01", "2017-01-31"), ("2016-08-31", "2017-02-27"), ("2016-07-04", "2017-01-03")],
)
def test_a_plan_covers_whole_months(starts_on: str, until: str) -> None:
    assert covers_until(day(starts_on), months=6) == day(until)
