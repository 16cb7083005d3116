"""The weekly contact (D17), by example and by property."""

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines import weekly_contact_missing, weekly_contact_overdue
from cases.rules.retention_window import retention_window_end
from cases.rules.weekly_contact import Week, week_of
from jobfirst.values.dates import DAY, DateSpan
from tests.loops import if_any

MONDAY = date(2016, 3, 7)
DAYS = st.dates(date(2015, 1, 1), date(2018, 12, 31))


def contact_weeks(follow_up: DateSpan, through: date, contacts: Collection[date] = ()) -> list[Week]:
    """Return the weeks that owe a contact which is not held before Monday, to the week of `through`."""
    due_dates = weekly_contact_missing.due_dates(follow_up, sorted(contacts), weekday=1)
    within = DateSpan(follow_up.first, week_of(through).sunday)
    return sorted(
        week_of(occurrence.due_on) for due_date in due_dates for occurrence in due_date.occurrences(within)
    )


def week_due(follow_up: DateSpan, contacts: Collection[date], on: date) -> Week | None:
    """Return the week that owes a contact on the day, asked for from Monday on."""
    due_dates = weekly_contact_missing.due_dates(follow_up, sorted(contacts), weekday=1)
    due = [due_on for due_date in due_dates if (due_on := due_date.on(on))]
    assert len(due) <= 1
    return week_of(due[0]) if due else None


def missed_since(follow_up: DateSpan, contacts: Collection[date], on: date) -> Week | None:
    """Return the first week missed since the last contact, as the day sees it."""
    due_dates = weekly_contact_overdue.due_dates(follow_up, sorted(contacts), weekday=4)
    due = [due_on for due_date in due_dates if (due_on := due_date.on(on))]
    assert len(due) <= 1
    return week_of(due[0]) if due else None


@pytest.mark.parametrize(
    ("started_on", "first_monday"),
    [(MONDAY, MONDAY), (MONDAY + DAY, MONDAY + 7 * DAY), (MONDAY - DAY, MONDAY)],
)
def test_the_first_week_begins_on_or_after_the_start(started_on: date, first_monday: date) -> None:
    weeks = contact_weeks(DateSpan(started_on), through=MONDAY + 20 * DAY)
    assert weeks[0] == Week(first_monday)


def test_the_last_week_begins_on_or_before_the_windows_end() -> None:
    horizon = MONDAY + 365 * DAY
    assert contact_weeks(DateSpan(MONDAY, MONDAY + 14 * DAY), through=horizon)[-1] == Week(MONDAY + 14 * DAY)
    assert contact_weeks(DateSpan(MONDAY, MONDAY + 13 * DAY), through=horizon)[-1] == Week(MONDAY + 7 * DAY)


def test_thirteen_weeks_from_a_monday_owe_thirteen_contacts() -> None:
    start = date(2016, 2, 1)  # a Monday whose three months are shorter than its 13 weeks
    end = retention_window_end(start, weeks=13, months=3)
    weeks = contact_weeks(DateSpan(start, end), through=date(2016, 12, 31))
    assert len(weeks) == 13
    assert weeks[-1].sunday == end


def test_weeks_over_the_turn_of_the_year_are_iso_weeks() -> None:
    weeks = contact_weeks(DateSpan(date(2015, 12, 28)), through=date(2016, 1, 4))
    assert [week.monday.isocalendar()[:2] for week in weeks] == [(2015, 53), (2016, 1)]


def test_a_week_is_due_until_its_sunday_and_missed_after_it() -> None:
    sunday = MONDAY + 6 * DAY
    for day in range(7):
        assert week_due(DateSpan(MONDAY), [], on=MONDAY + day * DAY) == Week(MONDAY)
    assert missed_since(DateSpan(MONDAY), [], on=sunday) is None
    assert missed_since(DateSpan(MONDAY), [], on=sunday + DAY) == Week(MONDAY)


@pytest.mark.parametrize("offset", [0, 3, 6])
def test_a_contact_on_any_day_of_the_week_does(offset: int) -> None:
    contacts = [MONDAY + offset * DAY]
    assert week_due(DateSpan(MONDAY), contacts, on=MONDAY + 6 * DAY) is None
    assert missed_since(DateSpan(MONDAY), contacts, on=MONDAY + 7 * DAY) is None


def test_a_contact_that_lies_ahead_does_not_count_yet() -> None:
    assert week_due(DateSpan(MONDAY), [MONDAY + 4 * DAY], on=MONDAY) == Week(MONDAY)


def test_nothing_is_due_before_the_first_week_or_after_the_window() -> None:
    assert week_due(DateSpan(MONDAY + DAY), [], on=MONDAY + 6 * DAY) is None
    assert week_due(DateSpan(MONDAY, MONDAY + 6 * DAY), [], on=MONDAY + 7 * DAY) is None


def test_overdue_counts_from_the_first_week_missed_since_the_last_contact() -> None:
    contacts = [MONDAY, MONDAY + 21 * DAY]  # weeks 1 and 4 held, 2 and 3 missed
    on = MONDAY + 28 * DAY
    first = missed_since
    assert first(DateSpan(MONDAY), contacts, on=on) is None
    assert first(DateSpan(MONDAY), contacts, on=on + 7 * DAY) == Week(MONDAY + 28 * DAY)
    assert first(DateSpan(MONDAY), contacts, on=on + 70 * DAY) == Week(MONDAY + 28 * DAY)
    assert first(DateSpan(MONDAY), contacts[:1], on=on) == Week(MONDAY + 7 * DAY)
    assert first(DateSpan(MONDAY), [], on=on) == Week(MONDAY)


@given(DAYS, st.lists(st.integers(0, 400)), st.integers(0, 400), st.none() | st.integers(-5, 400))
def test_every_week_owed_is_held_missed_or_running(
    start: date, offsets: list[int], later_day: int, length: int | None
) -> None:
    on = start + later_day * DAY
    follow_up = DateSpan(start, None if length is None else start + length * DAY)
    contacts = [day for day in sorted(start + offset * DAY for offset in offsets) if day <= on]
    owed = contact_weeks(follow_up, on)
    held = {week_of(day) for day in contacts}
    due, missed = week_due(follow_up, contacts, on), missed_since(follow_up, contacts, on)
    assert due == (week_of(on) if week_of(on) in owed and week_of(on) not in held else None)
    over = [week for week in owed if week.sunday < on and (not held or week > max(held))]
    assert missed == (over[0] if over else None)
    assert all(week.monday in follow_up and week.monday.weekday() == 0 for week in if_any(owed))
