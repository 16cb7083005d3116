"""The reminder of missing progression answers: the mentor, before each monthly meeting (D23, D33)."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import TrialTerms
from cases import actions
from cases.models import FunctionHolding
from jobfirst.values.dates import DAY
from progression.actions import sheets
from reminders import recipients
from reminders.extension_points import find_kind
from reminders.models import Deadline
from tests.factories import CourseFactory, FollowUpMeetingFactory, UserFactory
from tests.reminders.tellings import told_on
from tests.scenarios.progression_answers import begun_sheet, finished_sheet

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2016, 4, 4)
FIRST_DUE = MONDAY + 31 * DAY
KIND = "progression_missing"


@pytest.fixture
def mentor():
    return UserFactory()


@pytest.fixture
def course(mentor):
    course = CourseFactory(started_on=MONDAY)
    for function, user in (("mentor", mentor), ("course_owner", UserFactory())):
        FunctionHolding.objects.create(course=course, function=function, user=user, from_on=MONDAY)
    return course


def book(course, day):
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    return actions.book_meeting(course, planned_at=at)


def hold(course, day):
    actions.hold_meeting(book(course, day), held_on=day, citizen_present=True)


def due_on(day):
    """Return the days for which the mentor is told on this day, as the actions have stored them."""
    return [telling.due_on for telling in recipients.tellings(day) if telling.kind == KIND]


def test_the_mentor_is_told_from_seven_days_before_the_first_meeting(course, mentor) -> None:
    book(course, FIRST_DUE)
    assert due_on(FIRST_DUE - 8 * DAY) == []
    tellings = told_on(KIND, FIRST_DUE - 7 * DAY)
    assert tellings == {(str(course.public_id), mentor.pk, FIRST_DUE)}
    assert due_on(FIRST_DUE) == [FIRST_DUE]


def test_without_a_booked_meeting_it_is_due_when_the_meeting_is(course) -> None:
    hold(course, MONDAY + 10 * DAY)
    assert due_on(MONDAY + 41 * DAY) == [MONDAY + 41 * DAY]


def test_it_follows_the_booked_meeting(course) -> None:
    meeting = book(course, MONDAY + 20 * DAY)
    assert due_on(MONDAY + 13 * DAY) == [MONDAY + 20 * DAY]
    actions.cancel_meeting(meeting)
    assert due_on(MONDAY + 13 * DAY) == []
    assert due_on(MONDAY + 24 * DAY) == [FIRST_DUE]


def test_finished_answers_settle_it_and_begun_ones_do_not(course) -> None:
    book(course, FIRST_DUE)
    sheet = begun_sheet(course, FIRST_DUE - 2 * DAY, 5)
    assert due_on(FIRST_DUE - 2 * DAY) == [FIRST_DUE]
    sheets.finish_sheet(sheet, today=FIRST_DUE - 2 * DAY, reasons={})
    assert due_on(FIRST_DUE - 2 * DAY) == []
    assert due_on(FIRST_DUE) == []


def test_the_answers_before_the_last_meeting_do_not_settle_the_next(course) -> None:
    finished_sheet(course, FIRST_DUE, 5)
    hold(course, FIRST_DUE)
    assert due_on(FIRST_DUE + 31 * DAY) == [FIRST_DUE + 31 * DAY]


def test_it_is_shown_as_overdue_until_the_meeting_is_held(course) -> None:
    book(course, FIRST_DUE)
    assert due_on(FIRST_DUE + 5 * DAY) == [FIRST_DUE]
    hold(course, FIRST_DUE + 6 * DAY)
    assert due_on(FIRST_DUE + 6 * DAY) == []


def test_the_days_before_are_a_term(course) -> None:
    TrialTerms.objects.update(progression_lead_days=3)
    book(course, FIRST_DUE)
    assert due_on(FIRST_DUE - 4 * DAY) == []
    assert due_on(FIRST_DUE - 3 * DAY) == [FIRST_DUE]


def test_the_stored_deadline_leads_to_the_review(course) -> None:
    book(course, FIRST_DUE)
    row = Deadline.objects.get(kind=KIND, due_on=FIRST_DUE)
    assert find_kind(KIND).link(row.subject) == f"/forloeb/{course.public_id}/progression/gennemgang/"


def test_a_meeting_imported_as_held_is_followed(course) -> None:
    FollowUpMeetingFactory(course=course, held=True, held_on=MONDAY + 10 * DAY)
    finished_sheet(course, MONDAY + 12 * DAY, 5)
    assert due_on(MONDAY + 41 * DAY) == []
