"""The job consultant is reminded of placements that end within 14 days, until renewed or over (D33)."""

import datetime

import pytest

from accounts.models import TrialTerms
from cases.deadlines.subjects import course_keys
from cases.models import FunctionHolding
from companies.deadlines import agreement_ending
from tests.factories import CourseFactory, PlacementFactory, UserFactory, WorkAgreementFactory
from tests.reminders.tellings import told_on

pytestmark = pytest.mark.django_db

START = datetime.date(2016, 4, 4)
LAST = datetime.date(2016, 7, 3)  # the 91st day
DAY = datetime.timedelta(days=1)


@pytest.fixture
def consultant():
    return UserFactory()


@pytest.fixture
def placement(consultant):
    course = CourseFactory(started_on=START)
    for function in ("mentor", "course_owner"):
        FunctionHolding.objects.create(course=course, function=function, user=UserFactory(), from_on=START)
    FunctionHolding.objects.create(course=course, function="job_consultant", user=consultant, from_on=START)
    return PlacementFactory(course=course, starts_on=START, planned_end_on=LAST)


def reminders_on(on, subjects=None):
    return told_on("agreement_ending", on, subjects)


def expected(placement, consultant):
    return {(str(placement.course.public_id), consultant.pk, LAST)}


@pytest.mark.parametrize(("days_left", "due"), [(15, False), (14, True), (0, True), (-1, False)])
def test_from_fourteen_days_before_up_to_the_last_day(placement, consultant, days_left, due):
    assert reminders_on(LAST - days_left * DAY) == (expected(placement, consultant) if due else set())


def test_not_once_it_has_ended(placement):
    placement.ended_on = LAST - 10 * DAY
    placement.save()
    assert reminders_on(LAST - 5 * DAY) == set()


def test_not_once_it_is_renewed(placement):
    PlacementFactory(
        course=placement.course,
        company=placement.company,
        match=placement.match,
        starts_on=LAST + DAY,
        planned_end_on=LAST + 90 * DAY,
        renews=placement,
    )
    assert reminders_on(LAST - 5 * DAY) == set()


@pytest.mark.parametrize("kind", ["sniffing", "wage_subsidy"])
def test_another_placement_only_with_a_work_agreement(placement, consultant, kind):
    placement.kind, placement.match = kind, None
    placement.save()
    assert reminders_on(LAST) == set()
    agreement = WorkAgreementFactory(placement=placement)
    assert reminders_on(LAST) == expected(placement, consultant)
    agreement.state = "replaced"
    agreement.save()
    assert reminders_on(LAST) == set()


def test_two_that_end_on_one_day_are_one_reminder(placement, consultant):
    PlacementFactory(course=placement.course, starts_on=START, planned_end_on=LAST)
    assert reminders_on(LAST) == expected(placement, consultant)


def test_the_lead_is_a_term(placement):
    TrialTerms.objects.create(valid_from=START, agreement_lead_days=3)
    assert reminders_on(LAST - 4 * DAY) == set()
    assert len(reminders_on(LAST - 3 * DAY)) == 1


def test_only_the_subjects_asked_for(placement):
    assert reminders_on(LAST, [str(CourseFactory().public_id)]) == set()
    assert len(reminders_on(LAST, [str(placement.course.public_id)])) == 1


def test_few_queries(placement, django_assert_max_num_queries):
    for _ in range(4):
        PlacementFactory(course=CourseFactory(started_on=START, holders=UserFactory()))
    keys = list(course_keys())
    with django_assert_max_num_queries(4):
        assert len(list(agreement_ending.KIND.find(keys))) == 5
