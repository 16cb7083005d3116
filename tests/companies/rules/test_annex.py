"""When the annex is due, and who sees the answers (D16, D35)."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.rules.annex import annex_months, are_answers_shown, due_date, mentor_told_from
from jobfirst.values.dates import DAY, DateSpan
from reminders.rules.due_dates import DueDate

START = datetime.date(2016, 4, 4)
ENGAGED = DateSpan(datetime.date(2016, 5, 2), datetime.date(2016, 7, 31))
MAY_5, JUNE_5 = datetime.date(2016, 5, 5), datetime.date(2016, 6, 5)
DAYS = st.integers(0, 200).map(lambda days: START + days * DAY)


def months(held=(), booked=(), engaged=ENGAGED, follow_up=None):
    span = follow_up or DateSpan(START)
    return list(annex_months(span, held, booked, engaged, interval_days=31, lead_days=10))


def test_answers_are_due_on_the_day_of_the_meeting_and_asked_for_ten_days_before() -> None:
    first, second = months(held=[MAY_5])
    assert (first.due_on, first.is_held, first.asked_from) == (MAY_5, True, ENGAGED.first)
    assert (second.due_on, second.is_held) == (JUNE_5, False)
    assert second.asked_from == datetime.date(2016, 5, 26)
    assert second.is_owed


def test_a_booked_meeting_moves_the_day() -> None:
    booked = datetime.date(2016, 6, 1)
    assert months(held=[MAY_5], booked=[booked])[-1].due_on == booked


def test_a_meeting_before_the_agreement_has_no_month() -> None:
    assert [month.due_on for month in months(held=[START + 20 * DAY])] == [START + 51 * DAY]


def test_an_agreement_that_begins_while_the_meeting_is_overdue_is_asked_at_once() -> None:
    late = DateSpan(datetime.date(2016, 5, 20), ENGAGED.last)
    (month,) = months(engaged=late)
    assert (month.due_on, month.asked_from) == (late.first + 10 * DAY, late.first)
    assert month.is_owed


def test_a_placement_that_ended_before_the_meeting_owes_nothing_but_keeps_its_month() -> None:
    ended = DateSpan(ENGAGED.first, datetime.date(2016, 5, 20))
    month = months(held=[MAY_5], engaged=ended)[-1]
    assert not month.is_owed
    assert datetime.date(2016, 5, 18) in month.days


def test_nothing_is_owed_after_the_follow_up() -> None:
    span = DateSpan(START, datetime.date(2016, 5, 31))
    assert [month.is_owed for month in months(held=[MAY_5], follow_up=span)] == [True, False]


@given(st.lists(DAYS, max_size=6, unique=True).map(sorted), DAYS)
def test_each_day_of_the_placement_belongs_to_one_month(held, day) -> None:
    of_day = [month for month in months(held=held) if day in month.days]
    assert len(of_day) == (1 if day in ENGAGED else len(of_day))
    assert len(of_day) <= 1


@pytest.mark.parametrize(
    ("are_both_in", "is_held", "is_over", "are_shown"),
    [
        (False, False, False, False),
        (True, False, False, True),
        (False, True, False, True),
        (False, False, True, True),
    ],
)
def test_answers_are_shown_once_both_are_in_or_nobody_can_answer(
    are_both_in, is_held, is_over, are_shown
) -> None:
    month = months(held=[MAY_5])[0 if is_held else 1]
    on = ENGAGED.last + DAY if is_over else datetime.date(2016, 5, 28)
    assert are_answers_shown(month, ENGAGED, on, are_both_in=are_both_in) is are_shown


def test_the_mentor_is_told_after_seven_days_and_at_once_without_an_address() -> None:
    month = months(held=[MAY_5])[1]
    assert mentor_told_from(month, has_address=True, reminder_days=7) == datetime.date(2016, 6, 2)
    assert mentor_told_from(month, has_address=False, reminder_days=7) == month.asked_from


@pytest.mark.parametrize(
    ("held", "complete_on", "last"),
    [
        ([MAY_5], None, ENGAGED.last),
        ([MAY_5], datetime.date(2016, 6, 4), datetime.date(2016, 6, 3)),
        ([MAY_5, datetime.date(2016, 6, 9)], None, datetime.date(2016, 6, 8)),
    ],
)
def test_a_deadline_is_open_until_both_have_answered_or_the_meeting_or_the_placement(
    held, complete_on, last
) -> None:
    month = months(held=held)[1]
    told_from = datetime.date(2016, 6, 2)
    due = due_date(month, ENGAGED, complete_on, told_from=told_from)
    assert due == DueDate(month.due_on, told_from, last)


def test_answers_that_came_in_time_leave_no_deadline() -> None:
    month = months(held=[MAY_5])[1]
    complete_on = datetime.date(2016, 5, 30)
    assert due_date(month, ENGAGED, complete_on, told_from=datetime.date(2016, 6, 2)) is None
