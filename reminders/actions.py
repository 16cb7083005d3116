"""Making and sending the digests of reminders (D33, D34).

1. The day's round, `make_digests`, stores the due facts of the day and the digests with their recipients, in
   one transaction.
2. `send_digest` sends one digest, **at least once**: the digest's row is locked while the mail is handed to
   the mail server, and is marked as sent when the server has accepted it.

A worker that finds the row locked skips the digest. When a worker dies, its connection closes, the lock is
released and the digest still waits. A mail is sent twice only when the machine dies between the server's
answer and the commit; the second mail has the same Message-ID. The alternative, at most once, would lose
reminders in a crash.
"""

import datetime
import itertools
import smtplib
from collections.abc import Collection, Iterator
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from jobfirst.calendar import has_working_day, is_working_day
from jobfirst.dates import DAY
from reminders import facts, mail
from reminders.models import Digest, DigestItem, DigestState, Reminder, Round, SubjectType

RETRY_AFTER = datetime.timedelta(minutes=15)
RETRY_DOUBLINGS = 4


class DeliveryOutcome(StrEnum):
    """The outcome of an attempt to send a digest."""

    SENT = "sent"
    FAILED = "failed"  # waits for the next attempt
    DROPPED = "dropped"  # none of its reminders was due any more, or the recipient's account is closed
    NOT_OURS = "not_ours"  # sent already, or being sent by another worker


def is_first_working_day_of_week(on: datetime.date) -> bool:
    """Whether `on` is the week's first working day: Monday, or Tuesday after Easter Monday."""
    monday = on - on.weekday() * DAY
    return is_working_day(on) and not has_working_day(monday, on - DAY)


@transaction.atomic
def make_digests(on: datetime.date) -> None:
    """Store the reminders due on `on`, and a digest for each recipient. Sends nothing.

    1. On a Saturday, a Sunday or a public holiday: nothing.
    2. Reminders are opened and closed, so that those open are those due on `on`.
    3. A digest of another day that was never sent is dropped; its new reminders are new again.
    4. A recipient without a digest for the day gets one when an open reminder of theirs was never sent, and
       on the first working day of the week also to repeat those that are still open.

    Idempotent: nobody gets a second digest for a day. Concurrent rounds wait for one another.
    """
    if not is_working_day(on):
        return
    facts.lock()
    facts.bring_up_to_date(on)
    _drop_unsent(on)
    # Recipients whose earlier digest is being sent right now get theirs at the next tick.
    busy_recipients = set(
        Digest.objects.filter(state=DigestState.PENDING).exclude(on=on).values_list("recipient", flat=True)
    )
    reminders_of = {
        recipient: reminders
        for recipient, reminders in _reminders_by_recipient(on)
        if recipient not in busy_recipients
    }
    digests = Digest.objects.bulk_create(
        (Digest(recipient_id=recipient, on=on) for recipient in reminders_of), batch_size=facts.BATCH
    )
    DigestItem.objects.bulk_create(
        (
            DigestItem(digest=digest, reminder=reminder, is_new=reminder.sent_at is None)
            for digest in digests
            for reminder in reminders_of[digest.recipient_id]
        ),
        batch_size=facts.BATCH,
    )
    if not busy_recipients:
        Round.objects.get_or_create(on=on)


@transaction.atomic
def refresh(on: datetime.date, subject_type: SubjectType, subjects: Collection[object]) -> None:
    """Open and close the reminders about these subjects after a change of the subjects.

    Actions of other apps call it as the last step of their transaction (D34), since it waits for a running
    round and nothing else must be locked afterwards. Reminders that it opens are sent with the next digest.
    """
    facts.lock(shared=True)
    facts.bring_up_to_date(on, subject_type, [str(subject) for subject in subjects])


def waiting_digests(on: datetime.date, now: datetime.datetime | None = None) -> list[int]:
    """Return the ids of the digests of `on` that are to be sent, by recipient.

    With `now`, without those whose last attempt is too recent: the pause is a quarter of an hour, doubled
    after each failed attempt up to four hours.
    """
    pending = Digest.objects.filter(on=on, state=DigestState.PENDING).order_by("recipient__email", "pk")
    return [
        digest.pk
        for digest in pending
        if now is None or digest.attempted_at is None or now - digest.attempted_at >= _pause(digest.attempts)
    ]


@transaction.atomic
def send_digest(pk: int) -> DeliveryOutcome:
    """Send one waiting digest, and mark it and its new reminders as sent. For crashes see above.

    When the mail server cannot be reached or refuses, the digest waits, with the type of the error noted.
    """
    digest = (
        Digest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(pk=pk, state=DigestState.PENDING)
        .first()
    )
    if digest is None:
        return DeliveryOutcome.NOT_OURS
    digest.items.filter(reminder__closed_at__isnull=False).delete()  # closed since the digest was made
    items = list(digest.items.select_related("reminder").order_by("reminder__due_on", "reminder__kind", "pk"))
    if not items or not digest.recipient.is_active:
        _drop([digest.pk])
        return DeliveryOutcome.DROPPED
    digest.attempts += 1
    digest.attempted_at = timezone.now()
    message = mail.compose(digest, items)
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        digest.last_error = mail.error_code(error)
        digest.save(update_fields=["attempts", "attempted_at", "last_error"])
        return DeliveryOutcome.FAILED
    digest.state, digest.sent_at, digest.last_error = DigestState.SENT, timezone.now(), ""
    digest.save(update_fields=["state", "sent_at", "attempts", "attempted_at", "last_error"])
    Reminder.objects.filter(items__in=items, sent_at__isnull=True).update(sent_at=digest.sent_at)
    return DeliveryOutcome.SENT


def _reminders_by_recipient(on: datetime.date) -> Iterator[tuple[int, list[Reminder]]]:
    """Yield the recipients (ids) who are to get a digest on `on`, each with its reminders."""
    digest_of_the_day = Digest.objects.filter(on=on, recipient=OuterRef("recipient")).exclude(
        state=DigestState.DROPPED
    )
    reminders = Reminder.objects.open().filter(~Exists(digest_of_the_day), recipient__is_active=True)
    if not is_first_working_day_of_week(on):
        reminders = reminders.filter(sent_at__isnull=True)
    ordered = reminders.order_by("recipient_id", "due_on", "kind", "subject")
    groups = itertools.groupby(ordered.iterator(), lambda reminder: reminder.recipient_id)
    for recipient, recipients_reminders in groups:
        yield recipient, list(recipients_reminders)


def _drop_unsent(on: datetime.date) -> None:
    """Drop the waiting digests of other days, except those that are being sent right now."""
    unsent = Digest.objects.select_for_update(skip_locked=True).filter(state=DigestState.PENDING)
    _drop(list(unsent.exclude(on=on).values_list("pk", flat=True)))


def _drop(digests: Collection[int]) -> None:
    """Drop the digests and delete their items: a reminder can be new in one digest only."""
    Digest.objects.filter(pk__in=digests).update(state=DigestState.DROPPED, dropped_at=timezone.now())
    DigestItem.objects.filter(digest__in=digests).delete()


def _pause(attempts: int) -> datetime.timedelta:
    """Return how long to wait after this many attempts."""
    doublings = min(max(attempts - 1, 0), RETRY_DOUBLINGS)
    return RETRY_AFTER * (1 << doublings)
