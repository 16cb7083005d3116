"""Retention window, weekly contact and monthly meetings (D17-D19), by example and by property."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import windows
from cases.rules.windows import Week

MONDAY = date(2016, 3, 7)
DAY = timedelta(days=1)
DAYS = st.dates(date(2015, 1, 1), date(2018, 12, 31))


def window(start: date | None, **more: date | None) -> date | None:
    return windows.retention_window_end(start, weeks=13, months=3, **more)


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


@pytest.mark.parametrize(
    ("started_on", "first_monday"),
    [(MONDAY, MONDAY), (MONDAY + DAY, MONDAY + 7 * DAY), (MONDAY - DAY, MONDAY)],
)
def test_the_first_week_begins_on_or_after_the_start(started_on: date, first_monday: date) -> None:
    weeks = windows.contact_weeks(started_on, None, through=MONDAY + 20 * DAY)
    assert weeks[0] == Week(first_monday)


def test_the_last_week_begins_on_or_before_the_windows_end() -> None:
    far = MONDAY + 365 * DAY
    assert windows.contact_weeks(MONDAY, MONDAY + 14 * DAY, through=far)[-1] == Week(MONDAY + 14 * DAY)
    assert windows.contact_weeks(MONDAY, MONDAY + 13 * DAY, through=far)[-1] == Week(MONDAY + 7 * DAY)


def test_thirteen_weeks_from_a_monday_owe_thirteen_contacts() -> None:
    start = date(2016, 2, 1)  # a Monday whose three months are shorter than its 13 weeks
    weeks = windows.contact_weeks(start, window(start), through=date(2016, 12, 31))
    assert len(weeks) == 13
    assert weeks[-1].sunday == window(start)


def test_weeks_over_the_turn_of_the_year_are_iso_weeks() -> None:
    weeks = windows.contact_weeks(date(2015, 12, 28), None, through=date(2016, 1, 4))
    assert [week.monday.isocalendar()[:2] for week in weeks] == [(2015, 53), (2016, 1)]


def test_a_week_is_due_until_its_sunday_and_missed_after_it() -> None:
    sunday = MONDAY + 6 * DAY
    for day in range(7):
        assert windows.week_due(MONDAY, None, [], on=MONDAY + day * DAY) == Week(MONDAY)
    assert windows.missed_weeks(MONDAY, None, [], on=sunday) == ()
    assert windows.missed_weeks(MONDAY, None, [], on=sunday + DAY) == (Week(MONDAY),)


@pytest.mark.parametrize("offset", [0, 3, 6])
def test_a_contact_on_any_day_of_the_week_does(offset: int) -> None:
    contacts = [MONDAY + offset * DAY]
    assert windows.week_due(MONDAY, None, contacts, on=MONDAY + 6 * DAY) is None
    assert windows.missed_weeks(MONDAY, None, contacts, on=MONDAY + 7 * DAY) == ()


def test_a_contact_that_lies_ahead_does_not_count_yet() -> None:
    assert windows.week_due(MONDAY, None, [MONDAY + 4 * DAY], on=MONDAY) == Week(MONDAY)


def test_nothing_is_due_before_the_first_week_or_after_the_window() -> None:
    assert windows.week_due(MONDAY + DAY, None, [], on=MONDAY + 6 * DAY) is None
    assert windows.week_due(MONDAY, MONDAY + 6 * DAY, [], on=MONDAY + 7 * DAY) is None


def test_overdue_counts_from_the_first_week_missed_since_the_last_contact() -> None:
    contacts = [MONDAY, MONDAY + 21 * DAY]  # weeks 1 and 4 held, 2 and 3 missed
    on = MONDAY + 28 * DAY
    first = windows.first_missed_since_last_contact
    assert first(MONDAY, None, contacts, on=on) is None
    assert first(MONDAY, None, contacts, on=on + 7 * DAY) == Week(MONDAY + 28 * DAY)
    assert first(MONDAY, None, contacts, on=on + 70 * DAY) == Week(MONDAY + 28 * DAY)
    assert first(MONDAY, None, contacts[:1], on=on) == Week(MONDAY + 7 * DAY)
    assert first(MONDAY, None, [], on=on) == Week(MONDAY)


def meeting(started_on: date, end: date | None, held: list[date]) -> date | None:
    return windows.next_meeting_due(started_on, end, held, interval_days=31)


def test_meetings_are_due_31_days_after_the_last_one() -> None:
    start = date(2016, 3, 1)
    assert meeting(start, None, []) == date(2016, 4, 1)
    assert meeting(start, None, [date(2016, 3, 20)]) == date(2016, 4, 20)
    assert meeting(start, None, [date(2016, 5, 2), date(2016, 3, 20)]) == date(2016, 6, 2)
    assert meeting(start, date(2016, 4, 1), []) == date(2016, 4, 1)
    assert meeting(start, date(2016, 3, 31), []) is None


@given(DAYS, st.lists(st.integers(0, 400)), st.integers(0, 400), st.none() | st.integers(-5, 400))
def test_every_week_owed_is_held_missed_or_running(
    start: date, offsets: list[int], after: int, length: int | None
) -> None:
    on = start + after * DAY
    end = None if length is None else start + length * DAY
    contacts = [start + offset * DAY for offset in offsets]
    owed = set(windows.contact_weeks(start, end, through=on))
    held = {windows.week_of(day) for day in contacts if day <= on}
    missed = set(windows.missed_weeks(start, end, contacts, on=on))
    due = windows.week_due(start, end, contacts, on=on)
    assert missed | ({due} if due else set()) | (owed & held) == owed
    assert not missed & held
    assert all(start <= week.monday and (end is None or week.monday <= end) for week in owed)
    assert all(week.monday.weekday() == 0 for week in owed)
