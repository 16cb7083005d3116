"""Actions on a course change its deadlines, in the same transaction (D34)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.roles import Role
from cases import actions
from cases.models import CourseFunction
from reminders import deadlines
from reminders.models import Deadline, SubjectType
from tests.factories import CourseFactory, MentorContactFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

STARTED = datetime.date(2016, 4, 4)  # a Monday
THURSDAY = datetime.date(2016, 4, 7)
DUE = datetime.date(2016, 5, 5)  # 31 days after the start
DAY = datetime.timedelta(days=1)


@pytest.fixture
def person():
    return UserFactory(project=ProjectFactory(), roles=[*CourseFunction.values, Role.PROJECT_LEADER])


@pytest.fixture
def course(person):
    course = CourseFactory(project_for=person._factory_project, holders=person, started_on=STARTED)
    deadlines.recompute()
    return course


def kinds_shown(day: datetime.date) -> set[str]:
    """Return the kinds of the courses' deadlines that are stored and shown on the day."""
    rows = Deadline.objects.shown_on(day).filter(subject_type=SubjectType.COURSE)
    return set(rows.values_list("kind", flat=True))


def at_ten(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))


def test_an_attempt_leaves_the_week_without_contact_and_a_contact_closes_it(course) -> None:
    actions.register_contact(course, held_on=THURSDAY, citizen_present=False)
    assert "weekly_contact_missing" in kinds_shown(THURSDAY)
    contact = actions.register_contact(course, held_on=THURSDAY)
    assert "weekly_contact_missing" not in kinds_shown(THURSDAY)
    contact.registered_by = UserFactory()
    contact.save()
    actions.withdraw_contact(contact, by=contact.registered_by)
    assert "weekly_contact_missing" in kinds_shown(THURSDAY)


def test_a_corrected_contact_counts_on_its_new_day(course) -> None:
    contact = actions.register_contact(course, held_on=THURSDAY)
    actions.correct_contact(
        contact, held_on=THURSDAY + 7 * DAY, citizen_present=True, channel="phone", note=""
    )
    assert "weekly_contact_missing" in kinds_shown(THURSDAY)
    assert "weekly_contact_missing" not in kinds_shown(THURSDAY + 7 * DAY)


def test_booking_closes_and_cancelling_opens(course) -> None:
    meeting = actions.book_meeting(course, planned_at=at_ten(DUE))
    assert "meeting_not_booked" not in kinds_shown(DUE)
    actions.cancel_meeting(meeting)
    assert "meeting_not_booked" in kinds_shown(DUE)


def test_a_meeting_held_late_ends_the_overdue_one(course) -> None:
    late = DUE + DAY
    meeting = actions.book_meeting(course, planned_at=at_ten(late))
    assert "meeting_overdue" in kinds_shown(late)
    actions.hold_meeting(meeting, held_on=late, citizen_present=True)
    assert not kinds_shown(late) & {"meeting_overdue", "meeting_not_booked"}


def test_filling_the_last_function_closes_the_vacancy(course, person) -> None:
    course.holdings.filter(function=CourseFunction.MENTOR).delete()
    deadlines.recompute()
    assert "function_unfilled" in kinds_shown(THURSDAY)
    actions.assign_function(course, function=CourseFunction.MENTOR, user=person, from_on=STARTED)
    assert "function_unfilled" not in kinds_shown(THURSDAY)


def test_an_ended_course_owes_nothing_from_its_end(course) -> None:
    later = DUE + 20 * DAY
    assert kinds_shown(later)
    actions.end_course(course, ended_on=later, reason="moved")
    assert kinds_shown(later - DAY)
    assert kinds_shown(later) == set()


def test_what_is_refused_changes_no_deadline(course) -> None:
    before = list(Deadline.objects.values())
    with pytest.raises(ValidationError):
        actions.register_contact(course, held_on=THURSDAY, not_after=STARTED)
    assert list(Deadline.objects.values()) == before


def test_a_contact_costs_the_same_whatever_stands_there(course, django_assert_max_num_queries) -> None:
    for number in range(30):
        MentorContactFactory(course=course, held_on=STARTED + number * DAY)
    with django_assert_max_num_queries(20):
        actions.register_contact(course, held_on=THURSDAY)


def test_the_check_finds_a_missing_and_a_wrong_deadline_and_mends_them(course) -> None:
    Deadline.objects.filter(kind="weekly_contact_missing").delete()
    Deadline.objects.filter(kind="meeting_overdue").update(shown_to=DUE + 3 * DAY)
    differing = {difference.key.kind for difference in deadlines.differences()}
    assert differing == {"weekly_contact_missing", "meeting_overdue"}
    assert deadlines.recompute() == 2
    assert list(deadlines.differences()) == []


def test_deadlines_of_a_course_that_is_gone_are_found(course) -> None:
    Deadline.objects.filter(kind="meeting_overdue").update(subject="gone")
    assert {difference.key.subject for difference in deadlines.differences()} == {
        "gone",
        str(course.public_id),
    }
