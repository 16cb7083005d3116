"""Concurrent workers, and days with any failures: every due fact is sent, and sent once as new (D34)."""

import datetime
import threading
import time
from collections import Counter
from typing import NamedTuple

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobfirst.values.working_days import is_working_day
from reminders import actions, mail
from reminders.models import Digest, DigestItem, Reminder
from tests.concurrency import run_at_once
from tests.factories import UserFactory

THURSDAY = datetime.date(2016, 4, 7)
FAR = datetime.date(2016, 12, 31)
THREADS = 6


def run_in_threads(job):
    """Run the job in several threads at once; raise what any of them raised."""
    for outcome in run_at_once([job] * THREADS):
        if isinstance(outcome, BaseException):
            raise outcome


class SlowMail(EmailMultiAlternatives):
    """A mail that takes time to send, so that the threads meet."""

    def send(self, fail_silently=False):
        time.sleep(0.05)
        return super().send(fail_silently)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_make_and_send_every_digest_once(due_reminders, mailoutbox, monkeypatch):
    monkeypatch.setattr(mail, "EmailMultiAlternatives", SlowMail)
    users = [UserFactory() for _ in range(10)]
    for user in users:
        due_reminders.add(user, THURSDAY, FAR, "s1")
        due_reminders.add(user, THURSDAY, FAR, "s2")

    def make_and_send():
        actions.make_digests(THURSDAY)
        for pk in actions.waiting_digests(THURSDAY):
            actions.send_digest(pk)

    run_in_threads(make_and_send)
    assert Counter(message.to[0] for message in mailoutbox) == {user.email: 1 for user in users}
    assert Reminder.objects.count() == DigestItem.objects.count() == 20
    assert Digest.objects.filter(state="sent").count() == 10


@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_queue_up_behind_one_another(due_reminders, monkeypatch):
    """The deadlines are there already, so that nothing but the rounds' own lock keeps them apart."""
    user = UserFactory()
    due_reminders.add(user, THURSDAY, FAR)
    store = actions._store_reminders_and_digests

    def store_slowly(on, busy_recipients):
        time.sleep(0.1)
        store(on, busy_recipients)

    monkeypatch.setattr(actions, "_store_reminders_and_digests", store_slowly)
    run_in_threads(lambda: actions.make_digests(THURSDAY))
    assert Digest.objects.get().recipient == user


@pytest.mark.django_db(transaction=True)
def test_a_digest_on_its_way_is_not_taken_over_by_the_next_days(due_reminders, mailoutbox, monkeypatch):
    """Thursday's mail hangs in the mail server until Friday's round has been made."""
    hanging, release = threading.Event(), threading.Event()

    class HangingMail(EmailMultiAlternatives):
        def send(self, fail_silently=False):
            hanging.set()
            assert release.wait(30)
            return super().send(fail_silently)

    friday = THURSDAY + datetime.timedelta(days=1)
    user, other = UserFactory(), UserFactory()
    due_reminders.add(user, THURSDAY, FAR)
    actions.make_digests(THURSDAY)
    (pk,) = actions.waiting_digests(THURSDAY)
    with monkeypatch.context() as patched:
        patched.setattr(mail, "EmailMultiAlternatives", HangingMail)

        def send():
            actions.send_digest(pk)
            connection.close()

        worker = threading.Thread(target=send)
        worker.start()
        assert hanging.wait(30)
        due_reminders.add(other, friday, FAR)
        actions.make_digests(friday)
        assert list(Digest.objects.filter(on=friday).values_list("recipient", flat=True)) == [other.pk]
        release.set()
        worker.join(30)
    actions.make_digests(friday)
    for digest in actions.waiting_digests(friday):
        actions.send_digest(digest)
    assert Counter(message.to[0] for message in mailoutbox) == {user.email: 1, other.email: 1}


