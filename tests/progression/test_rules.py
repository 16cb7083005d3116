"""When answers are due, and what progress is: by example and by property (D23, D33)."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobfirst.values.dates import DAY, DateSpan
from progression.rules.answers_due import answers_due
from progression.rules.changes import has_changed
from progression.rules.progress import (
    HIGHEST_SCORE,
    DatedScore,
    ScaledValue,
    change_since_first,
    has_progressed,
    mean_score,
    risen_categories,
)
from tests.loops import if_any

START = datetime.date(2016, 4, 4)
DAYS = st.lists(st.integers(0, 200).map(lambda number: START + number * DAY), max_size=6).map(sorted)


def day(number: int) -> datetime.date:
    return START + number * DAY


def due(held=(), booked=(), answered=(), last=None):
    return list(
        answers_due(DateSpan(START, last), held, booked, answered, interval_days=31),
    )


def scores(*values: int) -> list[DatedScore]:
    return [DatedScore(day(31 * number), Fraction(value)) for number, value in enumerate(values)]


class TestAnswersDue:
    def test_the_first_are_due_when_the_first_meeting_is(self):
        assert due() == [(day(31), DateSpan(START), ())]

    def test_they_are_due_on_the_day_of_the_booked_meeting(self):
        assert due(booked=[day(20), day(50)])[0].due_on == day(20)

    def test_a_meeting_held_begins_the_next_month(self):
        assert due(held=[day(30)]) == [
            (day(30), DateSpan(START, day(29)), ()),
            (day(61), DateSpan(day(30)), ()),
        ]

    def test_answers_on_the_day_of_a_meeting_belong_to_it(self):
        first, second = due(held=[day(30)], answered=[day(30)])
        assert (first.answered, second.answered) == ((day(30),), ())

    def test_answers_after_a_meeting_belong_to_the_next(self):
        first, second = due(held=[day(30)], answered=[day(31)])
        assert (first.answered, second.answered) == ((), (day(31),))

    def test_nothing_is_due_after_the_follow_up(self):
        assert due(last=day(30)) == []
        assert due(booked=[day(40)], last=day(35))[0].due_on == day(31)

    @given(DAYS, DAYS, DAYS)
    def test_every_answer_belongs_to_one_meeting(self, held, booked, answered):
        days = sorted(set(answered))
        assert [day for review in due(held, booked, days) for day in review.answered] == days

    @given(DAYS, DAYS, DAYS)
    def test_no_meeting_is_due_before_the_one_before_it(self, held, booked, answered):
        for review in if_any(due(held, booked, answered)):
            assert review.due_on >= review.waiting.first


class TestProgress:
    def test_a_scale_is_read_from_its_lowest_to_its_highest_step(self):
        assert ScaledValue(1, 1, 5).score == 0
        assert ScaledValue(5, 1, 5).score == HIGHEST_SCORE
        assert mean_score([ScaledValue(4, 0, 10), ScaledValue(7, 0, 10)]) == Fraction(11, 2)
        assert mean_score([]) is None

    def test_higher_in_the_latest_than_in_the_first(self):
        assert has_progressed({"health": scores(4, 2, 5)}, (), at_least=1) is True
        assert has_progressed({"health": scores(4, 6, 4)}, (), at_least=1) is False

    def test_one_answer_says_nothing_yet(self):
        assert has_progressed({"health": scores(4)}, (), at_least=1) is None
        assert change_since_first(scores(4)) is None

    def test_only_the_selected_categories_count(self):
        series = {"health": scores(4, 5), "goal": scores(4, 4)}
        assert has_progressed(series, ["goal"], at_least=1) is False
        assert has_progressed(series, ["goal", "health"], at_least=1) is True
        assert risen_categories(series, ["goal"]) == frozenset()

    def test_the_number_of_categories_is_a_term(self):
        series = {"health": scores(4, 5), "goal": scores(4, 4)}
        assert has_progressed(series, (), at_least=2) is False

    @given(st.dictionaries(st.sampled_from("abcd"), st.lists(st.integers(0, 10), min_size=2, max_size=5)))
    def test_a_selection_never_shows_more_progress_than_all(self, values):
        series = {code: scores(*numbers) for code, numbers in values.items()}
        assert risen_categories(series, ["a"]) <= risen_categories(series, ())

    @given(st.integers(0, 10), st.integers(0, 10))
    def test_a_change_is_the_same_both_ways(self, first, second):
        before, now = ScaledValue(first, 0, 10), ScaledValue(second, 0, 10)
        assert has_changed(before, now) == has_changed(now, before) == (first != second)

    @pytest.mark.parametrize("pair", [(None, None), (None, ScaledValue(3, 0, 10))])
    def test_not_now_is_no_change(self, pair):
        assert not has_changed(*pair)
