"""Digests that are given up: when, what becomes of their reminders, and sending one again by hand (D34)."""

import datetime
import smtplib

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError

from jobfirst.messaging.delivery import pause_after
from jobfirst.messaging.transports import error_code
from reminders import actions, dead_letters, mail, tasks
from reminders.actions import DeliveryOutcome
from reminders.models import Digest, DigestItem, DigestState, Reminder
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MON, TUE, WED = (datetime.date(2016, 4, 4) + datetime.timedelta(days=n) for n in range(3))
FAR = datetime.date(2016, 12, 31)


def refusal(code):
    """Return the mail server's answer that it does not take mail to this recipient."""
    return smtplib.SMTPRecipientsRefused({"mentor@example.invalid": (code, b"mentor@example.invalid?")})


@pytest.fixture
def mail_server(monkeypatch):
    """Let every mail fail with `error`, or be sent when it is None."""

    class Server:
        error = None

    class FailingMail(EmailMultiAlternatives):
        def send(self, fail_silently=False):
            if Server.error is not None:
                raise Server.error
            return super().send(fail_silently)

    monkeypatch.setattr(mail, "EmailMultiAlternatives", FailingMail)
    return Server


def make_digest(on):
    """Make the only digest of the day and return its id."""
    actions.make_digests(on)
    (pk,) = actions.waiting_digests(on)
    return pk


@pytest.fixture
def dead_letter(due_reminders, mail_server):
    """Tuesday's digest, refused by the mail server for good, which takes mail again."""
    due_reminders.add(UserFactory(email="mentor@example.invalid"), TUE, FAR)
    pk = make_digest(TUE)
    mail_server.error = refusal(550)
    assert actions.send_digest(pk) is DeliveryOutcome.DEAD
    mail_server.error = None
    return Digest.objects.get(pk=pk)


@pytest.mark.parametrize(
    "error",
    [refusal(550), refusal(553), smtplib.SMTPDataError(552, b"full"), smtplib.SMTPDataError(550, b"")],
    ids=error_code,
)
def test_a_recipient_refused_for_good_is_not_tried_again(due_reminders, mail_server, error):
    due_reminders.add(UserFactory(), TUE, FAR)
    mail_server.error = error
    pk = make_digest(TUE)
    assert actions.send_digest(pk) is DeliveryOutcome.DEAD
    digest = Digest.objects.get(pk=pk)
    assert (digest.state, digest.attempts) == (DigestState.DEAD, 1)
    assert digest.last_error == error_code(error)
    assert actions.waiting_digests(TUE) == []
    assert actions.send_digest(pk) is DeliveryOutcome.NOT_OURS


@pytest.mark.parametrize(
    "error",
    [
        refusal(450),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPSenderRefused(550, b"who are you", "jobfirst@localhost"),
        smtplib.SMTPAuthenticationError(535, b"wrong password"),
        smtplib.SMTPConnectError(554, b"no service"),
        smtplib.SMTPServerDisconnected("after DATA"),
        TimeoutError(),
        ConnectionRefusedError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_may_pass_is_tried_as_often_as_the_setting_says(due_reminders, mail_server, settings, error):
    settings.JOBFIRST_DIGEST_ATTEMPTS = 3
    due_reminders.add(UserFactory(), TUE, FAR)
    mail_server.error = error
    pk = make_digest(TUE)
    outcomes = [actions.send_digest(pk) for _ in range(4)]
    assert outcomes == [*[DeliveryOutcome.FAILED] * 2, DeliveryOutcome.DEAD, DeliveryOutcome.NOT_OURS]
    assert Digest.objects.get(pk=pk).attempts == 3


@pytest.mark.parametrize("seconds", [0, 5, 20])
def test_the_last_attempt_is_in_the_evening_of_the_same_day(settings, seconds):
    """An attempt takes some seconds, so that its pause ends just after a tick, and the next one makes it."""
    attempted_at = datetime.datetime(2016, 4, 5, 7, 0, seconds)
    for attempts in range(1, settings.JOBFIRST_DIGEST_ATTEMPTS):
        tick = attempted_at.replace(second=0)
        while tick - attempted_at < pause_after(attempts):
            tick += datetime.timedelta(minutes=15)
        attempted_at = tick + datetime.timedelta(seconds=seconds)
    assert attempted_at.day == 5
    assert 18 <= attempted_at.hour <= settings.JOBFIRST_DIGEST_UNTIL_HOUR


def test_its_reminders_count_as_not_told_and_go_with_the_next_digest(dead_letter, mailoutbox):
    assert Reminder.objects.get().sent_at is None
    actions.make_digests(TUE)
    assert Digest.objects.count() == 1, "one digest a day, dead or not"
    assert actions.send_digest(make_digest(WED)) is DeliveryOutcome.SENT
    dead_letter.refresh_from_db()
    assert dead_letter.state == DigestState.DROPPED
    (item,) = DigestItem.objects.all()
    assert (item.digest.on, item.is_new) == (WED, True)
    assert len(mailoutbox) == 1


def test_an_address_that_stays_dead_has_one_dead_letter(dead_letter, mail_server):
    mail_server.error = refusal(550)
    actions.send_digest(make_digest(WED))
    assert [digest.on for digest in dead_letters.fetch_dead_letters()] == [WED]
    assert Reminder.objects.get().sent_at is None


def test_a_dead_letter_is_sent_again_by_hand_under_its_message_id(
    dead_letter, mailoutbox, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tasks.send_digest, "delay", queued.append)
    with django_capture_on_commit_callbacks(execute=True):
        dead_letters.send_again(dead_letter.public_id)
        assert queued == []
    assert queued == [dead_letter.pk]
    waiting = Digest.objects.get()
    assert (waiting.state, waiting.attempts, waiting.attempted_at) == (DigestState.PENDING, 0, None)
    assert actions.send_digest(dead_letter.pk) is DeliveryOutcome.SENT
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<{dead_letter.public_id}@localhost>"
    assert Reminder.objects.get().sent_at is not None


def test_a_dead_letter_sent_again_on_a_later_day_leaves_out_what_is_no_longer_told(
    due_reminders, mail_server, mailoutbox
):
    user = UserFactory()
    due_reminders.add(user, TUE, TUE, "over")
    due_reminders.add(user, TUE, FAR, "still due")
    pk = make_digest(TUE)
    mail_server.error = refusal(550)
    actions.send_digest(pk)
    mail_server.error = None
    dead_letters.send_again(Digest.objects.get().public_id)
    with time_machine.travel(datetime.datetime(2016, 4, 9, 9, tzinfo=datetime.UTC), tick=False):  # a Saturday
        tasks.send_digest(pk)
    assert len(mailoutbox) == 1
    assert [item.reminder.subject for item in DigestItem.objects.all()] == ["still due"]


def test_only_a_dead_letter_can_be_sent_again(dead_letter, mailoutbox):
    dead_letters.send_again(dead_letter.public_id)
    with pytest.raises(ValidationError):
        dead_letters.send_again(dead_letter.public_id)
    actions.send_digest(dead_letter.pk)
    with pytest.raises(ValidationError):
        dead_letters.send_again(dead_letter.public_id)
    assert len(mailoutbox) == 1


def test_a_dead_letter_was_tried(dead_letter):
    with pytest.raises(IntegrityError, match="reminders_digest_state"):
        Digest.objects.filter(pk=dead_letter.pk).update(attempts=0, attempted_at=None)
