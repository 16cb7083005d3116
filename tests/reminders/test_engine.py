"""From deadlines to sent digests (D33, D34), with one kind of deadline made for the tests."""

import datetime
import smtplib

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from reminders import actions, recipients
from reminders.actions import DeliveryOutcome
from reminders.models import Digest, DigestItem, Reminder, Round
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MON, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON, NEXT_TUE = (
    datetime.date(2016, 4, 4) + datetime.timedelta(days=n) for n in range(9)
)
EASTER_MONDAY = datetime.date(2016, 3, 28)
FAR = datetime.date(2016, 12, 31)
FIRST = datetime.date(2016, 1, 1)


def run_day(on):
    """Make the digests of a day and send them."""
    actions.make_digests(on)
    for pk in actions.waiting_digests(on):
        actions.send_digest(pk)


def reminders_sent(on):
    """Return the reminders sent on a day: {recipient: [(subject, is new)]}."""
    items = DigestItem.objects.filter(digest__on=on, digest__state="sent").order_by("reminder__subject")
    reminders_of = {}
    for item in items.select_related("reminder", "digest"):
        reminders_of.setdefault(item.digest.recipient_id, []).append((item.reminder.subject, item.is_new))
    return reminders_of


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
    for pk in actions.waiting_digests(TUE):
        assert actions.send_digest(pk) is DeliveryOutcome.DROPPED
    run_day(WED)
    assert not mailoutbox
    assert not recipients.tellings(WED)


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
