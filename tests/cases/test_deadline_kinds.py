"""The deadlines of courses (D33): recipients, days, due days."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import TrialTerms
from accounts.roles import Role
from cases.deadlines import kinds, subjects
from cases.models import FunctionHolding
from tests.factories import (
    CourseFactory,
    FollowUpMeetingFactory,
    MentorContactFactory,
    ProjectFactory,
    UserFactory,
)
from tests.reminders.tellings import told_on

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2016, 4, 4)  # the day of the draw
SUNDAY = datetime.date(2016, 4, 10)


def april(day):
    return datetime.date(2016, 4, day)


def may(day):
    return datetime.date(2016, 5, day)


@pytest.fixture
def staff():
    return {function: UserFactory() for function in ("mentor", "course_owner", "job_consultant")}


@pytest.fixture
def course(staff):
    course = CourseFactory(started_on=MONDAY)
    for function, user in staff.items():
        FunctionHolding.objects.create(course=course, function=function, user=user, from_on=MONDAY)
    return course


@pytest.fixture
def mentor(staff):
    return staff["mentor"]


@pytest.fixture
def owner(staff):
    return staff["course_owner"]


def reminder(course, user, due_on):
    return (str(course.public_id), user.pk, due_on)


class TestContactMissing:
    kind = "weekly_contact_missing"

    @pytest.mark.parametrize(
        ("on", "due_on"),
        [
            (april(6), None),
            (april(7), SUNDAY),
            (april(8), SUNDAY),
            (SUNDAY, SUNDAY),
            (april(11), None),
            (april(13), None),
            (april(14), april(17)),
        ],
    )
    def test_from_thursday_due_on_sunday(self, course, mentor, on, due_on):
        expected = {reminder(course, mentor, due_on)} if due_on else set()
        assert told_on(self.kind, on) == expected

    @pytest.mark.parametrize(
        ("held_on", "counts"), [(april(3), False), (april(4), True), (april(7), True), (april(8), False)]
    )
    def test_a_contact_of_the_week_until_the_day_ends_it(self, course, mentor, held_on, counts):
        MentorContactFactory(course=course, held_on=held_on)
        assert told_on(self.kind, april(7)) == (set() if counts else {reminder(course, mentor, SUNDAY)})

    def test_an_attempt_without_the_citizen_is_no_contact(self, course, mentor):
        MentorContactFactory(course=course, held_on=april(5), citizen_present=False)
        assert told_on(self.kind, april(7)) == {reminder(course, mentor, SUNDAY)}

    def test_another_course_s_contact_is_another_s(self, course, mentor):
        MentorContactFactory(course__started_on=MONDAY, held_on=april(5))
        assert reminder(course, mentor, SUNDAY) in told_on(self.kind, april(7))

    def test_the_first_week_owed_begins_on_or_after_the_draw(self, staff):
        course = CourseFactory(started_on=april(5), holders=staff["mentor"])
        assert told_on(self.kind, april(7)) == set()
        assert told_on(self.kind, april(14)) == {reminder(course, staff["mentor"], april(17))}

    @pytest.mark.parametrize(("last_day", "owed"), [(SUNDAY, False), (april(11), True)])
    def test_the_last_week_owed_begins_in_the_window(self, course, mentor, last_day, owed):
        course.internship_from, course.continued_from = MONDAY, april(30)
        course.retention_until = last_day
        course.save()
        assert told_on(self.kind, april(14)) == ({reminder(course, mentor, april(17))} if owed else set())

    @pytest.mark.parametrize(("ended_on", "owed"), [(april(7), False), (april(8), True)])
    def test_a_course_that_is_over_owes_nothing(self, course, mentor, ended_on, owed):
        course.ended_on, course.end_reason = ended_on, "other"
        course.save()
        assert told_on(self.kind, april(7)) == ({reminder(course, mentor, SUNDAY)} if owed else set())

    def test_whoever_is_mentor_that_day_is_told(self, course, mentor):
        course.holdings.filter(function="mentor").update(until_on=april(7))
        successor = UserFactory()
        FunctionHolding.objects.create(course=course, function="mentor", user=successor, from_on=april(8))
        assert told_on(self.kind, april(7)) == {reminder(course, mentor, SUNDAY)}
        assert told_on(self.kind, april(8)) == {reminder(course, successor, SUNDAY)}

    def test_without_a_mentor_nobody_is_told(self, course):
        course.holdings.filter(function="mentor").delete()
        assert told_on(self.kind, april(7)) == set()

    def test_the_weekday_is_a_term_of_the_trial(self, course, mentor):
        TrialTerms.objects.create(valid_from=april(8), contact_weekday=5)
        assert told_on(self.kind, april(7)) == {reminder(course, mentor, SUNDAY)}
        assert told_on(self.kind, april(14)) == set()
        assert told_on(self.kind, april(15)) == {reminder(course, mentor, april(17))}

    def test_only_the_subjects_asked_for(self, course, mentor):
        other_course = CourseFactory(started_on=MONDAY, holders=mentor)
        assert told_on(self.kind, april(7), [str(other_course.public_id)]) == {
            reminder(other_course, mentor, SUNDAY)
        }


class TestContactOverdue:
    kind = "weekly_contact_overdue"

    def test_mentor_and_owner_from_the_monday_after_until_the_next_contact(self, course, mentor, owner):
        expected = {reminder(course, mentor, SUNDAY), reminder(course, owner, SUNDAY)}
        assert told_on(self.kind, SUNDAY) == set()
        assert told_on(self.kind, april(11)) == expected
        assert told_on(self.kind, may(30)) == expected
        MentorContactFactory(course=course, held_on=april(13))
        assert told_on(self.kind, april(12)) == expected
        assert told_on(self.kind, april(13)) == set()
        assert told_on(self.kind, april(24)) == set()
        later = april(24)
        assert told_on(self.kind, april(25)) == {
            reminder(course, mentor, later),
            reminder(course, owner, later),
        }

    def test_one_person_in_both_functions_is_told_once(self, mentor):
        course = CourseFactory(started_on=MONDAY, holders=mentor)
        assert told_on(self.kind, april(11)) == {reminder(course, mentor, SUNDAY)}

    def test_a_missed_week_stays_overdue_after_the_window(self, course, mentor, owner):
        course.internship_from, course.continued_from, course.retention_until = MONDAY, april(30), SUNDAY
        course.save()
        assert len(told_on(self.kind, april(30))) == 2
        MentorContactFactory(course=course, held_on=april(5))
        assert told_on(self.kind, april(30)) == set()

    def test_an_attempt_without_the_citizen_ends_nothing(self, course):
        MentorContactFactory(course=course, held_on=april(12), citizen_present=False)
        assert len(told_on(self.kind, april(13))) == 2

    def test_not_after_the_course(self, course):
        course.ended_on, course.end_reason = april(11), "other"
        course.save()
        assert told_on(self.kind, april(11)) == set()


def attempts(course, *days_and_channels):
    for day, channel in days_and_channels:
        MentorContactFactory(course=course, held_on=april(day), citizen_present=False, channel=channel)


class TestOtherChannelDue:
    kind = "other_channel_due"

    def test_the_mentor_from_the_third_attempt_by_one_channel_until_another_is_tried(self, course, mentor):
        attempts(course, (5, "phone"), (6, "unknown"), (7, "phone"))
        assert told_on(self.kind, april(6)) == set()
        for day in (april(7), april(20)):
            assert told_on(self.kind, day) == {reminder(course, mentor, april(7))}
        attempts(course, (12, "message"))
        assert told_on(self.kind, april(11)) == {reminder(course, mentor, april(7))}
        assert told_on(self.kind, april(12)) == set()

    def test_the_next_contact_with_the_citizen_ends_it(self, course, mentor):
        attempts(course, (5, "phone"), (6, "phone"), (7, "phone"))
        MentorContactFactory(course=course, held_on=april(9))
        assert told_on(self.kind, april(8)) == {reminder(course, mentor, april(7))}
        assert told_on(self.kind, april(9)) == set()

    def test_the_number_is_a_term(self, course, mentor):
        attempts(course, (5, "phone"), (6, "phone"))
        assert told_on(self.kind, april(7)) == set()
        TrialTerms.objects.create(valid_from=MONDAY, failed_attempts=2)
        assert told_on(self.kind, april(7)) == {reminder(course, mentor, april(6))}


class TestContactLost:
    kind = "contact_lost"

    @pytest.fixture
    def leader(self, course):
        return UserFactory(project=course.project, roles=[Role.PROJECT_LEADER])

    def test_leader_and_owner_when_another_channel_failed_too_until_the_next_contact(
        self, course, owner, leader
    ):
        attempts(course, (5, "phone"), (6, "phone"), (7, "phone"), (8, "message"))
        expected = {reminder(course, leader, april(8)), reminder(course, owner, april(8))}
        assert told_on(self.kind, april(7)) == set()
        assert told_on(self.kind, april(8)) == expected
        MentorContactFactory(course=course, held_on=april(20))
        assert told_on(self.kind, april(19)) == expected
        assert told_on(self.kind, april(20)) == set()

    def test_twice_as_many_attempts_by_one_channel_are_enough(self, course, owner, leader):
        attempts(course, *((day, "phone") for day in range(5, 10)))
        assert told_on(self.kind, april(30)) == set()
        attempts(course, (11, "phone"))
        assert told_on(self.kind, april(11)) == {
            reminder(course, leader, april(11)),
            reminder(course, owner, april(11)),
        }

    def test_not_after_the_course(self, course, leader):
        attempts(course, (5, "phone"), (6, "phone"), (7, "message"))
        course.ended_on, course.end_reason = april(8), "other"
        course.save()
        assert len(told_on(self.kind, april(7))) == 2
        assert told_on(self.kind, april(8)) == set()


DUE = MONDAY + datetime.timedelta(days=31)  # 5 May


class TestMeetingNotBooked:
    kind = "meeting_not_booked"

    @pytest.mark.parametrize(
        ("on", "expected"), [(april(27), False), (april(28), True), (may(5), True), (may(6), False)]
    )
    def test_from_seven_days_before_up_to_the_day(self, course, owner, on, expected):
        assert told_on(self.kind, on) == ({reminder(course, owner, DUE)} if expected else set())

    @pytest.mark.parametrize(
        ("planned", "booked"), [(april(28), False), (april(29), True), (may(5), True), (may(20), True)]
    )
    def test_a_meeting_still_to_come_is_booked(self, course, owner, planned, booked):
        at = datetime.datetime(planned.year, planned.month, planned.day, 8, 0, tzinfo=datetime.UTC)
        FollowUpMeetingFactory(course=course, planned_at=at)
        assert told_on(self.kind, april(29)) == (set() if booked else {reminder(course, owner, DUE)})

    @pytest.mark.parametrize("state", ["cancelled", "missed"])
    def test_a_cancelled_or_missed_one_is_not(self, course, owner, state):
        FollowUpMeetingFactory(course=course, state=state)
        assert told_on(self.kind, april(29)) == {reminder(course, owner, DUE)}

    def test_midnight_is_copenhagen_s(self, course, owner):
        late = datetime.datetime(2016, 4, 28, 22, 30, tzinfo=datetime.UTC)  # 00:30 on the 29th
        FollowUpMeetingFactory(course=course, planned_at=late)
        assert told_on(self.kind, april(29)) == set()

    def test_the_next_one_counts_from_the_last_held(self, course, owner):
        FollowUpMeetingFactory(course=course, held=True, planned_at=None, held_on=april(20))
        assert told_on(self.kind, april(29)) == set()
        assert told_on(self.kind, may(21)) == {reminder(course, owner, may(21))}

    def test_not_when_it_would_lie_after_the_window(self, course, owner):
        course.internship_from, course.continued_from, course.retention_until = MONDAY, may(30), may(4)
        course.save()
        assert told_on(self.kind, april(29)) == set()
        course.retention_until = may(5)
        course.save()
        assert told_on(self.kind, april(29)) == {reminder(course, owner, DUE)}

    def test_the_lead_is_a_term(self, course):
        TrialTerms.objects.create(valid_from=MONDAY, booking_lead_days=10)
        assert told_on(self.kind, april(24)) == set()
        assert len(told_on(self.kind, april(25))) == 1


class TestMeetingOverdue:
    kind = "meeting_overdue"

    @pytest.mark.parametrize(("on", "expected"), [(may(5), False), (may(6), True), (may(31), True)])
    def test_from_the_day_after(self, course, owner, on, expected):
        assert told_on(self.kind, on) == ({reminder(course, owner, DUE)} if expected else set())

    def test_until_one_is_held_and_booking_is_not_enough(self, course, owner):
        FollowUpMeetingFactory(
            course=course, planned_at=datetime.datetime(2016, 5, 20, 8, 0, tzinfo=datetime.UTC)
        )
        assert told_on(self.kind, may(10)) == {reminder(course, owner, DUE)}
        FollowUpMeetingFactory(course=course, held=True, planned_at=None, held_on=may(12))
        assert told_on(self.kind, may(11)) == {reminder(course, owner, DUE)}
        assert told_on(self.kind, may(12)) == set()


class TestRetentionEnding:
    kind = "retention_ending"

    @pytest.mark.parametrize(
        ("on", "expected"), [(april(15), False), (april(16), True), (april(30), True), (may(1), False)]
    )
    def test_fourteen_days_before_up_to_the_last_day(self, course, owner, on, expected):
        course.internship_from, course.continued_from, course.retention_until = MONDAY, may(1), april(30)
        course.save()
        assert told_on(self.kind, on) == ({reminder(course, owner, april(30))} if expected else set())

    def test_an_open_window_does_not_end(self, course):
        assert told_on(self.kind, april(20)) == set()

    def test_the_lead_is_a_term(self, course):
        course.internship_from, course.continued_from, course.retention_until = MONDAY, may(1), april(30)
        course.save()
        TrialTerms.objects.create(valid_from=MONDAY, retention_lead_days=5)
        assert told_on(self.kind, april(24)) == set()
        assert len(told_on(self.kind, april(25))) == 1


class TestFunctionUnfilled:
    kind = "function_unfilled"

    @pytest.fixture
    def led(self):
        project = ProjectFactory()
        leader = UserFactory(project=project, roles=[Role.PROJECT_LEADER])
        holder = UserFactory(project=project, roles=[Role.MENTOR])
        UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
        course = CourseFactory(project_for=project, started_on=MONDAY, holders=holder)
        return course, leader

    def test_all_four_filled_is_nothing(self, led):
        assert told_on(self.kind, april(20)) == set()

    def test_unfilled_from_day_one_is_due_from_the_draw(self, led):
        course, leader = led
        course.holdings.filter(function__in=["mentor", "job_consultant"]).delete()
        assert told_on(self.kind, MONDAY - datetime.timedelta(days=1)) == set()
        assert told_on(self.kind, MONDAY) == {reminder(course, leader, MONDAY)}

    def test_one_that_was_given_up_is_due_from_the_day_after(self, led):
        course, leader = led
        course.holdings.filter(function="mentor").update(until_on=april(14))
        assert told_on(self.kind, april(14)) == set()
        assert told_on(self.kind, april(15)) == {reminder(course, leader, april(15))}

    def test_a_successor_who_begins_later_leaves_it_unfilled_until_then(self, led):
        course, leader = led
        course.holdings.filter(function="mentor").update(until_on=april(14))
        FunctionHolding.objects.create(
            course=course, function="mentor", user=UserFactory(), from_on=april(18)
        )
        assert told_on(self.kind, april(17)) == {reminder(course, leader, april(15))}
        assert told_on(self.kind, april(18)) == set()

    def test_functions_lost_on_different_days_are_two_reminders(self, led):
        course, leader = led
        course.holdings.filter(function="mentor").update(until_on=april(14))
        course.holdings.filter(function="course_owner").update(until_on=april(19))
        assert told_on(self.kind, april(20)) == {
            reminder(course, leader, april(15)),
            reminder(course, leader, april(20)),
        }


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.code)
def test_few_queries_whatever_the_number_of_courses(kind):
    def count():
        with CaptureQueriesContext(connection) as queries:
            list(kind.find(list(subjects.course_keys())))
        return len(queries)

    project, user = ProjectFactory(), UserFactory()
    CourseFactory(project_for=project, holders=user)
    few = count()
    for _ in range(5):
        MentorContactFactory(course=CourseFactory(project_for=project, holders=user))
    assert count() == few <= 6


def test_a_course_is_called_by_initials_and_pseudonym_only(course):
    key = str(course.public_id)
    (description,) = subjects.describe_courses([key]).values()
    assert description.name == course.initials
    assert description.keys == {"citizen": course.citizen.pseudonym}
    assert description.citizen == course.citizen.public_id
