"""From deadlines to digests (D33, D34), with one kind of deadline made for the tests."""

import datetime

import pytest
from django.db import transaction

from reminders import actions
from reminders.models import Digest, Reminder, Round
from tests.factories import UserFactory
from tests.reminders.rounds import (
    EASTER_MONDAY,
    FAR,
    FIRST,
    FRI,
    MON,
    NEXT_MON,
    NEXT_TUE,
    SAT,
    SUN,
    THU,
    TUE,
    WED,
    reminders_sent,
    run_day,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", [SAT, SUN, EASTER_MONDAY, datetime.date(2016, 3, 25)])
def test_nothing_happens_on_a_day_off(due_reminders, day):
    due_reminders.add(UserFactory(), FIRST, FAR)
    run_day(day)
    assert not Digest.objects.exists()
    assert not Reminder.objects.exists()
    assert not Round.objects.exists()


def test_a_deadline_is_told_once(due_reminders, mailoutbox):
    user = UserFactory()
    due_reminders.add(user, TUE, WED, due_on=SUN)
    run_day(MON)
    assert not mailoutbox
    run_day(TUE)
    run_day(WED)
    (message,) = mailoutbox
    assert message.to == [user.email]
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.subject, reminder.due_on) == ("test_due", "s1", SUN)
    assert reminder.sent_at is not None
    run_day(THU)
    assert len(mailoutbox) == 1


def test_what_is_due_again_is_the_same_fact_and_no_news(due_reminders, mailoutbox):
    user = UserFactory()
    due_reminders.add(user, TUE, TUE, due_on=SUN)
    due_reminders.add(user, THU, FRI, due_on=SUN)
    for day in (TUE, WED, THU, FRI):
        run_day(day)
    assert Reminder.objects.count() == 1
    assert len(mailoutbox) == 1


def test_what_closed_before_it_was_told_is_told_when_it_is_due_again(due_reminders, mailoutbox, monkeypatch):
    user = UserFactory()
    due_reminders.add(user, TUE, TUE, due_on=SUN)
    due_reminders.add(user, THU, THU, due_on=SUN)
    actions.make_digests(TUE)
    actions.make_digests(WED)
    assert not actions.waiting_digests(WED)
    run_day(THU)
    assert reminders_sent(THU) == {user.pk: [("s1", True)]}
    assert len(mailoutbox) == 1


def test_one_digest_a_person_and_day_with_all_that_is_new(due_reminders, mailoutbox):
    mentor, owner = UserFactory(), UserFactory()
    for subject in ("s1", "s2", "s3"):
        due_reminders.add(mentor, TUE, FAR, subject)
    due_reminders.add(owner, TUE, FAR, "s1")
    run_day(TUE)
    due_reminders.add(mentor, TUE, FAR, "s4")
    run_day(TUE)
    assert sorted(message.to[0] for message in mailoutbox) == sorted([mentor.email, owner.email])
    assert len(reminders_sent(TUE)[mentor.pk]) == 3
    run_day(WED)
    assert reminders_sent(WED) == {mentor.pk: [("s4", True)]}


def test_on_other_days_than_the_first_only_what_is_new(due_reminders):
    user = UserFactory()
    due_reminders.add(user, TUE, FAR, "s1")
    due_reminders.add(user, WED, FAR, "s2")
    for day in (TUE, WED, THU, FRI):
        run_day(day)
    assert reminders_sent(TUE) == {user.pk: [("s1", True)]}
    assert reminders_sent(WED) == {user.pk: [("s2", True)]}
    assert reminders_sent(THU) == reminders_sent(FRI) == {}


def test_the_first_working_day_of_a_week_repeats_what_is_open(due_reminders):
    user = UserFactory()
    due_reminders.add(user, TUE, FAR, "s1")
    due_reminders.add(user, TUE, FRI, "closes")
    due_reminders.add(user, NEXT_MON, FAR, "s2")
    for day in (TUE, FRI, NEXT_MON, NEXT_TUE):
        run_day(day)
    assert reminders_sent(NEXT_MON) == {user.pk: [("s1", False), ("s2", True)]}
    assert reminders_sent(NEXT_TUE) == {}


