"""News: a course taken over, a statement on its way."""

import datetime

import pytest

from cases import actions as case_actions
from cases.notices import COURSE_TAKEN_OVER
from jobfirst.values.dates import DAY
from reminders import actions, deadlines, notices, recipients
from reminders.models import DigestItem, Reminder
from reminders.report import report_on
from tests.factories import UserFactory
from tests.reminders.rounds import run_day

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime.date(2016, 5, 18)


@pytest.fixture
def new_mentor(project):
    return UserFactory(name="Nina Ny", project=project, roles=["mentor"])


@pytest.fixture(autouse=True)
def _course(course):
    deadlines.recompute()


def take_over(course, user, by, on=WEDNESDAY):
    return case_actions.assign_function(course, function="mentor", user=user, from_on=on, by=by)


def news(user, on=WEDNESDAY):
    tellings = recipients.tellings(on, recipient_id=user.pk)
    return [telling for telling in tellings if telling.reason == "notice"]


def test_the_new_holder_is_told_once_with_the_next_digest(course, new_mentor, leader, mailoutbox):
    take_over(course, new_mentor, by=leader)
    run_day(WEDNESDAY)
    (mail,) = (mail for mail in mailoutbox if mail.to == [new_mentor.email])
    assert "Du har fået en rolle i forløbet" in mail.body
    assert course.initials in mail.body
    assert course.citizen_name not in mail.body
    for days in range(1, 14):
        run_day(WEDNESDAY + days * DAY)
    items = DigestItem.objects.filter(reminder__recipient=new_mentor, reminder__reason="notice")
    assert [item.digest.on for item in items] == [WEDNESDAY]


def test_the_page_shows_it_for_a_week(course, new_mentor, leader):
    take_over(course, new_mentor, by=leader)
    run_day(WEDNESDAY)
    assert news(new_mentor, WEDNESDAY + 6 * DAY)
    assert not news(new_mentor, WEDNESDAY + 7 * DAY)


def test_a_worker_that_was_down_for_two_weeks_tells_it_still(course, new_mentor, leader):
    take_over(course, new_mentor, by=leader)
    assert news(new_mentor, WEDNESDAY + 14 * DAY)


def test_nobody_is_told_of_what_she_did_herself(course, project):
    self_made = UserFactory(project=project, roles=["mentor", "coordinating_caseworker"])
    take_over(course, self_made, by=self_made)
    assert not Reminder.objects.filter(reason="notice").exists()


def test_whoever_has_left_the_course_again_is_not_told(course, new_mentor, leader, holder):
    take_over(course, new_mentor, by=leader)
    take_over(course, holder, by=leader)
    assert not news(new_mentor)


def test_the_same_news_of_a_day_is_stored_once(course, new_mentor):
    for _time in range(2):
        notices.tell(COURSE_TAKEN_OVER, course.public_id, [new_mentor], WEDNESDAY)
    assert Reminder.objects.filter(recipient=new_mentor).count() == 1


def test_nobody_is_told_of_an_import(course, new_mentor):
    case_actions.assign_all([case_actions.Assignment(course, "mentor", new_mentor, WEDNESDAY)])
    assert course.staff_on(WEDNESDAY)["mentor"] == new_mentor
    assert not Reminder.objects.filter(reason="notice").exists()


def test_many_news_are_stored_with_one_query(course, project, django_assert_num_queries):
    people = [UserFactory(project=project, roles=["mentor"]) for _number in range(5)]
    news = [
        notices.News(course.public_id, person, WEDNESDAY + number * DAY)
        for number, person in enumerate(people)
    ]
    with django_assert_num_queries(1):
        notices.tell_all(COURSE_TAKEN_OVER, news)
    assert Reminder.objects.filter(reason="notice").count() == 5


def test_the_report_of_the_command_lists_deadlines_only(course, new_mentor, leader):
    take_over(course, new_mentor, by=leader)
    actions.make_digests(WEDNESDAY)
    report = report_on(WEDNESDAY, actions.waiting_digests(WEDNESDAY))
    assert "course_taken_over" not in str(report)
