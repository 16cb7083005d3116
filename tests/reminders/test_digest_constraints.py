"""What the database refuses of reminders and digests."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from reminders.models import Digest, DigestItem, Reminder
from tests.factories import UserFactory
from tests.reminders.rounds import TUE, WED

pytestmark = pytest.mark.django_db


def digest_and_reminder():
    user = UserFactory()
    reminder = Reminder.objects.create(
        kind="k", subject_type="course", subject="s", recipient=user, due_on=TUE
    )
    return Digest.objects.create(recipient=user, on=TUE), reminder


def second_reminder():
    _digest, reminder = digest_and_reminder()
    reminder.pk = None
    reminder.save(force_insert=True)


def second_digest():
    digest, _reminder = digest_and_reminder()
    Digest.objects.create(recipient=digest.recipient, on=TUE)


def news_twice():
    digest, reminder = digest_and_reminder()
    DigestItem.objects.create(digest=digest, reminder=reminder, is_new=True)
    later = Digest.objects.create(recipient=digest.recipient, on=WED)
    DigestItem.objects.create(digest=later, reminder=reminder, is_new=True)


def sent_without_a_time():
    digest, _reminder = digest_and_reminder()
    Digest.objects.filter(pk=digest.pk).update(state="sent")


def pending_with_a_time():
    digest, _reminder = digest_and_reminder()
    Digest.objects.filter(pk=digest.pk).update(sent_at=timezone.now())


def dropped_without_a_time():
    digest, _reminder = digest_and_reminder()
    Digest.objects.filter(pk=digest.pk).update(state="dropped")


def attempts_without_a_time():
    digest, _reminder = digest_and_reminder()
    Digest.objects.filter(pk=digest.pk).update(attempts=1)


def unknown_subject_type():
    _digest, reminder = digest_and_reminder()
    Reminder.objects.filter(pk=reminder.pk).update(subject_type="other")


@pytest.mark.parametrize(
    ("attempt", "constraint"),
    [
        (second_reminder, "reminders_once"),
        (second_digest, "reminders_one_digest_a_day"),
        (news_twice, "reminders_news_once"),
        (sent_without_a_time, "reminders_digest_state"),
        (pending_with_a_time, "reminders_digest_state"),
        (dropped_without_a_time, "reminders_digest_state"),
        (attempts_without_a_time, "reminders_digest_attempts"),
        (unknown_subject_type, "reminders_subject"),
    ],
)
def test_the_database_refuses(attempt, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        attempt()
