"""The phases of a course on any day (D12)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules import phases
from cases.rules.phases import Phase, PhaseSpan, Transitions
from jobfirst.values.dates import DAY, DateSpan

START = date(2016, 3, 1)
MATCH = date(2016, 5, 2)
ON = date(2016, 8, 1)
COURSE = Transitions(START, internship_from=MATCH, continued_from=ON, ended_on=date(2016, 12, 1))


def test_the_continued_effort_begins_13_weeks_after_the_internship() -> None:
    assert phases.continued_from(MATCH, weeks=13) == ON


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (START - DAY, Phase.NOT_STARTED),
        (START, Phase.SNIFFING),
        (MATCH - DAY, Phase.SNIFFING),
        (MATCH, Phase.INTERNSHIP),
        (ON - DAY, Phase.INTERNSHIP),
        (ON, Phase.CONTINUED),
        (date(2016, 11, 30), Phase.CONTINUED),
        (date(2016, 12, 1), Phase.ENDED),
        (date(2020, 1, 1), Phase.ENDED),
    ],
)
def test_each_transition_is_the_first_day_of_its_phase(day: date, phase: Phase) -> None:
    assert phases.phase_on(COURSE, day) == phase


def test_a_course_may_end_out_of_sniffing() -> None:
    course = Transitions(START, ended_on=START + 10 * DAY)
    assert phases.phase_on(course, START + 9 * DAY) == Phase.SNIFFING
    assert phases.phase_on(course, START + 10 * DAY) == Phase.ENDED
    assert phases.spans(course) == (PhaseSpan(Phase.SNIFFING, DateSpan(START, START + 9 * DAY)),)


def test_an_end_cuts_short_what_was_planned_after_it() -> None:
    course = Transitions(START, internship_from=MATCH, continued_from=ON, ended_on=date(2016, 6, 1))
    assert phases.spans(course) == (
        PhaseSpan(Phase.SNIFFING, DateSpan(START, MATCH - DAY)),
        PhaseSpan(Phase.INTERNSHIP, DateSpan(MATCH, date(2016, 5, 31))),
    )
    assert phases.phase_on(course, ON) == Phase.ENDED


def test_an_internship_from_before_the_draw_leaves_no_sniffing() -> None:
    course = Transitions(START, internship_from=START - 20 * DAY, continued_from=START + 71 * DAY)
    assert phases.phase_on(course, START) == Phase.INTERNSHIP
    assert phases.spans(course)[0] == PhaseSpan(Phase.INTERNSHIP, DateSpan(START, START + 70 * DAY))
    assert phases.sniffing_days(course, START + 30 * DAY) == 0


def test_sniffing_days_are_counted_until_something_else_begins() -> None:
    assert phases.sniffing_days(Transitions(START), START) == 1
    assert phases.sniffing_days(Transitions(START), START + 90 * DAY) == 91
    assert phases.sniffing_days(COURSE, date(2017, 1, 1)) == (MATCH - START).days
    assert phases.sniffing_days(Transitions(START, ended_on=START), START + DAY) == 0


@given(
    st.integers(-10, 200),
    st.none() | st.integers(0, 100),
    st.none() | st.integers(0, 300),
)
def test_the_spans_tell_the_same_as_the_day(day: int, internship: int | None, end: int | None) -> None:
    match = None if internship is None else START + internship * DAY
    course = Transitions(
        START,
        internship_from=match,
        continued_from=None if match is None else phases.continued_from(match, weeks=13),
        ended_on=None if end is None else START + end * DAY,
    )
    on = START + day * DAY
    running = [span.phase for span in phases.spans(course) if on in span.span]
    phase = phases.phase_on(course, on)
    assert running == ([] if phase in (Phase.NOT_STARTED, Phase.ENDED) else [phase])
