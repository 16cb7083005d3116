"""Spans of days, and what is in force on a day."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfirst.values.dates import DAY, DateSpan, in_force, in_force_or_first

MONDAY = datetime.date(2016, 4, 4)
days = st.dates(datetime.date(2016, 1, 1), datetime.date(2016, 2, 28))


def span(first, last):
    return DateSpan(MONDAY + first * DAY, None if last is None else MONDAY + last * DAY)


@dataclass(frozen=True)
class DatedRow:
    valid_from: datetime.date


def test_both_ends_belong_to_a_span():
    week = span(0, 6)
    assert week.days == 7
    assert MONDAY in week
    assert MONDAY + 6 * DAY in week
    assert MONDAY - DAY not in week
    assert MONDAY + 7 * DAY not in week


def test_a_span_without_a_last_day_goes_on_and_has_no_number_of_days():
    onwards = span(0, None)
    assert datetime.date(2099, 1, 1) in onwards
    assert not onwards.is_empty
    with pytest.raises(ValueError, match="no number of days"):
        _ = onwards.days


def test_the_last_day_is_asked_for_where_there_must_be_one():
    assert span(0, 6).last_day == MONDAY + 6 * DAY
    with pytest.raises(ValueError, match="goes on"):
        _ = span(0, None).last_day


def test_a_span_that_ends_before_it_begins_holds_no_day():
    empty = span(3, 2)
    assert (empty.days, empty.is_empty) == (0, True)
    assert MONDAY + 3 * DAY not in empty
    assert not empty.overlaps(span(0, 10))


@pytest.mark.parametrize(
    ("until", "last"),
    [(2, 2), (9, 6), (-1, -1)],
)
def test_the_part_until_a_day(until, last):
    assert span(0, 6).until(MONDAY + until * DAY) == span(0, last)


@given(days, days, days, days)
def test_spans_overlap_when_they_have_a_day_in_common(a, b, c, d):
    span, other_span = DateSpan(a, b), DateSpan(c, d)
    common = {a + n * DAY for n in range(span.days)} & {c + n * DAY for n in range(other_span.days)}
    assert span.overlaps(other_span) == other_span.overlaps(span) == bool(common)


@given(st.sets(days), days)
def test_in_force_is_the_latest_that_has_begun(begins, day):
    rows = [DatedRow(first) for first in begins]
    row_in_force = in_force(rows, day)
    assert (row_in_force.valid_from if row_in_force else None) == max(
        (d for d in begins if d <= day), default=None
    )


@given(st.sets(days, min_size=1), days)
def test_before_the_first_row_the_first_is_in_force(begins, day):
    rows = [DatedRow(first) for first in begins]
    begun = [first for first in begins if first <= day]
    assert in_force_or_first(rows, day).valid_from == (max(begun) if begun else min(begins))
