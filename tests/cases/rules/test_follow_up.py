"""The days on which a course runs, and those of follow-up (D17-D19)."""

import datetime

import pytest

from cases.deadlines.facts import course_days
from cases.models import Course
from cases.rules.follow_up import follow_up_span, running_span
from jobfirst.values.dates import DAY, DateSpan
from tests.factories import CourseFactory

START = datetime.date(2016, 4, 4)
WINDOW_END, COURSE_END = datetime.date(2016, 7, 4), datetime.date(2016, 8, 1)


@pytest.mark.parametrize(
    ("retention_until", "ended_on", "last"),
    [
        (None, None, None),
        (WINDOW_END, None, WINDOW_END),
        (None, COURSE_END, COURSE_END),
        (WINDOW_END, COURSE_END, WINDOW_END),
        (COURSE_END, WINDOW_END, WINDOW_END),
    ],
)
def test_follow_up_ends_with_the_window_or_the_course(retention_until, ended_on, last):
    assert follow_up_span(START, retention_until, ended_on) == DateSpan(START, last)


@pytest.mark.django_db
@pytest.mark.parametrize("ended_on", [None, COURSE_END])
def test_model_and_value_have_the_same_days(ended_on):
    course = CourseFactory(
        started_on=START,
        internship_from=START,
        continued_from=WINDOW_END,
        retention_until=WINDOW_END,
        ended_on=ended_on,
        end_reason="other" if ended_on else "",
    )
    (days,) = course_days([str(course.public_id)])
    assert days.follow_up == course.follow_up == DateSpan(START, WINDOW_END)
    assert course.follow_up_until == WINDOW_END
    assert days.running == running_span(START, ended_on)


@pytest.mark.django_db
@pytest.mark.parametrize("ended_on", [None, COURSE_END])
def test_a_course_runs_on_the_days_on_which_the_database_finds_it_running(ended_on):
    CourseFactory(started_on=START, ended_on=ended_on, end_reason="other" if ended_on else "")
    for day in (START - DAY, START, COURSE_END - DAY, COURSE_END):
        assert Course.objects.running(day).exists() is (day in running_span(START, ended_on))
