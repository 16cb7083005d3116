"""The core elements of the work at a company (D7): 5 match and work agreement, 7 ordinary hours."""

import datetime

from cases.rules.fidelity import ElementState
from companies.rules import core_elements as rules
from companies.rules.core_elements import match_and_agreement, ordinary_hours
from jobfirst.values.dates import DAY, DateSpan

START = datetime.date(2016, 4, 4)
FIRST_WEEKS = DateSpan(START, START + 90 * DAY)
MET, NOT_YET, MISSED = ElementState.MET, ElementState.NOT_YET, ElementState.MISSED


def on(number: int) -> datetime.date:
    return START + number * DAY


def span(first: int, last: int | None = None) -> DateSpan:
    return DateSpan(on(first), None if last is None else on(last))


# 5 Match and work agreement


def test_it_is_met_when_match_and_agreement_are_there():
    indicator = match_and_agreement(on(0), on(-7), on(-2))
    assert indicator.state_on(on(-3)) is NOT_YET
    assert indicator.state_on(on(-2)) is MET
    assert indicator.state_on(on(99)) is MET


def test_an_agreement_made_on_the_first_day_is_in_time():
    indicator = match_and_agreement(on(0), on(-7), on(0))
    assert [indicator.state_on(on(day)) for day in (-1, 0, 1)] == [NOT_YET, MET, MET]


def test_an_internship_without_an_agreement_is_missed_from_its_second_day_until_there_is_one():
    indicator = match_and_agreement(on(0), on(-7), on(9))
    assert [indicator.state_on(on(day)) for day in (0, 1, 8, 9)] == [NOT_YET, MISSED, MISSED, MET]
    assert indicator.reasons_on(on(8)) == (rules.AGREEMENT_MISSING,)


def test_without_an_internship_nothing_is_missed():
    assert match_and_agreement(None, None, None).state_on(on(500)) is NOT_YET


# 7 Internship with ordinary hours


def test_hours_from_the_start_are_met_on_the_last_day_of_the_first_weeks():
    indicator = ordinary_hours(FIRST_WEEKS, [span(0, 90)], [span(0, 90)])
    assert [indicator.state_on(on(day)) for day in (89, 90)] == [NOT_YET, MET]


def test_without_ordinary_hours_it_is_missed_from_the_day_after_the_first_weeks():
    indicator = ordinary_hours(FIRST_WEEKS, [span(0, 90)], [])
    assert [indicator.state_on(on(day)) for day in (90, 91)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(91)) == (rules.NO_ORDINARY_HOURS,)


def test_ordinary_hours_that_come_later_meet_it_then():
    indicator = ordinary_hours(FIRST_WEEKS, [span(0, 180)], [span(120, 180)])
    assert [indicator.state_on(on(day)) for day in (91, 119, 120)] == [MISSED, MISSED, MET]


def test_an_internship_that_is_over_too_soon_is_missed_until_work_goes_on():
    short = ordinary_hours(FIRST_WEEKS, [span(0, 89)], [span(0, 89)])
    assert short.state_on(on(91)) is MISSED
    assert short.reasons_on(on(91)) == (rules.INTERNSHIP_SHORT,)
    gone_on = ordinary_hours(FIRST_WEEKS, [span(0, 89), span(100)], [span(0, 89)])
    assert [gone_on.state_on(on(day)) for day in (99, 100)] == [MISSED, MET]


def test_a_weekend_between_two_placements_counts_and_a_working_day_does_not():
    friday, monday = 32, 35
    joined = ordinary_hours(FIRST_WEEKS, [span(0, friday), span(monday, 90)], [span(0, 90)])
    assert [joined.state_on(on(day)) for day in (90, 91)] == [MET, MET]
    broken = ordinary_hours(FIRST_WEEKS, [span(0, friday), span(monday + 1, 90)], [span(0, 90)])
    assert broken.state_on(on(91)) is MISSED
    assert broken.reasons_on(on(91)) == (rules.INTERNSHIP_SHORT,)


def test_hours_before_the_internship_do_not_count():
    assert ordinary_hours(FIRST_WEEKS, [span(-50, 90)], [span(-50, -1)]).state_on(on(91)) is MISSED


def test_without_an_internship_there_is_nothing_to_judge():
    assert ordinary_hours(None, [], []).state_on(on(500)) is NOT_YET