def test_after_easter_monday_the_tuesday_repeats(due_reminders):
    user = UserFactory()
    wednesday, tuesday = (
        EASTER_MONDAY - datetime.timedelta(days=5),
        EASTER_MONDAY + datetime.timedelta(days=1),
    )
    due_reminders.add(user, FIRST, FAR)
    for offset in range(7):
        run_day(wednesday + datetime.timedelta(days=offset))
    assert reminders_sent(wednesday) == {user.pk: [("s1", True)]}
    assert reminders_sent(tuesday) == {user.pk: [("s1", False)]}
    assert Digest.objects.count() == 2
    assert list(Round.objects.order_by("on").values_list("on", flat=True)) == [wednesday, tuesday]


@pytest.mark.parametrize("missed", [[NEXT_MON], [NEXT_MON, NEXT_TUE]])
def test_a_monday_without_a_round_is_made_up_on_the_next_working_day(due_reminders, missed):
    user = UserFactory()
    due_reminders.add(user, TUE, FAR, "s1")
    run_day(TUE)
    first, second, third = [
        day for day in (NEXT_MON + datetime.timedelta(days=n) for n in range(5)) if day not in missed
    ][:3]
    due_reminders.add(user, second, FAR, "s2")
    for day in (first, second, third):
        run_day(day)
    assert reminders_sent(first) == {user.pk: [("s1", False)]}
    assert reminders_sent(second) == {user.pk: [("s2", True)]}
    assert reminders_sent(third) == {}


def test_a_second_round_of_the_day_is_still_the_weeks_first(due_reminders):
    """As when somebody's earlier mail was on its way during the first (test_races.py)."""
    early, late = UserFactory(), UserFactory()
    due_reminders.add(early, TUE, FAR, "s1")
    due_reminders.add(late, TUE, FAR, "s2")
    run_day(TUE)
    run_day(NEXT_MON)
    Digest.objects.filter(on=NEXT_MON, recipient=late).delete()
    run_day(NEXT_MON)
    assert reminders_sent(NEXT_MON) == {early.pk: [("s1", False)], late.pk: [("s2", False)]}


def test_days_without_a_worker_lose_nothing(due_reminders, mailoutbox):
    user = UserFactory()
    due_reminders.add(user, MON, FAR, "s1")
    due_reminders.add(user, TUE, FAR, "s2")
    due_reminders.add(user, WED, FAR, "s3")
    run_day(THU)
    assert reminders_sent(THU) == {user.pk: [("s1", True), ("s2", True), ("s3", True)]}
    assert len(mailoutbox) == 1


def test_what_was_made_but_never_sent_goes_with_the_next_days_digest(due_reminders, mailoutbox):
    user = UserFactory()
    due_reminders.add(user, TUE, FAR, "s1")
    due_reminders.add(user, THU, FAR, "s2")
    actions.make_digests(TUE)
    run_day(THU)
    assert reminders_sent(THU) == {user.pk: [("s1", True), ("s2", True)]}
    assert len(mailoutbox) == 1
    assert Digest.objects.get(on=TUE).state == "dropped"


def test_the_number_of_queries_does_not_follow_the_number_of_deadlines(due_reminders):
    users = [UserFactory() for _ in range(20)]

    def make(on):
        with transaction.atomic():
            actions.make_digests(on)

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(4):
        due_reminders.add(users[0], TUE, FAR, f"a{number}")
    with CaptureQueriesContext(connection) as few:
        make(TUE)
    for number in range(200):
        due_reminders.add(users[1 + number % 19], WED, FAR, f"b{number}")
    with CaptureQueriesContext(connection) as many:
        make(WED)
    assert len(many) <= len(few) + 2  # the items of Tuesday's digest, which is dropped
