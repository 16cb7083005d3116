"""A weekly schedule compared with the limits of the accommodations (D11, D15)."""

import datetime
from decimal import Decimal

import pytest

from cases.rules.work_limits import WorkLimits, limits_named_in, strictest
from companies.rules.schedule_limits import LimitBreach, breaches
from tests.scenarios.work_agreements import work_period

TEN, TWO = datetime.time(10), datetime.time(14)
WEEK = [
    work_period(1, "08:00", "12:00"),
    work_period(3, "08:00", "11:00"),
    work_period(3, "12:00", "15:00", "ordinary"),
]


def names(week, **limits) -> list[tuple[str, int | None]]:
    return [(breach.limit, breach.weekday) for breach in breaches(week, WorkLimits(**limits))]


def test_hours_of_a_day_are_counted_over_both_kinds() -> None:
    limits = WorkLimits(hours_a_day=Decimal(4))
    assert breaches(WEEK, limits) == [LimitBreach("hours_a_day", 3, Decimal(6), Decimal(4))]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, []),
        ({"hours_a_week": Decimal(9)}, [("hours_a_week", None)]),
        ({"hours_a_week": Decimal(10)}, []),
        ({"days_a_week": 1}, [("days_a_week", None)]),
        ({"days_a_week": 2}, []),
        ({"not_before": TEN}, [("not_before", 1), ("not_before", 3)]),
        ({"not_after": TWO}, [("not_after", 3)]),
        ({"no_nights": True, "no_weekend": True}, []),
    ],
)
def test_each_limit_is_compared(limits, expected) -> None:
    assert names(WEEK, **limits) == expected


def test_nights_and_weekends_are_seen_across_midnight() -> None:
    friday_night = [work_period(5, "20:00", "02:00")]
    assert names(friday_night, no_nights=True) == [("no_nights", 5)]
    assert names(friday_night, no_weekend=True) == [("no_weekend", 5)]
    assert names(friday_night, not_after=datetime.time(23)) == [("not_after", 5)]
    assert names([work_period(5, "16:00", "00:00")], no_weekend=True) == []
    assert names([work_period(1, "04:00", "08:00")], no_nights=True) == [("no_nights", 1)]


def test_without_a_schedule_the_hours_of_the_week_are_compared() -> None:
    limits = WorkLimits(hours_a_day=Decimal(4), hours_a_week=Decimal(10))
    assert breaches([], limits, hours_a_week=Decimal(12)) == [
        LimitBreach("hours_a_week", None, Decimal(12), Decimal(10))
    ]


def test_of_several_accommodations_the_strictest_limit_holds() -> None:
    first = WorkLimits(hours_a_day=Decimal(6), not_before=datetime.time(9), no_nights=True)
    second = WorkLimits(hours_a_day=Decimal(4), not_before=TEN)
    assert strictest([first, second]) == WorkLimits(hours_a_day=Decimal(4), not_before=TEN, no_nights=True)
    assert strictest([]) == WorkLimits()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Højst 4 timer om dagen", {"hours_a_day": Decimal(4)}),
        ("max 15 timer om ugen", {"hours_a_week": Decimal(15)}),
        (
            "Kan arbejde maks. 3,5 timer dagligt, højst 3 dage om ugen.",
            {"hours_a_day": Decimal("3.5"), "days_a_week": 3},
        ),
        ("Pause hver time", {}),
        ("Arbejder 4 timer om dagen", {}),
        ("Bliver træt efter 4 timer", {}),
    ],
)
def test_only_a_limit_that_the_text_names_is_suggested(text, limits) -> None:
    assert limits_named_in(text) == WorkLimits(**limits)
