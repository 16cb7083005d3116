"""What use is unusual, and who sees it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit.access import record_act, record_refused
from audit.usage import (
    LIMIT_ACTION,
    NAME_SEARCH_ACTION,
    DayOfUse,
    Usage,
    days_of_use,
    moment_of_the_database,
    unusual_days,
)
from cases.actions.unusual_use import tell_leaders
from cases.presentation.unusual_use import recent_unusual_use
from reminders.models import Reminder
from tests.factories import ProjectFactory, UserFactory

MONDAY = datetime.date(2016, 5, 2)
DAY = datetime.timedelta(days=1)


def searches(user_id, *counts, stopped=0):
    """Searches by CPR number on the days up to Monday."""
    first = MONDAY - DAY * (len(counts) - 1)
    return [
        DayOfUse(user_id, Usage.CPR_SEARCH, first + DAY * number, count, stopped)
        for number, count in enumerate(counts)
    ]


def unusual(*days, first=MONDAY):
    return [(row.use.user_id, row.use.count, row.usual) for row in unusual_days(days, first)]


def test_three_times_what_the_person_does_on_other_days_is_unusual():
    assert unusual(*searches(1, 10, 8, 12, 30)) == [(1, 30, 10)]
    assert unusual(*searches(1, 10, 8, 12, 29)) == []


def test_little_is_never_unusual():
    assert unusual(*searches(1, 1, 1, 1, 20)) == []
    assert unusual(*searches(1, 1, 1, 1, 21)) == [(1, 21, 1)]


def test_a_new_person_is_compared_with_the_others():
    assert unusual(*searches(1, 9, 9, 9), *searches(2, 27)) == [(2, 27, 9)]
    assert unusual(*searches(1, 10, 10, 10), *searches(2, 27)) == []


def test_without_anybody_to_compare_with_much_is_unusual():
    assert unusual(*searches(1, 59)) == []
    assert unusual(*searches(1, 60)) == [(1, 60, 20)]


def test_whoever_was_stopped_is_shown():
    assert unusual(*searches(1, 3, stopped=1)) == [(1, 3, 3)]


def test_days_before_the_first_are_not_shown():
    assert unusual(*searches(1, 1, 90, 1)) == []


@pytest.mark.django_db
class TestOfTheRecords:
    @pytest.fixture
    def project(self):
        return ProjectFactory()

    @pytest.fixture
    def person(self, project):
        return UserFactory(project=project, roles=[Role.MENTOR], name="Karl Kollega")

    @pytest.fixture
    def leader(self, project):
        return UserFactory(project=project, roles=[Role.PROJECT_LEADER], name="Lene Leder")

    def test_records_are_counted_by_day(self, person):
        for _ in range(3):
            record_act(person, NAME_SEARCH_ACTION)
        record_refused(person, LIMIT_ACTION, Usage.NAME_SEARCH)
        record_act(person, "courses")
        now = moment_of_the_database()
        today = timezone.localtime(now).date()
        assert days_of_use([person.pk], now + DAY / 24) == [
            DayOfUse(person.pk, Usage.NAME_SEARCH, today, 3, 1)
        ]

    def test_the_leader_sees_who_was_stopped_and_the_stranger_not(self, client, person, leader):
        record_refused(person, LIMIT_ACTION, Usage.OPENING)
        client.force_login(leader)
        page = client.get(reverse("cases:unusual_use"))
        assert "Karl Kollega" in page.content.decode()
        assert "Kollegers forløb åbnet" in page.content.decode()
        stranger = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
        client.force_login(stranger)
        assert "Karl Kollega" not in client.get(reverse("cases:unusual_use")).content.decode()

    def test_the_administrator_sees_leaders_and_people_without_a_project(self, client, person, leader):
        agency = UserFactory(project=None, roles=[Role.AGENCY], name="Stine Styrelse")
        administrator = UserFactory(project=None, roles=[Role.ADMINISTRATOR])
        for user in (person, leader, agency):
            record_refused(user, LIMIT_ACTION, Usage.DOWNLOAD)
        client.force_login(administrator)
        page = client.get(reverse("cases:unusual_use")).content.decode()
        assert "Stine Styrelse" in page
        assert "Lene Leder" in page
        assert "Karl Kollega" not in page

    def test_many_people_cost_no_more_queries(self, client, leader, project, django_assert_max_num_queries):
        for _ in range(5):
            record_refused(UserFactory(project=project, roles=[Role.MENTOR]), LIMIT_ACTION, Usage.OPENING)
        client.force_login(leader)
        with django_assert_max_num_queries(8):
            client.get(reverse("cases:unusual_use"))

    def test_the_leaders_are_told_once_with_the_digest_of_the_day(self, person, leader):
        stranger = UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER])
        record_refused(person, LIMIT_ACTION, Usage.OPENING)
        for _ in range(2):
            tell_leaders(MONDAY)
        reminders = Reminder.objects.filter(kind="unusual_use")
        assert [reminder.recipient for reminder in reminders] == [leader]
        assert stranger not in {reminder.recipient for reminder in reminders}

    def test_a_leader_whose_account_is_closed_is_not_told(self, person, leader):
        type(leader).objects.filter(pk=leader.pk).update(is_active=False)
        record_refused(person, LIMIT_ACTION, Usage.OPENING)
        tell_leaders(MONDAY)
        assert not Reminder.objects.filter(kind="unusual_use").exists()

    def test_what_was_two_days_ago_is_told_no_more(self, person, leader):
        record_refused(person, LIMIT_ACTION, Usage.OPENING)
        tell_leaders(MONDAY, moment_of_the_database() + 2 * DAY)
        assert not Reminder.objects.filter(kind="unusual_use").exists()

    def test_after_two_weeks_it_is_shown_no_more(self, person):
        record_refused(person, LIMIT_ACTION, Usage.OPENING)
        people = type(person).objects.filter(pk=person.pk)
        now = moment_of_the_database()
        assert len(recent_unusual_use(people, now + 13 * DAY)) == 1
        assert recent_unusual_use(people, now + 14 * DAY) == []
