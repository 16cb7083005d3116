"""Two workers at once, and days in any order of failures: everything due is told, and told once (D34)."""

import datetime
import threading
import time
from collections import Counter

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobfirst.calendar import is_working_day
from reminders import actions, mail
from reminders.models import Digest, DigestItem, Reminder, SubjectType
from tests.factories import UserFactory

THURSDAY = datetime.date(2016, 4, 7)
FAR = datetime.date(2016, 12, 31)
THREADS = 6


def together(work):
    """Run `work` in several threads that begin at the same moment; raise what any of them raised."""
    barrier = threading.Barrier(THREADS)
    errors = []

    def run():
        try:
            barrier.wait()
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if errors:
        raise errors[0]


class Slow(EmailMultiAlternatives):
    """A mail server that takes its time, so that the others come while it is at it."""

    def send(self, fail_silently=False):
        time.sleep(0.05)
        return super().send(fail_silently)


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_make_and_send_every_digest_once(world, mailoutbox, monkeypatch):
    monkeypatch.setattr(mail, "EmailMultiAlternatives", Slow)
    users = [UserFactory() for _ in range(10)]
    for user in users:
        world.add(user, THURSDAY, FAR, "s1")
        world.add(user, THURSDAY, FAR, "s2")

    def work():
        actions.make_digests(THURSDAY)
        for pk in actions.waiting(THURSDAY):
            actions.send_digest(pk)

    together(work)
    assert Counter(message.to[0] for message in mailoutbox) == {user.email: 1 for user in users}
    assert Reminder.objects.count() == DigestItem.objects.count() == 20
    assert Digest.objects.filter(state="sent").count() == 10


@pytest.mark.django_db(transaction=True)
def test_rounds_at_once_queue_up_behind_one_another(world, monkeypatch):
    """The facts are there already, so that nothing but the rounds' own lock keeps them apart."""
    user = UserFactory()
    world.add(user, THURSDAY, FAR)
    actions.refresh(THURSDAY, SubjectType.COURSE, ["s1"])
    to_tell = actions._to_tell

    def slowly(on):
        found = list(to_tell(on))
        time.sleep(0.1)
        return found

    monkeypatch.setattr(actions, "_to_tell", slowly)
    together(lambda: actions.make_digests(THURSDAY))
    assert Digest.objects.get().recipient == user


@pytest.mark.django_db(transaction=True)
def test_a_digest_on_its_way_is_not_taken_over_by_the_next_days(world, mailoutbox, monkeypatch):
    """Thursday's mail hangs in the mail server until Friday's round has been made."""
    hanging, release = threading.Event(), threading.Event()

    class Hanging(EmailMultiAlternatives):
        def send(self, fail_silently=False):
            hanging.set()
            assert release.wait(30)
            return super().send(fail_silently)

    friday = THURSDAY + datetime.timedelta(days=1)
    user, other = UserFactory(), UserFactory()
    world.add(user, THURSDAY, FAR)
    actions.make_digests(THURSDAY)
    (pk,) = actions.waiting(THURSDAY)
    with monkeypatch.context() as patched:
        patched.setattr(mail, "EmailMultiAlternatives", Hanging)

        def send():
            actions.send_digest(pk)
            connection.close()

        worker = threading.Thread(target=send)
        worker.start()
        assert hanging.wait(30)
        world.add(other, friday, FAR)
        actions.make_digests(friday)
        assert list(Digest.objects.filter(on=friday).values_list("recipient", flat=True)) == [other.pk]
        release.set()
        worker.join(30)
    actions.make_digests(friday)
    for digest in actions.waiting(friday):
        actions.send_digest(digest)
    assert Counter(message.to[0] for message in mailoutbox) == {user.email: 1, other.email: 1}


FIRST = datetime.date(2016, 3, 21)  # the Monday before Easter: three working days, five days off
DAYS = [FIRST + datetime.timedelta(days=offset) for offset in range(18)]
PEOPLE = 3
FACTS = st.lists(
    st.tuples(
        st.integers(0, PEOPLE - 1),  # whom to tell
        st.integers(0, 3),  # about what
        st.integers(0, len(DAYS) - 1),  # from which day
        st.integers(0, 12),  # for how many days more
    ),
    max_size=10,
)
# What becomes of each day: nobody works; the digests are made and the worker dies; all goes well once or
# twice; and whom the mail server refuses that day.
FATES = st.lists(
    st.tuples(st.sampled_from(["down", "dies", "works", "works twice"]), st.sets(st.integers(0, PEOPLE - 1))),
    min_size=len(DAYS),
    max_size=len(DAYS),
)


@pytest.mark.django_db
@given(facts=FACTS, fates=FATES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_fails_every_due_fact_is_told_once_on_the_first_day_that_works(
    world, mailoutbox, monkeypatch, facts, fates
):
    with transaction.atomic():
        replay(world, monkeypatch, facts, fates)
        transaction.set_rollback(True)


def replay(world, monkeypatch, facts, fates):
    """Live through the days; compare with a reckoning that knows no database."""
    users = [UserFactory() for _ in range(PEOPLE)]
    refused: set[str] = set()

    class Server(EmailMultiAlternatives):
        def send(self, fail_silently=False):
            if self.to[0] in refused:
                raise ConnectionRefusedError
            return 1

    monkeypatch.setattr(mail, "EmailMultiAlternatives", Server)
    world.due = []
    spans: dict[tuple[int, str], list[tuple[datetime.date, datetime.date]]] = {}
    for person, about, first, more in facts:
        begins = DAYS[first]
        ends = begins + datetime.timedelta(days=more)
        world.add(users[person], begins, ends, f"s{about}", due_on=FAR)
        spans.setdefault((users[person].pk, f"s{about}"), []).append((begins, ends))

    news, repeats = set(), set()
    for day, (fate, refuses) in zip(DAYS, fates, strict=True):
        refused.clear()
        refused.update(users[person].email for person in refuses)
        if fate != "down":
            actions.make_digests(day)
        if fate.startswith("works"):
            for _ in range(2 if fate == "works twice" else 1):
                actions.make_digests(day)
                for pk in actions.waiting(day):
                    actions.send_digest(pk)
        for (recipient, about), open_days in spans.items():
            reached = fate.startswith("works") and all(users[p].pk != recipient for p in refuses)
            if reached and is_working_day(day) and any(a <= day <= b for a, b in open_days):
                if all((recipient, about) != told[1:] for told in news):
                    news.add((day, recipient, about))
                elif actions.is_first_working_day_of_week(day):
                    repeats.add((day, recipient, about))

    sent = DigestItem.objects.filter(digest__state="sent")
    rows = ("digest__on", "digest__recipient", "reminder__subject")
    assert Counter(sent.filter(is_new=True).values_list(*rows)) == Counter(news)
    assert Counter(sent.filter(is_new=False).values_list(*rows)) == Counter(repeats)
