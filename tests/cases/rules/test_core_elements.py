"""The core elements of the course itself (D7): 1 roles, 6 retention support, 9 kick-start and duration."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from cases.rules import core_elements as rules
from cases.rules.core_elements import duration, first_empty_day, retention_support, roles
from cases.rules.fidelity import ElementState
from jobfirst.values.dates import DAY, WEEK, DateSpan

START = datetime.date(2016, 4, 4)  # a Monday
MET, NOT_YET, MISSED = ElementState.MET, ElementState.NOT_YET, ElementState.MISSED


def on(number: int) -> datetime.date:
    return START + number * DAY


def span(first: int, last: int | None = None) -> DateSpan:
    return DateSpan(on(first), None if last is None else on(last))


# 1 Roles


def test_roles_are_met_while_each_function_has_a_holder_from_the_first_day():
    indicator = roles(START, [[span(0)], [span(0, 9), span(10)]])
    assert (indicator.met_from, indicator.missed_from) == (START, None)


def test_a_holder_from_before_the_start_holds_from_the_first_day():
    assert roles(START, [[span(-30)]]).missed_from is None


def test_a_function_that_never_had_a_holder_is_missed():
    assert roles(START, [[span(0)], []]).missed_from == on(1)


def test_a_function_without_a_holder_on_the_first_day_is_missed_from_the_second():
    indicator = roles(START, [[span(0)], [span(1)]])
    assert indicator.state_on(START) is NOT_YET
    assert indicator.state_on(on(1)) is MISSED
    assert indicator.state_on(on(99)) is MISSED
    assert indicator.reasons_on(on(1)) == (rules.VACANT_AT_START,)


def test_a_day_without_a_holder_later_on_is_missed_from_the_day_after():
    indicator = roles(START, [[span(0)], [span(0, 9), span(11)]])
    assert indicator.state_on(on(10)) is MET
    assert indicator.state_on(on(11)) is MISSED
    assert indicator.reasons_on(on(11)) == (rules.VACANT_LATER,)


# 6 Retention support


def contacts_in_weeks(*numbers: int) -> list[datetime.date]:
    return [on(7 * number + 2) for number in numbers]


def test_a_contact_in_each_week_of_the_window_meets_the_support_after_it():
    window = span(0, 20)  # three weeks
    indicator = retention_support(window, contacts_in_weeks(0, 1, 2), [], weekday=4)
    assert indicator.state_on(on(20)) is NOT_YET
    assert indicator.state_on(on(21)) is MET


def test_a_week_without_contact_is_missed_from_its_next_monday():
    indicator = retention_support(span(0, 20), contacts_in_weeks(0, 2), [], weekday=4)
    assert indicator.state_on(on(13)) is NOT_YET
    assert indicator.state_on(on(14)) is MISSED
    assert indicator.reasons_on(on(14)) == (rules.CONTACT_MISSED,)


def test_the_last_week_counts_when_its_monday_lies_in_the_window():
    sunday = on(13)
    assert retention_support(span(0, 7), contacts_in_weeks(0), [], weekday=4).missed_from == sunday + DAY
    assert retention_support(span(0, 6), contacts_in_weeks(0), [], weekday=4).met_from == on(7)


def test_a_contact_after_the_window_in_its_last_week_meets_it_on_its_day():
    indicator = retention_support(span(0, 7), [on(2), on(12)], [], weekday=4)
    assert indicator.state_on(on(11)) is NOT_YET
    assert indicator.state_on(on(12)) is MET


def test_the_week_in_which_the_course_begins_owes_none_unless_it_begins_on_monday():
    assert retention_support(span(1, 6), [], [], weekday=4).missed_from is None
    assert retention_support(span(0, 6), [], [], weekday=4).missed_from == on(7)


def test_before_the_first_internship_it_is_missed_by_a_week_and_never_met():
    assert retention_support(span(0), contacts_in_weeks(0, 1), [], weekday=4).missed_from == on(21)


def test_a_paused_week_owes_no_contact():
    paused = [span(10, 13)]  # Thursday to Sunday of the second week
    assert retention_support(span(0, 20), contacts_in_weeks(0, 2), paused, weekday=4).missed_from is None
    late = [span(11, 13)]
    assert retention_support(span(0, 20), contacts_in_weeks(0, 2), late, weekday=4).missed_from == on(14)
    onwards = [span(10)]
    assert retention_support(span(0), contacts_in_weeks(0), onwards, weekday=4).missed_from is None


# 9 Kick-start and duration

SNIFFING = 13 * 7


def duration_of(*filled: DateSpan, internship: int | None = None):
    first = None if internship is None else on(internship)
    continued = None if first is None else first + 13 * WEEK
    return duration(START, first, continued, filled, sniffing_weeks=13)


def test_begun_at_once_and_without_gaps_it_is_met_after_the_first_weeks_of_internship():
    indicator = duration_of(span(0, 27), span(28), internship=28)
    assert indicator.state_on(on(28 + 90)) is NOT_YET
    assert indicator.state_on(on(28 + 91)) is MET
    assert indicator.state_on(on(999)) is MET


def test_a_first_working_day_without_anything_is_a_late_start():
    indicator = duration_of(span(1))
    assert indicator.state_on(START) is NOT_YET
    assert indicator.state_on(on(1)) is MISSED
    assert indicator.reasons_on(on(1)) == (rules.LATE_START,)


def test_a_course_drawn_on_a_saturday_begins_in_time_on_monday():
    saturday = on(5)
    indicator = duration(saturday, None, None, [span(7)], sniffing_weeks=13)
    assert indicator.reasons_on(on(8)) == ()


def test_a_working_day_without_anything_is_missed_from_the_day_after():
    indicator = duration_of(span(0, 3), span(7))  # nothing on Friday
    assert indicator.state_on(on(4)) is NOT_YET
    assert indicator.state_on(on(5)) is MISSED
    assert indicator.reasons_on(on(5)) == (rules.GAP,)
    assert duration_of(span(0, 4), span(7)).state_on(on(8)) is NOT_YET  # a weekend is no gap


def test_a_gap_after_the_first_weeks_is_missed_then():
    indicator = duration_of(span(0, 27), span(28, 130), internship=28)
    assert indicator.state_on(on(28 + 91)) is MET
    assert indicator.state_on(on(134)) is MISSED


def test_an_internship_from_the_last_day_after_thirteen_weeks_is_in_time():
    assert duration_of(span(0), internship=SNIFFING).missed_from is None
    indicator = duration_of(span(0), internship=SNIFFING + 1)
    assert indicator.state_on(on(SNIFFING)) is NOT_YET
    assert indicator.state_on(on(SNIFFING + 1)) is MISSED
    assert indicator.reasons_on(on(SNIFFING + 1)) == (rules.SNIFFING_TOO_LONG,)


def test_without_an_internship_the_sniffing_period_is_too_long_after_it():
    assert duration_of(span(0)).missed_from == on(SNIFFING + 1)


SPANS = st.builds(lambda first, days: span(first, first + days), st.integers(-9, 60), st.integers(0, 30))


@given(st.lists(SPANS, max_size=5))
def test_the_first_empty_day_is_the_first_working_day_that_no_span_covers(spans):
    expected = next(
        day
        for day in (on(number) for number in range(200))
        if day.isoweekday() < 6 and not any(day in filled for filled in spans)
    )
    first_empty = first_empty_day(START, spans, is_working_day=lambda day: day.isoweekday() < 6)
    assert first_empty == expected


CONTACTS = st.lists(st.integers(0, 90).map(on), max_size=25)


@given(CONTACTS, st.integers(0, 90), st.integers(0, 90))
def test_a_later_contact_never_changes_the_support_of_an_earlier_day(days, window, looked_at):
    indicator = retention_support(span(0, window), sorted(days), [], weekday=4)
    known_days = [day for day in days if day <= on(looked_at)]
    then = retention_support(span(0, window), sorted(known_days), [], weekday=4)
    assert indicator.state_on(on(looked_at)) is then.state_on(on(looked_at))
