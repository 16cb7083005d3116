"""The reminders of the plan for job (D21) and of weeks without activity (D13, D33)."""

import datetime

import pytest

from accounts.models import TrialTerms
from cases.deadlines.subjects import course_keys
from cases.models import FunctionHolding
from plans.deadlines import empty_week_ahead, plan_for_job_due
from plans.models import ActivityLine
from tests.factories import CourseFactory, PlacementFactory, PlanForJobFactory, UserFactory
from tests.reminders.tellings import told_on

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2016, 4, 4)
DAY = datetime.timedelta(days=1)
WEEK = 7 * DAY


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def consultant():
    return UserFactory()


@pytest.fixture
def course(owner, consultant):
    course = CourseFactory(started_on=MONDAY)
    for function, user in (
        ("course_owner", owner),
        ("job_consultant", consultant),
        ("mentor", UserFactory()),
    ):
        FunctionHolding.objects.create(course=course, function=function, user=user, from_on=MONDAY)
    return course


class TestPlanForJob:
    kind = "plan_for_job_due"
    LAST = datetime.date(2016, 7, 3)  # the last day of 13 weeks from 4 April

    @pytest.fixture
    def course(self, course):
        course.internship_from = MONDAY
        course.continued_from = MONDAY + 13 * WEEK
        course.retention_until = self.LAST
        course.save()
        return course

    @pytest.mark.parametrize(("days", "due"), [(-15, False), (-14, True), (0, True), (40, True)])
    def test_from_fourteen_days_before_until_it_is_made(self, course, owner, days, due):
        facts = {(str(course.public_id), owner.pk, self.LAST)} if due else set()
        assert told_on(self.kind, self.LAST + days * DAY) == facts

    def test_a_plan_ends_it_from_the_day_it_is_made(self, course):
        PlanForJobFactory(course=course, made_on=self.LAST)
        assert len(told_on(self.kind, self.LAST - DAY)) == 1
        assert told_on(self.kind, self.LAST) == set()

    def test_without_an_internship_none_is_due(self, owner):
        CourseFactory(started_on=MONDAY, holders=owner)
        assert told_on(self.kind, self.LAST) == set()

    def test_the_lead_is_a_term(self, course):
        TrialTerms.objects.create(valid_from=MONDAY, plan_lead_days=3)
        assert told_on(self.kind, self.LAST - 4 * DAY) == set()
        assert len(told_on(self.kind, self.LAST - 3 * DAY)) == 1


class TestEmptyWeek:
    kind = "empty_week_ahead"
    NEXT = MONDAY + WEEK

    def line(self, course, first, last=None, **fields):
        return ActivityLine.objects.create(
            course=course, kind="visit", what="x", who="x", starts_on=first, ends_on=last or first, **fields
        )

    @pytest.mark.parametrize(("days", "weeks"), [(0, [1]), (6, [1]), (7, [2])])
    def test_the_next_week_and_not_the_one_that_runs(self, course, consultant, days, weeks):
        assert told_on(self.kind, MONDAY + days * DAY) == {
            (str(course.public_id), consultant.pk, MONDAY + n * WEEK) for n in weeks
        }

    @pytest.mark.parametrize(("day", "filled"), [(-1, False), (0, True), (6, True), (7, False)])
    def test_one_activity_on_any_day_fills_a_week(self, course, day, filled):
        self.line(course, self.NEXT + day * DAY)
        assert (told_on(self.kind, MONDAY + 4 * DAY) == set()) is filled

    def test_one_that_began_earlier_fills_it_too(self, course):
        self.line(course, MONDAY - 30 * DAY, self.NEXT)
        assert told_on(self.kind, MONDAY) == set()

    def test_a_cancelled_one_does_not(self, course):
        self.line(course, self.NEXT, cancelled=True)
        assert len(told_on(self.kind, MONDAY)) == 1

    def test_a_placement_fills_its_weeks_to_its_last_day(self, course):
        placement = PlacementFactory(
            course=course, kind="sniffing", starts_on=MONDAY, planned_end_on=self.NEXT + 2 * DAY
        )
        assert told_on(self.kind, MONDAY) == set()
        placement.ended_on = self.NEXT - 3 * DAY
        placement.save()
        assert len(told_on(self.kind, MONDAY)) == 1

    def test_only_in_the_sniffing_period(self, course):
        course.internship_from, course.continued_from = self.NEXT, self.NEXT + 13 * WEEK
        course.retention_until = self.NEXT + 13 * WEEK
        course.save()
        assert told_on(self.kind, MONDAY) == set()
        course.internship_from = self.NEXT + DAY
        course.save()
        assert len(told_on(self.kind, MONDAY)) == 1

    def test_a_course_about_to_end_needs_none(self, course):
        course.ended_on, course.end_reason = self.NEXT, "other"
        course.save()
        assert told_on(self.kind, MONDAY) == set()

    def test_the_lead_is_a_term(self, course):
        TrialTerms.objects.create(valid_from=MONDAY, empty_week_lead_days=14)
        assert {due for _, _, due in told_on(self.kind, MONDAY)} == {self.NEXT, self.NEXT + WEEK}


@pytest.mark.parametrize("kind", [plan_for_job_due.KIND, empty_week_ahead.KIND])
def test_few_queries(kind, django_assert_max_num_queries):
    for _ in range(4):
        PlacementFactory(course=CourseFactory(started_on=MONDAY, holders=UserFactory()), kind="sniffing")
    keys = list(course_keys())
    with django_assert_max_num_queries(5):
        list(kind.find(keys))
