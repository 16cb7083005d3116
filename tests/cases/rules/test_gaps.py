"""Empty weeks ahead (D13) and gaps (D22), compared with a slow day-by-day computation."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cases.rules.gaps import Gap, empty_weeks, gaps
from cases.rules.weekly_contact import Week
from jobfirst.values.dates import DAY, DateSpan
from jobfirst.values.working_days import is_working_day
from tests.loops import if_any

MONDAY = date(2016, 4, 4)  # an ordinary week
FRIDAY = MONDAY + 4 * DAY


def test_a_covered_course_has_no_gap() -> None:
    assert gaps([DateSpan(MONDAY, FRIDAY)], within=DateSpan(MONDAY, FRIDAY + 2 * DAY)) == ()
    assert gaps([DateSpan(MONDAY, None)], within=DateSpan(MONDAY, date(2017, 1, 1))) == ()


def test_one_working_day_without_anything_is_a_gap() -> None:
    filled = [DateSpan(MONDAY, MONDAY + DAY), DateSpan(MONDAY + 3 * DAY, FRIDAY)]
    wednesday = MONDAY + 2 * DAY
    assert gaps(filled, within=DateSpan(MONDAY, FRIDAY)) == (Gap(DateSpan(wednesday, wednesday), 1),)


def test_a_weekend_neither_opens_nor_breaks_a_gap() -> None:
    next_monday = MONDAY + 7 * DAY
    assert (
        gaps([DateSpan(MONDAY, FRIDAY), DateSpan(next_monday, None)], within=DateSpan(MONDAY, next_monday))
        == ()
    )
    assert gaps([], within=DateSpan(FRIDAY, next_monday)) == (Gap(DateSpan(FRIDAY, next_monday), 2),)


def test_public_holidays_are_no_gap() -> None:
    # Easter 2016: Maundy Thursday is 24 March, Easter Monday 28 March.
    filled = [DateSpan(date(2016, 3, 21), date(2016, 3, 23)), DateSpan(date(2016, 3, 29), None)]
    assert gaps(filled, within=DateSpan(date(2016, 3, 21), date(2016, 4, 1))) == ()


def test_an_interval_that_ends_before_it_begins_covers_nothing() -> None:
    assert gaps([DateSpan(FRIDAY, MONDAY)], within=DateSpan(MONDAY, FRIDAY)) == (
        Gap(DateSpan(MONDAY, FRIDAY), 5),
    )


def test_nothing_is_a_gap_outside_the_course() -> None:
    assert gaps([], within=DateSpan(FRIDAY, MONDAY)) == ()


def test_one_planned_day_is_enough_for_a_week() -> None:
    following = Week(MONDAY + 7 * DAY)
    weeks = empty_weeks(
        [DateSpan(FRIDAY, FRIDAY)],
        sniffing=DateSpan(MONDAY),
        within=DateSpan(MONDAY, MONDAY + 13 * DAY),
    )
    assert weeks == (following,)


def test_weeks_outside_sniffing_are_not_named() -> None:
    def weeks(sniffing_from: date, sniffing_to: date | None) -> tuple[Week, ...]:
        return empty_weeks(
            [],
            sniffing=DateSpan(sniffing_from, sniffing_to),
            within=DateSpan(MONDAY, MONDAY + 20 * DAY),
        )

    first, second, third = (Week(MONDAY + 7 * number * DAY) for number in range(3))
    assert weeks(MONDAY - 100 * DAY, None) == (first, second, third)
    assert weeks(FRIDAY, None) == (first, second, third)
    assert weeks(FRIDAY + DAY, None) == (second, third)
    assert weeks(MONDAY, MONDAY + 7 * DAY) == (first, second)
    assert weeks(MONDAY, FRIDAY + 2 * DAY) == (first,)


def test_a_week_of_nothing_but_days_off_is_not_empty() -> None:
    weeks = empty_weeks(
        [],
        sniffing=DateSpan(MONDAY),
        within=DateSpan(MONDAY, FRIDAY),
        is_working_day=lambda day: False,
    )
    assert weeks == ()


INTERVALS = st.lists(
    st.builds(
        lambda first, length: DateSpan(
            MONDAY + first * DAY, None if length is None else MONDAY + (first + length) * DAY
        ),
        st.integers(-20, 120),
        st.none() | st.integers(-3, 40),
    ),
    max_size=6,
)


@given(INTERVALS, st.integers(-10, 60), st.integers(-5, 90))
def test_gaps_are_exactly_the_uncovered_working_days(filled: list[DateSpan], start: int, length: int) -> None:
    first, last = MONDAY + start * DAY, MONDAY + (start + length) * DAY
    days = [first + number * DAY for number in range((last - first).days + 1)]
    bare = {day for day in days if is_working_day(day) and not any(day in span for span in filled)}
    gaps_found = gaps(filled, within=DateSpan(first, last))
    inside = [{day for day in bare if day in gap.span} for gap in gaps_found]
    assert sum(gap.working_days for gap in gaps_found) == len(bare)
    assert [len(part) for part in inside] == [gap.working_days for gap in gaps_found]
    assert all(
        {gap.span.first, gap.span.last} <= part for gap, part in if_any(zip(gaps_found, inside, strict=True))
    )
    # Neighbouring gaps are apart: a covered working day lies between them.
    for earlier, later in if_any(pairwise(gaps_found)):
        between = [
            earlier.span.last + number * DAY
            for number in range(1, (later.span.first - earlier.span.last).days)
        ]
        assert any(is_working_day(day) for day in between)


@given(INTERVALS, st.integers(0, 30))
def test_empty_weeks_are_weeks_with_nothing_at_all(planned: list[DateSpan], length: int) -> None:
    last = MONDAY + length * DAY
    weeks = empty_weeks(planned, sniffing=DateSpan(MONDAY), within=DateSpan(MONDAY, last))
    number = 0
    while MONDAY + 7 * number * DAY <= last:
        week = Week(MONDAY + 7 * number * DAY)
        days = [week.monday + offset * DAY for offset in range(7)]
        planned_in_week = any(day in span for span in planned for day in days)
        assert (week in weeks) == (not planned_in_week)
        number += 1
