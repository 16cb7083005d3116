"""The core elements that need the answers of the progression tool (D7): 2 job goal, 4 adjusting."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from cases.rules.fidelity import ElementState
from jobfirst.values.dates import DAY, DateSpan
from progression.rules import core_elements as rules
from progression.rules.core_elements import adjusting, job_goal

START = datetime.date(2016, 4, 4)
MET, NOT_YET, MISSED = ElementState.MET, ElementState.NOT_YET, ElementState.MISSED


def on(number: int) -> datetime.date:
    return START + number * DAY


def span(first: int, last: int | None = None) -> DateSpan:
    return DateSpan(on(first), None if last is None else on(last))


# 2 The job goal sets the course


def job_goal_indicator(answers=None, cv=None, goals=None, *, held=(), pauses=()):
    done = {
        rules.ANSWERS_MISSING: None if answers is None else on(answers),
        rules.CV_MISSING: None if cv is None else on(cv),
        rules.GOALS_MISSING: None if goals is None else on(goals),
    }
    return job_goal(START, done, [on(day) for day in held], pauses, interval_days=31)


def test_all_three_by_the_day_of_the_first_meeting_meet_it():
    indicator = job_goal_indicator(10, 2, 3, held=[10])
    assert [indicator.state_on(on(day)) for day in (9, 10, 11, 400)] == [NOT_YET, MET, MET, MET]


def test_one_that_comes_after_the_first_meeting_is_missed_for_good():
    indicator = job_goal_indicator(11, 2, 3, held=[10])
    assert [indicator.state_on(on(day)) for day in (10, 11, 400)] == [NOT_YET, MISSED, MISSED]
    assert indicator.reasons_on(on(400)) == (rules.ANSWERS_MISSING,)


def test_what_is_lacking_is_told_until_it_is_there():
    indicator = job_goal_indicator(None, 2, 5)
    assert indicator.reasons_on(on(1)) == (rules.ANSWERS_MISSING, rules.CV_MISSING, rules.GOALS_MISSING)
    assert indicator.reasons_on(on(5)) == (rules.ANSWERS_MISSING,)


def test_without_a_meeting_it_is_missed_after_the_day_of_the_first_until_all_is_there():
    indicator = job_goal_indicator(40, 2, 3, held=[45])
    states = [indicator.state_on(on(day)) for day in (31, 32, 39, 40, 400)]
    assert states == [NOT_YET, MISSED, MISSED, MET, MET]


def test_a_pause_of_the_meetings_puts_it_off():
    assert job_goal_indicator(pauses=[span(20, 50)]).missed_from == on(51)


def test_a_meeting_before_the_start_is_not_the_first():
    assert job_goal_indicator(5, 2, 3, held=[-3, 6]).state_on(on(6)) is MET


# 4 Adjusted along the way


def adjusting_indicator(held, answered, last=None, **pauses):
    days = sorted(on(day) for day in held)
    return adjusting(span(0, last), days, [on(day) for day in answered], **pauses, interval_days=31)


def test_meetings_in_time_with_answers_meet_it_when_the_window_is_over():
    indicator = adjusting_indicator([31, 62, 93], [30, 62, 90], last=100)
    assert [indicator.state_on(on(day)) for day in (100, 101)] == [NOT_YET, MET]


def test_a_meeting_that_is_a_day_late_is_missed_from_that_day():
    indicator = adjusting_indicator([32], [30])
    assert [indicator.state_on(on(day)) for day in (31, 32)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(32)) == (rules.MEETING_LATE,)


def test_a_meeting_that_is_not_held_is_missed_from_the_day_after():
    assert adjusting_indicator([], []).missed_from == on(32)
    assert adjusting_indicator([20], [20]).missed_from == on(52)


def test_a_meeting_without_new_answers_is_missed_from_the_day_after():
    indicator = adjusting_indicator([31, 60], [30], last=80)
    assert [indicator.state_on(on(day)) for day in (60, 61)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(61)) == (rules.REVIEW_MISSING,)


def test_answers_on_the_day_of_a_meeting_belong_to_that_meeting():
    assert adjusting_indicator([31, 60], [31], last=80).reasons_on(on(61)) == (rules.REVIEW_MISSING,)
    assert adjusting_indicator([31, 60], [31, 32], last=80).missed_from is None


def test_no_meeting_is_owed_after_the_window():
    assert adjusting_indicator([31], [31], last=61).missed_from is None
    assert adjusting_indicator([31], [31], last=62).missed_from == on(63)


def test_pauses_put_the_meeting_off_and_excuse_the_answers():
    assert adjusting_indicator([], [], paused_meetings=[span(32, 40)]).missed_from == on(41)
    assert adjusting_indicator([40], [40], last=60, paused_meetings=[span(32, 40)]).missed_from is None
    assert adjusting_indicator([31], [], last=50, paused_answers=[span(31, 31)]).missed_from is None


DAYS = st.lists(st.integers(0, 130), max_size=8, unique=True)


@given(DAYS, DAYS, st.none() | st.integers(31, 130), st.integers(0, 140))
def test_later_meetings_and_answers_never_change_an_earlier_day(held, answered, last, day):
    indicator = adjusting_indicator(held, answered, last)
    known_held = [number for number in held if number <= day]
    known_answers = [number for number in answered if number <= day]
    known_indicator = adjusting_indicator(known_held, known_answers, last)
    assert indicator.state_on(on(day)) is known_indicator.state_on(on(day))


@given(DAYS, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 140))
def test_once_met_the_job_goal_stays_met(held, answers, cv, goals, day):
    indicator = job_goal_indicator(answers, cv, goals, held=held)
    known_indicator = job_goal_indicator(
        *(number if number <= day else None for number in (answers, cv, goals)),
        held=[number for number in held if number <= day],
    )
    assert indicator.state_on(on(day)) is known_indicator.state_on(on(day))
    if indicator.state_on(on(day)) is MET:
        assert indicator.state_on(on(day + 50)) is MET
