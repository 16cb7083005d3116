"""Which days of a course are filled (D13, D22): gaps on the timeline, empty weeks of the activity plan."""

import datetime

import pytest

from accounts.models import TrialTerms
from cases import extension_points
from cases.models import Course
from cases.presentation import course_timeline
from cases.rules.gaps import Gap
from jobfirst.values.dates import DAY, DateSpan
from plans.models import ActivityLine
from plans.presentation.activity_weeks import empty_weeks_of
from tests.factories import DRAWN_ON, CourseFactory, PlacementFactory

pytestmark = pytest.mark.django_db

MONDAYS = [DRAWN_ON + number * 7 * DAY for number in range(4)]


def gaps_on(course: Course, day: datetime.date) -> tuple[Gap, ...]:
    """Return the gaps of the course page on the day, which looks two weeks ahead."""
    fetched = extension_points.with_bars(Course.objects.all()).get(pk=course.pk)
    return course_timeline.gaps_around(course, extension_points.bars_of(fetched), day)


def add_activity(course: Course, first: datetime.date, last: datetime.date, **fields: object) -> None:
    ActivityLine.objects.create(
        course=course, kind="visit", what="Besøg", who="Mentor", starts_on=first, ends_on=last, **fields
    )


@pytest.fixture
def course() -> Course:
    """A course with an activity in its first week and a sniffing internship in its third."""
    course = CourseFactory()
    add_activity(course, MONDAYS[0], MONDAYS[0] + 4 * DAY)
    PlacementFactory(
        course=course, kind="sniffing", starts_on=MONDAYS[2], planned_end_on=MONDAYS[2] + 4 * DAY
    )
    return course


def test_placements_and_activities_fill_their_days(course: Course) -> None:
    assert gaps_on(course, DRAWN_ON + 8 * DAY) == (
        Gap(DateSpan(MONDAYS[1], MONDAYS[1] + 4 * DAY), 5),
        Gap(DateSpan(MONDAYS[3], MONDAYS[3] + DAY), 2),
    )


def test_a_week_without_placement_or_activity_is_empty(course: Course) -> None:
    weeks = empty_weeks_of(course, within=DateSpan(DRAWN_ON, DRAWN_ON + 27 * DAY))
    assert [week.monday for week in weeks] == [MONDAYS[1], MONDAYS[3]]


@pytest.mark.parametrize("fields", [{"cancelled": True}, {"done": False}])
def test_an_activity_that_did_not_take_place_fills_no_days(course: Course, fields: dict[str, object]) -> None:
    add_activity(course, MONDAYS[1], MONDAYS[1] + 4 * DAY, **fields)
    assert gaps_on(course, DRAWN_ON + 8 * DAY)[0].span.first == MONDAYS[1]
    assert empty_weeks_of(course, within=DateSpan(MONDAYS[1], MONDAYS[1] + 6 * DAY))


def test_an_ended_course_has_no_gaps_after_its_end() -> None:
    course = CourseFactory(ended_on=DRAWN_ON + 2 * DAY, end_reason="moved")
    assert gaps_on(course, DRAWN_ON + 30 * DAY)[0].span.last == DRAWN_ON + DAY


def test_gaps_of_a_fetched_course_need_no_query(django_assert_num_queries) -> None:
    PlacementFactory()
    lookups = [lookup for section in extension_points.sections() for lookup in section.prefetch]
    course = extension_points.with_bars(Course.objects.prefetch_related(*lookups)).get()
    terms = TrialTerms.objects.in_force_or_first(DRAWN_ON)
    with django_assert_num_queries(0):
        course_timeline.picture(course, DRAWN_ON, terms)
        empty_weeks_of(course, within=DateSpan(DRAWN_ON, DRAWN_ON + 27 * DAY))
