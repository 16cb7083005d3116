"""The verdict of the chaos run finds every fault it is to find."""

import datetime

import pytest

from jobfirst.models import StoredCheck
from reminders import actions
from reminders.models import Digest, DigestItem, Reminder
from tests.chaos import verdict
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = datetime.date(2016, 4, 4), datetime.date(2016, 4, 5)
FAR = datetime.date(2016, 12, 31)


@pytest.fixture
def digest(due_reminders):
    """Monday's digest, sent."""
    due_reminders.add(UserFactory(email="mentor@example.invalid"), MONDAY, FAR)
    actions.make_digests(MONDAY)
    (pk,) = actions.waiting_digests(MONDAY)
    actions.send_digest(pk)
    return Digest.objects.get()


def mail_of(digest, **changes):
    """Return the line of the sink for the digest's mail."""
    return {
        "day": digest.on.isoformat(),
        "to": digest.recipient.email,
        "id": f"<{digest.public_id}@localhost>",
        **changes,
    }


def test_a_run_without_faults_has_none(digest):
    assert verdict.faults_of_the_database([MONDAY, TUESDAY], 1) == []
    assert verdict.faults_of_the_mails([mail_of(digest), mail_of(digest)]) == []


def test_a_lost_deadline_and_a_lost_reminder_are_found(digest, due_reminders):
    due_reminders.add(digest.recipient, TUESDAY, FAR, "s2")
    faults = verdict.faults_of_the_database([MONDAY, TUESDAY], 3)
    assert faults[0] == "2 deadlines, not 3"
    assert [fault.partition(":")[0] for fault in faults[1:]] == ["lost"]


def test_a_digest_that_was_not_sent_is_a_loss(digest):
    Digest.objects.update(state="pending", sent_at=None)
    Reminder.objects.update(sent_at=None)
    faults = verdict.faults_of_the_database([MONDAY], 1)
    assert [fault.partition(":")[0] for fault in faults][:2] == ["lost", "1 reminders not marked as sent"]


def test_a_first_round_that_leaves_something_out_is_found(digest):
    DigestItem.objects.update(is_new=True)
    next_monday = MONDAY + datetime.timedelta(days=7)
    assert verdict.faults_of_the_database([MONDAY, next_monday], 1) == [
        "2016-04-11: the week's first round does not tell all that is open"
    ]


def test_a_difference_of_a_check_is_found(digest):
    StoredCheck.objects.create(name="deadlines", differences=2, repaired=True)
    (fault,) = verdict.faults_of_the_database([MONDAY], 1)
    assert fault.startswith("2 differences")


def test_two_message_ids_for_one_digest_are_found(digest):
    faults = verdict.faults_of_the_mails([mail_of(digest), mail_of(digest, id="<other@localhost>")])
    assert [fault.partition(" for")[0] for fault in faults] == [
        "2 different Message-IDs",
        "another mail than the digest of ('mentor@example.invalid', '2016-04-04')",
    ]


def test_a_mail_that_is_missing_and_one_too_many_are_found(digest):
    faults = verdict.faults_of_the_mails([mail_of(digest, day="2016-04-05")])
    assert faults == [
        "marked as sent, and not at the sink: ('mentor@example.invalid', '2016-04-04')",
        "at the sink, and not marked as sent: ('mentor@example.invalid', '2016-04-05')",
    ]
