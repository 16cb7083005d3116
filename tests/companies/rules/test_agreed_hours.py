"""Agreed hours over time (D38), compared with a slow day-by-day computation."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from companies.rules.agreed_hours import HoursFrom, HoursSpan, WeeklyHours, hours_over_time, placement_hours
from jobfirst.values.dates import DAY, DateSpan

FIRST, LAST = date(2016, 5, 2), date(2016, 7, 31)


def hours(internship: int, ordinary: int = 0) -> WeeklyHours:
    return WeeklyHours(Decimal(internship), Decimal(ordinary))


def test_hours_hold_until_the_next_change() -> None:
    changes = [HoursFrom(FIRST, hours(15)), HoursFrom(date(2016, 6, 1), hours(12, 3))]
    assert placement_hours(DateSpan(FIRST, LAST), changes) == [
        HoursSpan(DateSpan(FIRST, date(2016, 5, 31)), hours(15)),
        HoursSpan(DateSpan(date(2016, 6, 1), LAST), hours(12, 3)),
    ]


def test_a_change_after_the_last_day_never_comes_into_force() -> None:
    changes = [HoursFrom(FIRST, hours(15)), HoursFrom(LAST + DAY, hours(1))]
    assert placement_hours(DateSpan(FIRST, LAST), changes) == [HoursSpan(DateSpan(FIRST, LAST), hours(15))]


def test_an_employment_without_an_end_goes_on() -> None:
    assert placement_hours(DateSpan(FIRST), [HoursFrom(FIRST, hours(0, 20))]) == [
        HoursSpan(DateSpan(FIRST), hours(0, 20))
    ]


def test_overlapping_placements_add_up_and_equal_neighbours_are_joined() -> None:
    spans = [
        HoursSpan(DateSpan(FIRST, FIRST + 9 * DAY), hours(10)),
        HoursSpan(DateSpan(FIRST + 10 * DAY, FIRST + 19 * DAY), hours(10)),
        HoursSpan(DateSpan(FIRST + 15 * DAY, FIRST + 30 * DAY), hours(0, 5)),
    ]
    assert hours_over_time(spans) == [
        HoursSpan(DateSpan(FIRST, FIRST + 14 * DAY), hours(10)),
        HoursSpan(DateSpan(FIRST + 15 * DAY, FIRST + 19 * DAY), hours(10, 5)),
        HoursSpan(DateSpan(FIRST + 20 * DAY, FIRST + 30 * DAY), hours(0, 5)),
    ]


@st.composite
def hours_spans(draw: st.DrawFn) -> HoursSpan:
    first = FIRST + draw(st.integers(0, 40)) * DAY
    last = draw(st.none() | st.integers(0, 40).map(lambda days: first + days * DAY))
    return HoursSpan(DateSpan(first, last), hours(draw(st.integers(0, 3)), draw(st.integers(0, 3))))


@given(st.lists(hours_spans(), max_size=5))
def test_every_day_has_the_sum_of_the_spans_that_cover_it(spans: list[HoursSpan]) -> None:
    pieces = hours_over_time(spans)
    for offset in range(100):
        day = FIRST + offset * DAY
        covering = [span.hours for span in spans if day in span.span]
        hours = [piece.hours for piece in pieces if day in piece.span]
        assert hours == ([sum(covering, WeeklyHours())] if covering else [])
