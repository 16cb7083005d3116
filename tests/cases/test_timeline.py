"""The timeline's shapes: order, position, overlaps, and the ends of the ruler."""

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.presentation import timeline
from cases.presentation.timeline import LEFT, RIGHT, WIDTH, TimelineBar, draw
from cases.rules.gaps import Gap
from cases.rules.phases import Transitions, spans
from jobfirst.values.dates import DateSpan
from tests.loops import if_any, some

START = datetime.date(2016, 4, 4)
DAY = datetime.timedelta(days=1)
NAMES = {"sniffing": "Snuseperiode", "internship": "Praktik", "continued": "Fortsat", "ended": "Slut"}


def draw_timeline(bars=(), gaps=(), today=START + 40 * DAY, course=None):
    course = course or Transitions(START)
    return draw(
        spans(course),
        bars,
        gaps,
        names=NAMES,
        today=today,
        started_on=START,
        weeks=13,
        gap_label="Intet planlagt",
    )


def test_a_new_course_reaches_over_thirteen_weeks():
    timeline_picture = draw_timeline(today=START)
    assert timeline_picture.first == START
    assert timeline_picture.last == START + datetime.timedelta(weeks=13)
    assert [row.key for row in timeline_picture.rows] == ["phases"]


def test_something_that_runs_reaches_four_weeks_past_today():
    today = START + 300 * DAY
    timeline_picture = draw_timeline(
        [TimelineBar("employment", "Fleksjob", DateSpan(START + 100 * DAY, None))], today=today
    )
    assert timeline_picture.last == today + datetime.timedelta(weeks=4)


def test_bars_that_overlap_stand_in_rows_of_their_own():
    bars = [
        TimelineBar("internship", "A", DateSpan(START, START + 20 * DAY)),
        TimelineBar("activity", "B", DateSpan(START + 5 * DAY, START + 6 * DAY)),
        TimelineBar("sniffing", "C", DateSpan(START + 21 * DAY, START + 30 * DAY)),
    ]
    timeline_picture = draw_timeline(bars)
    height = {shape.label: shape.y for shape in timeline_picture.shapes}
    assert height["A"] == height["C"]
    assert height["B"] > height["A"]


def test_gaps_have_the_lowest_row():
    timeline_picture = draw_timeline(
        [TimelineBar("activity", "A", DateSpan(START, START))],
        [Gap(DateSpan(START + DAY, START + 4 * DAY), 4)],
    )
    lowest = max(timeline_picture.shapes, key=lambda shape: shape.y)
    assert (lowest.kind, lowest.label) == ("gap", "Intet planlagt")
    assert [row.key for row in timeline_picture.rows] == ["phases", "activities", "gaps"]


def test_today_stands_on_the_ruler_or_nowhere():
    assert draw_timeline(today=START + 10 * DAY).today_x is not None
    ended = Transitions(START, ended_on=START + 20 * DAY)
    assert draw_timeline(today=START + 400 * DAY, course=ended).today_x is None


def test_text_that_does_not_fit_is_cut():
    timeline_picture = draw_timeline(
        [
            TimelineBar(
                "activity", "En meget lang aktivitet med et langt navn", DateSpan(START, START + 6 * DAY)
            )
        ]
    )
    shape = next(shape for shape in timeline_picture.shapes if shape.kind == "activity")
    assert len(shape.text) * timeline._WIDE_ENOUGH <= shape.width
    assert shape.label.startswith("En meget lang")


@given(
    st.lists(
        st.tuples(st.integers(-20, 500), st.one_of(st.none(), st.integers(0, 200)), st.sampled_from("abc")),
        max_size=12,
    ),
    st.integers(0, 600),
)
def test_every_shape_lies_on_the_ruler_and_none_covers_another(bar_values, days_to_today):
    bars = [
        TimelineBar(
            "activity",
            label,
            DateSpan(START + first * DAY, None if length is None else START + (first + length) * DAY),
        )
        for first, length, label in bar_values
    ]
    timeline_picture = draw_timeline(bars, today=START + days_to_today * DAY)
    boxes = [(s.y, s.x, s.x + s.width) for s in timeline_picture.shapes if s.kind == "activity"]
    for shape in some(timeline_picture.shapes):
        assert LEFT <= shape.x <= WIDTH - RIGHT + 0.5
        assert shape.x + shape.width <= WIDTH - RIGHT + 2.5
        assert shape.y + timeline.BAR <= timeline_picture.height
    for number, (y, left, right) in if_any(enumerate(boxes)):
        for other_y, other_left, other_right in if_any(boxes[number + 1 :]):
            if y == other_y:
                # A day may be less than the two pixels that make the shortest bar visible.
                assert right <= other_left + 2 or other_right <= left + 2


@pytest.mark.parametrize("years", [1, 3])
def test_names_of_months_do_not_run_together(years):
    timeline_picture = draw_timeline(
        [TimelineBar("employment", "x", DateSpan(START, START + years * 365 * DAY))]
    )
    named = [month.x for month in timeline_picture.months if month.named]
    assert all(b - a >= 44 for a, b in some(itertools.pairwise(named)))
