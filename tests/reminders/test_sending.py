"""Digests are sent once, again when the mail server refuses, and not when nothing is left to say (D34)."""

import datetime
import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from reminders import actions, recipients
from reminders.actions import DeliveryOutcome
from reminders.models import Digest, Reminder
from tests.factories import UserFactory
from tests.loops import some
from tests.reminders.rounds import (
    FAR,
    TUE,
    WED,
    reminders_sent,
    run_day,
)

pytestmark = pytest.mark.django_db


class RefusingMail(EmailMultiAlternatives):
    """A mail that the server refuses when it goes to one address."""

    refused_address = ""

    def send(self, fail_silently=False):
        if self.to == [RefusingMail.refused_address]:
            raise smtplib.SMTPDataError(451, f"try again, {self.to[0]}".encode())
        return super().send(fail_silently)


@pytest.fixture
def refuse_mails_to(monkeypatch):
    """Let the mail server refuse the mails to an address (none for '')."""
    monkeypatch.setattr("reminders.mail.EmailMultiAlternatives", RefusingMail)

    def set_address(address):
        RefusingMail.refused_address = address

    yield set_address
    RefusingMail.refused_address = ""


def test_a_refused_mail_is_kept_and_retried_and_the_others_are_sent(
    due_reminders, mailoutbox, refuse_mails_to
):
    users = sorted((UserFactory() for _ in range(3)), key=lambda user: user.email)
    for user in users:
        due_reminders.add(user, TUE, FAR)
    refuse_mails_to(users[1].email)
    run_day(TUE)
    assert [message.to[0] for message in mailoutbox] == [users[0].email, users[2].email]
    digest = Digest.objects.get(recipient=users[1])
    assert (digest.state, digest.attempts, digest.last_error) == ("pending", 1, "SMTPDataError 451")
    assert Reminder.objects.get(recipient=users[1]).sent_at is None
    refuse_mails_to("")
    run_day(TUE)
    assert [message.to[0] for message in mailoutbox][2:] == [users[1].email]
    digest.refresh_from_db()
    assert (digest.state, digest.attempts, digest.last_error) == ("sent", 2, "")


def test_attempts_grow_further_apart():
    user = UserFactory()
    now = timezone.now()
    digest = Digest.objects.create(recipient=user, on=TUE)
    assert actions.waiting_digests(TUE, now) == [digest.pk]
    for attempts, minutes in ((1, 15), (2, 30), (3, 60), (5, 240), (40, 240)):
        digest.attempts, digest.attempted_at = attempts, now
        digest.save()
        next_attempt = now + datetime.timedelta(minutes=minutes)
        before = next_attempt - datetime.timedelta(minutes=1)
        assert actions.waiting_digests(TUE, before) == []
        assert actions.waiting_digests(TUE, next_attempt) == [digest.pk]
        assert actions.waiting_digests(TUE) == [digest.pk]


def test_a_crash_after_the_server_took_the_mail_sends_it_again_under_the_same_id(
    due_reminders, mailoutbox, monkeypatch
):
    """At least once, chosen in `reminders.actions`: never lost, and known by its Message-ID."""
    due_reminders.add(UserFactory(), TUE, FAR)
    actions.make_digests(TUE)
    (pk,) = actions.waiting_digests(TUE)
    with monkeypatch.context() as patched:
        patched.setattr(Digest, "save", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.send_digest(pk)
    assert len(mailoutbox) == 1
    assert Digest.objects.get().state == "pending"
    assert Reminder.objects.get().sent_at is None
    assert actions.send_digest(pk) is DeliveryOutcome.SENT
    assert actions.send_digest(pk) is DeliveryOutcome.NOT_OURS
    first, second = (message.message()["Message-ID"] for message in mailoutbox)
    assert first == second == f"<{Digest.objects.get().public_id}@localhost>"


def test_what_was_seen_to_before_the_mail_left_is_not_in_it(due_reminders, mailoutbox):
    user, other = UserFactory(), UserFactory()
    due_reminders.add(user, TUE, FAR, "s1")
    due_reminders.add(user, TUE, FAR, "s2")
    due_reminders.add(other, TUE, FAR, "s1")
    actions.make_digests(TUE)
    due_reminders.remove("s1")
    for pk in actions.waiting_digests(TUE):
        actions.send_digest(pk)
    assert [message.to for message in mailoutbox] == [[user.email]]
    assert reminders_sent(TUE) == {user.pk: [("s2", True)]}
    assert Digest.objects.get(recipient=other).state == "dropped"


def test_who_left_gets_no_mail(due_reminders, mailoutbox):
    gone, leaving = UserFactory(is_active=False), UserFactory()
    due_reminders.add(gone, TUE, FAR)
    due_reminders.add(leaving, TUE, FAR)
    actions.make_digests(TUE)
    leaving.is_active = False
    leaving.save()
    for pk in some(actions.waiting_digests(TUE)):
        assert actions.send_digest(pk) is DeliveryOutcome.DROPPED
    run_day(WED)
    assert not mailoutbox
    assert not recipients.tellings(WED)
