"""When the plan for job can be made and what it covers (D21); what fills a course's days (D13, D22)."""

import datetime

import pytest

from cases.models import Course
from cases.rules.gaps import gaps
from jobfirst.dates import DateSpan
from plans import gap_report
from plans.models import ActivityLine
from plans.rules.timing import covers_until, earliest_day
from tests.factories import DRAWN_ON, CourseFactory, PlacementFactory

DAY = datetime.timedelta(days=1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_a_plan_can_be_made_from_two_weeks_before_it_is_due() -> None:
    assert earliest_day(day("2016-08-01"), lead_days=14) == day("2016-07-17")
    assert earliest_day(None, lead_days=14) is None


@pytest.mark.parametrize(
    ("starts_on", "until"),
    [("2016-08-01", "2017-01-31"), ("2016-08-31", "2017-02-27"), ("2016-07-04", "2017-01-03")],
)
def test_a_plan_covers_whole_months(starts_on: str, until: str) -> None:
    assert covers_until(day(starts_on), months=6) == day(until)


def line(course: Course, first: datetime.date, last: datetime.date, **fields: object) -> ActivityLine:
    return ActivityLine.objects.create(
        course=course, kind="visit", what="Besøg", who="Mentor", starts_on=first, ends_on=last, **fields
    )


@pytest.mark.django_db
def test_placements_and_activities_fill_the_days_and_cancelled_ones_do_not() -> None:
    course = CourseFactory()  # from Monday 4 April
    line(course, DRAWN_ON, DRAWN_ON + 4 * DAY)
    line(course, DRAWN_ON + 7 * DAY, DRAWN_ON + 11 * DAY, cancelled=True)
    line(course, DRAWN_ON + 7 * DAY, DRAWN_ON + 7 * DAY, done=False)
    PlacementFactory(
        course=course, kind="sniffing", starts_on=DRAWN_ON + 14 * DAY, planned_end_on=DRAWN_ON + 18 * DAY
    )
    course_gaps = gaps(gap_report.filled(course), within=DateSpan(DRAWN_ON, DRAWN_ON + 22 * DAY))
    assert [(gap.span.first, gap.span.last, gap.working_days) for gap in course_gaps] == [
        (day("2016-04-11"), day("2016-04-15"), 5),
        (day("2016-04-25"), day("2016-04-26"), 2),
    ]
    weeks = gap_report.empty_weeks_of(course, within=DateSpan(DRAWN_ON, DRAWN_ON + 27 * DAY))
    assert [week.monday for week in weeks] == [day("2016-04-11"), day("2016-04-25")]


@pytest.mark.django_db
def test_an_ended_course_has_no_empty_weeks_after_its_end() -> None:
    course = CourseFactory(ended_on=DRAWN_ON + 9 * DAY, end_reason="moved")
    weeks = gap_report.empty_weeks_of(course, within=DateSpan(DRAWN_ON, DRAWN_ON + 30 * DAY))
    assert [week.monday for week in weeks] == [DRAWN_ON, DRAWN_ON + 7 * DAY]


@pytest.mark.django_db
def test_a_report_on_prefetched_courses_asks_nothing(django_assert_num_queries) -> None:
    for _number in range(3):
        PlacementFactory()
    with django_assert_num_queries(3):
        courses = list(Course.objects.prefetch_related("placements", "activities"))
        for course in courses:
            gap_report.empty_weeks_of(course, within=DateSpan(DRAWN_ON, DRAWN_ON + 60 * DAY))
