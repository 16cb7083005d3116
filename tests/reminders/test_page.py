"""A person's own reminders on a page."""

import datetime
from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from reminders import actions, extension_points
from reminders.extension_points import Description
from reminders.models import SubjectType
from tests.factories import CitizenFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

THURSDAY = datetime.date(2016, 4, 7)
FAR = datetime.date(2016, 12, 31)
PAGE = "/paamindelser/"


@pytest.fixture(autouse=True)
def thursday():
    with time_machine.travel(datetime.datetime(2016, 4, 7, 9, 0, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def user(client):
    user = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR])
    client.force_login(user)
    return user


def test_nobody_sees_the_page_without_signing_in(client):
    assert client.get(PAGE).status_code == 302


def test_the_page_takes_no_post(client, user):
    assert client.post(PAGE).status_code == 405


def test_an_empty_page_says_so(client, user):
    assert "Der er ikke noget" in client.get(PAGE).content.decode()
    assert not AccessRecord.objects.exists()


def test_the_page_shows_the_users_reminders_and_no_others(client, user, due_reminders):
    other = UserFactory()
    due_reminders.add(user, THURSDAY, FAR, "mine", due_on=datetime.date(2016, 4, 1))
    due_reminders.add(user, THURSDAY, FAR, "later", due_on=datetime.date(2016, 4, 10))
    due_reminders.add(other, THURSDAY, FAR, "theirs")
    actions.make_digests(THURSDAY)
    page = client.get(reverse("reminders:mine")).content.decode()
    assert page.index("/x/mine/") < page.index("/x/later/")
    assert page.count("Frist overskredet") == 1
    assert "/x/theirs/" not in page
    due_reminders.remove("mine")
    assert "/x/mine/" not in client.get(PAGE).content.decode()


def test_the_citizens_named_are_recorded_and_no_others(client, user, due_reminders, monkeypatch):
    citizen = CitizenFactory()
    name = Description("T.N.", "Testborger Navn", citizen=citizen.public_id)
    courses = extension_points._subjects[SubjectType.COURSE]
    named = replace(courses, describe=lambda keys: dict.fromkeys(keys, name))
    monkeypatch.setitem(extension_points._subjects, SubjectType.COURSE, named)
    due_reminders.add(user, THURSDAY, FAR)
    actions.make_digests(THURSDAY)
    assert "Testborger Navn" in client.get(PAGE).content.decode()
    record = AccessRecord.objects.get()
    assert (record.user, record.action, record.citizens) == (user, "reminders", [citizen.public_id])


def test_few_queries_whatever_the_number(client, user, due_reminders, django_assert_max_num_queries):
    for number in range(30):
        due_reminders.add(user, THURSDAY, FAR, f"s{number}")
    actions.make_digests(THURSDAY)
    with django_assert_max_num_queries(8):
        page = client.get(PAGE).content.decode()
    assert page.count("/x/s") == 25