FIRST = datetime.date(2016, 3, 21)  # the Monday before Easter: three working days, five days off
DAYS = [FIRST + datetime.timedelta(days=offset) for offset in range(18)]
PEOPLE = 3
FACTS = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),  # the recipient
        st.integers(0, 3),  # the subject
        st.integers(0, len(DAYS) - 1),  # from which day
        st.integers(0, 12),  # for how many days more
    ),
    max_size=10,
)
# What happens on each day: the system is down; the digests are made and the worker dies; it works, once or
# twice; and the people whose mails the server refuses on that day.
FATES = st.lists(
    st.tuples(st.sampled_from(["down", "dies", "works", "works twice"]), st.sets(st.integers(0, PEOPLE - 1))),
    min_size=len(DAYS),
    max_size=len(DAYS),
)


@pytest.mark.django_db
@given(facts=FACTS, fates=FATES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_fails_every_due_fact_is_new_once_on_the_first_day_that_works(
    due_reminders, mailoutbox, monkeypatch, facts, fates
):
    with transaction.atomic():
        users = [UserFactory() for _ in range(PEOPLE)]
        due_reminders.periods = []
        for person, topic, first, more_days in facts:
            begins = DAYS[first]
            ends = begins + datetime.timedelta(days=more_days)
            due_reminders.add(users[person], begins, ends, f"p{person}-s{topic}", due_on=FAR)

        live_through(users, fates, monkeypatch)

        expected = expect_reminders(due_reminders.periods, users, fates)
        items = DigestItem.objects.filter(digest__state="sent")
        columns = ("digest__on", "digest__recipient", "reminder__subject")
        assert Counter(items.filter(is_new=True).values_list(*columns)) == Counter(expected.new)
        assert Counter(items.filter(is_new=False).values_list(*columns)) == Counter(expected.repeated)
        transaction.set_rollback(True)


def live_through(users, fates, monkeypatch):
    """Run the rounds and the sending of all days, with what fails on each."""
    refused_addresses: set[str] = set()

    class UndeliveredMail(EmailMultiAlternatives):
        def send(self, fail_silently=False):
            if self.to[0] in refused_addresses:
                raise ConnectionRefusedError
            return 1

    monkeypatch.setattr(mail, "EmailMultiAlternatives", UndeliveredMail)
    for day, (fate, refused_people) in zip(DAYS, fates, strict=True):
        refused_addresses.clear()
        refused_addresses.update(users[person].email for person in refused_people)
        if fate != "down":
            actions.make_digests(day)
        if fate.startswith("works"):
            for _ in range(2 if fate == "works twice" else 1):
                actions.make_digests(day)
                for pk in actions.waiting_digests(day):
                    actions.send_digest(pk)


class ExpectedReminders(NamedTuple):
    """The reminders that are sent as new and as repeated: (day, recipient's id, subject)."""

    new: set[tuple[datetime.date, int, str]]
    repeated: set[tuple[datetime.date, int, str]]


def expect_reminders(periods, users, fates):
    """Work out the reminders of all days without a database."""
    expected = ExpectedReminders(set(), set())
    sent_before = set()
    weeks_with_a_round = set()
    for day, (fate, refused_people) in zip(DAYS, fates, strict=True):
        refused_ids = {users[person].pk for person in refused_people}
        week = day.isocalendar().week
        is_first_round = week not in weeks_with_a_round
        if fate != "down" and is_working_day(day):
            weeks_with_a_round.add(week)
        if not fate.startswith("works") or not is_working_day(day):
            continue
        open_on_day = {
            (period.recipient_id, period.subject) for period in periods if period.first <= day <= period.last
        }
        for recipient_id, subject in open_on_day:
            if recipient_id in refused_ids:
                continue
            if (recipient_id, subject) not in sent_before:
                sent_before.add((recipient_id, subject))
                expected.new.add((day, recipient_id, subject))
            elif is_first_round:
                expected.repeated.add((day, recipient_id, subject))
    return expected
