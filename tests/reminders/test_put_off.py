"""A person puts a reminder off until a day, with a reason that the leader sees."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from jobfirst.values.dates import DAY
from reminders import actions, deadlines, own_reminders, recipients
from reminders.models import DigestItem, Snooze
from tests.concurrency import BackgroundAction
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

TUESDAY = datetime.date(2016, 4, 12)
KIND = "weekly_contact_overdue"


@pytest.fixture(autouse=True)
def _tuesday(course):
    deadlines.recompute()
    with time_machine.travel(datetime.datetime(2016, 4, 12, 8, 0, tzinfo=datetime.UTC), tick=True):
        yield


def telling_of(user, on=TUESDAY):
    """Return what the user is told of the overdue contact on the day."""
    (telling,) = (
        telling for telling in recipients.tellings(on, recipient_id=user.pk) if telling.kind == KIND
    )
    return telling


def put_off(user, until_on=TUESDAY + 3 * DAY, reason="Borgeren er på ferie", **fields):
    return own_reminders.put_off(
        telling_of(user), by=user, until_on=until_on, reason=reason, today=TUESDAY, **fields
    )


def days_told(user):
    """Return the days of the digests with the overdue contact that were sent to the user."""
    items = DigestItem.objects.filter(
        reminder__recipient=user, reminder__kind=KIND, digest__state="sent"
    ).order_by("digest__on")
    return [item.digest.on for item in items]


def work_through(first, last):
    day = first
    while day <= last:
        actions.make_digests(day)
        for pk in actions.waiting_digests(day):
            actions.send_digest(pk)
        day += DAY


def test_it_rests_until_the_day_and_is_told_again_then(holder):
    put_off(holder, until_on=datetime.date(2016, 4, 20))  # a Wednesday, beyond the Monday's repeat
    work_through(TUESDAY, datetime.date(2016, 4, 26))
    assert days_told(holder) == [datetime.date(2016, 4, 20), datetime.date(2016, 4, 25)]


def test_three_days_without_a_worker_lose_nothing(holder):
    work_through(TUESDAY, TUESDAY)
    put_off(holder, until_on=TUESDAY + DAY)
    work_through(TUESDAY + 3 * DAY, TUESDAY + 3 * DAY)
    assert days_told(holder) == [TUESDAY, TUESDAY + 3 * DAY]


def test_put_off_while_the_mail_waits_is_left_out_of_it(holder):
    actions.make_digests(TUESDAY)
    put_off(holder, until_on=TUESDAY + DAY)
    work_through(TUESDAY, TUESDAY + DAY)
    assert days_told(holder) == [TUESDAY + DAY]


def test_it_rests_for_nobody_else(holder, project, course):
    owner = UserFactory(project=project, roles=["course_owner"])
    course.holdings.filter(function="course_owner").update(user=owner)
    put_off(holder)
    work_through(TUESDAY, TUESDAY)
    assert days_told(owner) == [TUESDAY]
    assert days_told(holder) == []


def test_the_leader_is_told_of_what_is_long_overdue_all_the_same(holder, leader):
    put_off(holder, until_on=TUESDAY + 14 * DAY)
    told_leader = recipients.tellings(datetime.date(2016, 4, 25), recipient_id=leader.pk)
    assert KIND in {telling.kind for telling in told_leader}


@pytest.mark.parametrize(
    "changes",
    [{"until_on": TUESDAY}, {"until_on": TUESDAY + 15 * DAY}, {"reason": "  "}],
    ids=["today", "too far", "no reason"],
)
def test_the_limits(holder, changes):
    with pytest.raises(ValidationError):
        put_off(holder, **changes)
    assert not Snooze.objects.exists()


def test_putting_it_off_anew_replaces(holder):
    put_off(holder)
    put_off(holder, until_on=TUESDAY + 6 * DAY, reason="Stadig på ferie")
    assert [snooze.reason for snooze in Snooze.objects.running(TUESDAY + 4 * DAY)] == ["Stadig på ferie"]


def test_a_form_sent_twice_puts_it_off_once(holder):
    token = "5b0c7c5e-5a6b-4a4b-8f63-1d6c4b1a2f10"
    assert put_off(holder, submission=token) == put_off(holder, submission=token)


def test_a_form_sent_again_with_another_day_is_refused(holder):
    token = "5b0c7c5e-5a6b-4a4b-8f63-1d6c4b1a2f10"
    put_off(holder, submission=token)
    with pytest.raises(ValidationError):
        put_off(holder, until_on=TUESDAY + 6 * DAY, submission=token)
    assert Snooze.objects.get().until_on == TUESDAY + 3 * DAY


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_puts_it_off_once(holder):
    token = "5b0c7c5e-5a6b-4a4b-8f63-1d6c4b1a2f10"
    telling = telling_of(holder)

    def send():
        return own_reminders.put_off(
            telling, by=holder, until_on=TUESDAY + DAY, reason="Ferie", today=TUESDAY, submission=token
        )

    with transaction.atomic():
        snooze = send()
        second = BackgroundAction(send)
        assert second.is_blocked()
    assert second.join() == snooze


def test_the_page_and_what_the_leader_sees(holder, leader, course, as_user):
    url = f"/paamindelser/udsaet/{KIND}/{course.public_id}/{telling_of(holder).due_on}/"
    client = as_user(holder)
    assert url in client.get("/paamindelser/").content.decode()
    page = client.get(url).content.decode()
    assert "Udsæt en påmindelse" in page
    refused = client.post(url, {"until_on": "2016-04-12", "reason": "x"})
    assert "højst 14 dage frem" in refused.content.decode()
    answer = client.post(url, {"until_on": "2016-04-15", "reason": "Borgeren er på ferie"}, follow=True)
    assert "Udsat til" in answer.content.decode()
    dashboard = as_user(leader).get("/overblik/").content.decode()
    assert "Borgeren er på ferie" in dashboard


def test_nobody_puts_off_what_is_told_to_others(colleague, holder, course, as_user):
    url = f"/paamindelser/udsaet/{KIND}/{course.public_id}/{telling_of(holder).due_on}/"
    client = as_user(colleague)
    assert client.get(url).status_code == 404
    assert client.post(url, {"until_on": "2016-04-15", "reason": "x"}).status_code == 404
    assert not Snooze.objects.exists()
