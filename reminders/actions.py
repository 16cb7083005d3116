"""From what is due to what was sent (D33, D34).

The day's round, `make_digests`, stores the facts of the day and who is to be told, in one transaction.
Sending is for afterwards, one digest at a time, and is **at least once**: the digest's row stays locked
while the mail server is spoken to, and is marked as sent when the server has taken the mail. Whoever finds
the row locked leaves it alone; a worker that dies lets go of the lock with its connection, and the digest is
waiting still. A mail goes out a second time only when the machine dies between the server's answer and the
commit; it then has the same Message-ID, by which mail programs know it. At most once would lose a reminder
in every crash instead, and a reminder lost is a citizen not contacted.
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


class Outcome(StrEnum):
    """What came of an attempt to send a digest."""

    SENT = "sent"
    FAILED = "failed"  # waits for the next attempt
    DROPPED = "dropped"  # nothing in it was due any more
    NOT_OURS = "not_ours"  # sent already, or being sent by another


def is_first_working_day_of_week(on: datetime.date) -> bool:
    """Whether `on` is the week's first working day: Monday, or Tuesday after Easter Monday."""
    monday = on - on.weekday() * DAY
    return is_working_day(on) and not has_working_day(monday, on - DAY)


@transaction.atomic
def make_digests(on: datetime.date) -> None:
    """Store what is due on `on`, and a digest for everybody who is to be told. Nothing is sent here.

    1. On a Saturday, a Sunday or a public holiday: nothing.
    2. Reminders are opened and closed, so that those open are those due on `on`.
    3. A digest of another day that was never sent is dropped; what was news in it is news again.
    4. Whoever has no digest for the day gets one when an open reminder of theirs was never sent, and on the
       first working day of the week also to repeat those that are still open.

    The same day may be made again: nobody gets a second digest for it. Rounds queue up behind one another.
    """
    if not is_working_day(on):
        return
    facts.lock()
    facts.bring_up_to_date(on)
    _drop_unsent(on)
    # Somebody whose earlier mail is on its way at this very moment is left to the next tick.
    busy = set(
        Digest.objects.filter(state=DigestState.PENDING).exclude(on=on).values_list("recipient", flat=True)
    )
    told = {recipient: reminders for recipient, reminders in _to_tell(on) if recipient not in busy}
    digests = Digest.objects.bulk_create(
        (Digest(recipient_id=recipient, on=on) for recipient in told), batch_size=facts.BATCH
    )
    DigestItem.objects.bulk_create(
        (
            DigestItem(digest=digest, reminder=reminder, is_new=reminder.sent_at is None)
            for digest in digests
            for reminder in told[digest.recipient_id]
        ),
        batch_size=facts.BATCH,
    )
    if not busy:
        Round.objects.get_or_create(on=on)


@transaction.atomic
def refresh(on: datetime.date, subject_type: SubjectType, subjects: Collection[object]) -> None:
    """Open and close the reminders about these subjects after something about them was changed.

    For the actions of other apps, as the last thing in their transaction (D34): it waits for a round that
    is under way, and must hold nothing up that others wait for afterwards. What it opens goes out with the
    next digest.
    """
    facts.lock(shared=True)
    facts.bring_up_to_date(on, subject_type, [str(subject) for subject in subjects])


def waiting(on: datetime.date, now: datetime.datetime | None = None) -> list[int]:
    """Ids of the digests of `on` that are to be sent, by recipient.

    With `now`, without those whose last attempt is too recent: after a quarter of an hour, then twice as
    long each time up to four hours, so that a dead mail server or address is not hammered at.
    """
    pending = Digest.objects.filter(on=on, state=DigestState.PENDING).order_by("recipient__email", "pk")
    return [
        digest.pk
        for digest in pending
        if now is None or digest.attempted_at is None or now - digest.attempted_at >= _pause(digest.attempts)
    ]


@transaction.atomic
def send_digest(pk: int) -> Outcome:
    """Send one waiting digest and mark it and its news as sent; see above for what a crash does.

    A mail server that cannot be reached or refuses leaves the digest waiting, with the error's kind noted.
    """
    digest = (
        Digest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(pk=pk, state=DigestState.PENDING)
        .first()
    )
    if digest is None:
        return Outcome.NOT_OURS
    digest.items.filter(reminder__closed_at__isnull=False).delete()  # seen to since the digest was made
    items = list(digest.items.select_related("reminder").order_by("reminder__due_on", "reminder__kind", "pk"))
    if not items or not digest.recipient.is_active:
        _drop([digest.pk])
        return Outcome.DROPPED
    digest.attempts += 1
    digest.attempted_at = timezone.now()
    message = mail.compose(digest, items)
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        digest.last_error = mail.error_code(error)
        digest.save(update_fields=["attempts", "attempted_at", "last_error"])
        return Outcome.FAILED
    digest.state, digest.sent_at, digest.last_error = DigestState.SENT, timezone.now(), ""
    digest.save(update_fields=["state", "sent_at", "attempts", "attempted_at", "last_error"])
    Reminder.objects.filter(items__in=items, sent_at__isnull=True).update(sent_at=digest.sent_at)
    return Outcome.SENT


def _to_tell(on: datetime.date) -> Iterator[tuple[int, list[Reminder]]]:
    """Who is to get a digest on `on`, and what is to stand in it."""
    has_one = Digest.objects.filter(on=on, recipient=OuterRef("recipient")).exclude(state=DigestState.DROPPED)
    reminders = Reminder.objects.open().filter(~Exists(has_one), recipient__is_active=True)
    if not is_first_working_day_of_week(on):
        reminders = reminders.filter(sent_at__isnull=True)
    ordered = reminders.order_by("recipient_id", "due_on", "kind", "subject")
    for recipient, of_one in itertools.groupby(ordered.iterator(), lambda reminder: reminder.recipient_id):
        yield recipient, list(of_one)


def _drop_unsent(on: datetime.date) -> None:
    """Drop the waiting digests of other days, except those that are being sent right now."""
    unsent = Digest.objects.select_for_update(skip_locked=True).filter(state=DigestState.PENDING)
    _drop(list(unsent.exclude(on=on).values_list("pk", flat=True)))


def _drop(digests: Collection[int]) -> None:
    """Their items go: a reminder may be news in one digest only, and is now free for another."""
    Digest.objects.filter(pk__in=digests).update(state=DigestState.DROPPED, dropped_at=timezone.now())
    DigestItem.objects.filter(digest__in=digests).delete()


def _pause(attempts: int) -> datetime.timedelta:
    doublings = min(max(attempts - 1, 0), RETRY_DOUBLINGS)
    return RETRY_AFTER * (1 << doublings)
