"""Actions on a course create and close its reminders, in the same transaction (D34)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.roles import Role
from cases import actions
from cases.models import CourseFunction
from reminders.models import Reminder
from tests.factories import CourseFactory, MentorContactFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

STARTED = datetime.date(2016, 4, 4)  # a Monday
THURSDAY = datetime.date(2016, 4, 7)
DUE = datetime.date(2016, 5, 5)  # 31 days after the start


@pytest.fixture
def person():
    return UserFactory(project=ProjectFactory(), roles=[*CourseFunction.values, Role.PROJECT_LEADER])


@pytest.fixture
def course(person):
    return CourseFactory(project_for=person._factory_project, holders=person, started_on=STARTED)


def open_reminder_kinds() -> set[str]:
    return set(Reminder.objects.open().values_list("kind", flat=True))


def test_an_attempt_leaves_the_week_without_contact_and_a_contact_closes_it(course) -> None:
    actions.register_contact(course, held_on=THURSDAY, citizen_present=False, today=THURSDAY)
    assert "weekly_contact_missing" in open_reminder_kinds()
    contact = actions.register_contact(course, held_on=THURSDAY, today=THURSDAY)
    assert "weekly_contact_missing" not in open_reminder_kinds()
    contact.registered_by = UserFactory()
    contact.save()
    actions.withdraw_contact(contact, by=contact.registered_by, today=THURSDAY)
    assert "weekly_contact_missing" in open_reminder_kinds()


def test_booking_closes_and_cancelling_opens(course) -> None:
    planned_at = timezone.make_aware(datetime.datetime.combine(DUE, datetime.time(10)))
    meeting = actions.book_meeting(course, planned_at=planned_at, today=DUE)
    assert "meeting_not_booked" not in open_reminder_kinds()
    actions.cancel_meeting(meeting, today=DUE)
    assert "meeting_not_booked" in open_reminder_kinds()
    late = DUE + datetime.timedelta(days=1)
    meeting = actions.book_meeting(course, planned_at=planned_at + datetime.timedelta(days=1), today=late)
    assert "meeting_overdue" in open_reminder_kinds()
    actions.hold_meeting(meeting, held_on=late, citizen_present=True, today=late)
    assert not open_reminder_kinds() & {"meeting_overdue", "meeting_not_booked"}


def test_filling_the_last_function_and_ending_the_course_close_what_was_open(course, person) -> None:
    course.holdings.filter(function=CourseFunction.MENTOR).delete()
    actions.register_contact(course, held_on=THURSDAY, today=THURSDAY)
    assert "function_unfilled" in open_reminder_kinds()
    actions.assign_function(
        course, function=CourseFunction.MENTOR, user=person, from_on=STARTED, today=THURSDAY
    )
    assert "function_unfilled" not in open_reminder_kinds()
    later = DUE + datetime.timedelta(days=20)
    actions.register_contact(course, held_on=THURSDAY, today=later)
    assert open_reminder_kinds()
    actions.end_course(course, ended_on=later, reason="moved", today=later)
    assert open_reminder_kinds() == set()


def test_other_courses_are_left_alone(course, person) -> None:
    other_course = CourseFactory(project_for=person._factory_project, holders=person, started_on=STARTED)
    actions.register_contact(other_course, held_on=THURSDAY, citizen_present=False, today=THURSDAY)
    earlier_reminders = set(Reminder.objects.open().values_list("pk", flat=True))
    actions.register_contact(course, held_on=THURSDAY, today=THURSDAY)
    assert earlier_reminders <= set(Reminder.objects.open().values_list("pk", flat=True))


def test_what_is_refused_reminds_of_nothing(course) -> None:
    with pytest.raises(ValidationError):
        actions.register_contact(
            course, held_on=THURSDAY, not_after=STARTED, citizen_present=False, today=THURSDAY
        )
    assert not Reminder.objects.exists()


def test_imports_and_rehearsals_leave_it_to_the_days_round(course) -> None:
    actions.register_contact(course, held_on=THURSDAY, citizen_present=False)
    assert not Reminder.objects.exists()


def test_a_tap_costs_the_same_whatever_the_trials_size(course, django_assert_max_num_queries) -> None:
    for number in range(30):
        MentorContactFactory(course=course, held_on=STARTED + datetime.timedelta(days=number))
    with django_assert_max_num_queries(50):
        actions.register_contact(course, held_on=THURSDAY, today=THURSDAY)
