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
from collections.abc import Collection
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from jobfirst.messaging.delivery import pause_after
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import DeliveryError, send_mail
from jobfirst.values.dates import DAY
from jobfirst.values.working_days import is_working_day
from reminders import deadlines, extension_points, mail, recipients
from reminders.models import (
    UNSENT,
    Digest,
    DigestItem,
    DigestPreference,
    DigestState,
    Reminder,
    ReminderReason,
    Round,
    Snooze,
)


class DeliveryOutcome(StrEnum):
    """The outcome of an attempt to send a digest."""

    SENT = "sent"
    FAILED = "failed"  # waits for the next attempt
    DEAD = "dead"  # refused for good, or failed too often: no further attempt
    DROPPED = "dropped"  # nothing in it is due any more, the account is closed, or mails come back
    NOT_OURS = "not_ours"  # sent already, or being sent by another worker
    MUTED = "muted"  # this system sends nothing: the digest waits


def is_first_round_of_week(on: datetime.date) -> bool:
    """Whether no earlier day of the week had a round.

    So it is on Monday, on Tuesday after Easter Monday, or on the first day that the system works again.
    """
    monday = on - on.weekday() * DAY
    return not Round.objects.filter(on__gte=monday, on__lt=on).exists()


@transaction.atomic
def make_digests(on: datetime.date) -> None:
    """Store who is to be told of what on `on`, and a digest for each of them. Nothing is sent here.

    1. On a Saturday, a Sunday or a public holiday: nothing.
    2. A digest of another day that was never sent, a dead letter too, is dropped; what was news in it is news
       again.
    3. A reminder is stored for every deadline shown on `on` and everybody who is told of it.
    4. Everybody without a digest for the day gets one when something they are told of was never sent, and in
       the week's first round also to repeat the rest.

    Nobody whose mails come back gets one (D52).

    Idempotent: nobody gets a second digest for the same day. Rounds queue up behind one another. The database
    is asked a fixed number of times, however many are told.
    """
    if not is_working_day(on):
        return
    deadlines.lock()
    _drop_unsent(on)
    # Recipients whose earlier digest is being sent right now get theirs at the next tick.
    busy_recipients = list(
        Digest.objects.filter(state__in=UNSENT).exclude(on=on).values_list("recipient", flat=True)
    )
    _store_reminders_and_digests(on, [*busy_recipients, *_unreachable_recipients()])
    if not busy_recipients:
        Round.objects.get_or_create(on=on)


def waiting_digests(on: datetime.date, now: datetime.datetime | None = None) -> list[int]:
    """Return the ids of the digests of `on` that are to be sent, by recipient.

    With `now`, without those whose recipient wants them at a later hour, and those whose last attempt is too
    recent: after a quarter of an hour, then twice as long each time up to four hours, so that a dead mail
    server or address is not asked too often.
    """
    pending = Digest.objects.filter(on=on, state=DigestState.PENDING).order_by("recipient__email", "pk")
    if now is not None:
        later = DigestPreference.objects.filter(hour__gt=timezone.localtime(now).hour)
        pending = pending.exclude(recipient__in=later.values("user"))
    return [
        digest.pk
        for digest in pending
        if now is None
        or digest.attempted_at is None
        or now - digest.attempted_at >= pause_after(digest.attempts)
    ]


@transaction.atomic
def send_digest(pk: int, today: datetime.date | None = None) -> DeliveryOutcome:
    """Send one waiting digest, and mark it and its new reminders as sent. For crashes see above.

    What is no longer due when it is sent is left out: on `today`, which is later than the digest's day when
    a dead letter is sent again, else on the digest's day. A mail server that cannot be reached or refuses
    leaves the digest waiting, with the error's kind noted. When it refuses for good, or has failed so often
    that no attempt is left (JOBFIRST_DIGEST_ATTEMPTS), the digest is a dead letter
    (`reminders.dead_letters`). In a muted system the digest waits, and no attempt is counted.
    """
    if is_muted():
        return DeliveryOutcome.MUTED
    digest = (
        Digest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("recipient")
        .filter(pk=pk, state=DigestState.PENDING)
        .first()
    )
    if digest is None:
        return DeliveryOutcome.NOT_OURS
    day = max(digest.on, today or digest.on)
    items = _items_still_due(digest, day)
    if not items or not digest.recipient.is_active or digest.recipient.mail_returned_at is not None:
        _drop([digest.pk])
        return DeliveryOutcome.DROPPED
    digest.attempts += 1
    digest.attempted_at = timezone.now()
    message = mail.compose(digest, items)
    try:
        send_mail(message)
    except DeliveryError as error:
        return _note_failure(digest, error)
    digest.state, digest.sent_at, digest.last_error = DigestState.SENT, timezone.now(), ""
    digest.save(update_fields=["state", "sent_at", "attempts", "attempted_at", "last_error"])
    Reminder.objects.filter(items__in=items, sent_at__isnull=True).update(sent_at=digest.sent_at)
    Snooze.objects.filter(reminder__items__in=items, until_on__lte=day, closed_at__isnull=True).update(
        closed_at=digest.sent_at
    )
    return DeliveryOutcome.SENT


def _note_failure(digest: Digest, error: DeliveryError) -> DeliveryOutcome:
    """Store that the attempt failed, and whether it was the last."""
    digest.last_error = error.code
    if error.is_final or digest.attempts >= settings.JOBFIRST_DIGEST_ATTEMPTS:
        digest.state = DigestState.DEAD
    digest.save(update_fields=["state", "attempts", "attempted_at", "last_error"])
    return DeliveryOutcome.DEAD if digest.state == DigestState.DEAD else DeliveryOutcome.FAILED


def _unreachable_recipients() -> list[int]:
    """Return the users whose mails come back: they are told once the address is changed or confirmed."""
    return list(User.objects.filter(mail_returned_at__isnull=False).values_list("pk", flat=True))


#: The reminders of a day, and its digests with their items, in one statement.
#:
#: 1. Who is told of what is looked up once. Reminders that are stored already stay as they are.
#: 2. Items are what was never sent, what was put off until the day or earlier and not told again since, and
#:    in the week's first round all that is due; nothing that is put off beyond the day. Recipients who do not
#:    want mails on that round's day get the repeat on the first of their days in the week.
#: 3. Recipients who want no mail on the day get one of what the programme demands, and of notices.
_STORE_ROUND = """
    WITH telling AS MATERIALIZED (
        SELECT kind, subject_type, subject, due_on, recipient_id, told.reason,
               reminder.id, reminder.sent_at
          FROM ({tellings}) AS told
          LEFT JOIN reminders_reminder AS reminder
         USING (kind, subject_type, subject, due_on, recipient_id)
    ), added AS (
        INSERT INTO reminders_reminder (kind, subject_type, subject, due_on, reason, recipient_id)
        SELECT kind, subject_type, subject, due_on, reason, recipient_id
          FROM telling
         WHERE id IS NULL
        ON CONFLICT DO NOTHING
        RETURNING id, kind, recipient_id, reason, sent_at
    ), reminder AS (
        SELECT id, kind, recipient_id, reason, sent_at FROM telling WHERE id IS NOT NULL
         UNION ALL
        SELECT id, kind, recipient_id, reason, sent_at FROM added
    ), item AS (
        SELECT reminder.id, reminder.recipient_id, reminder.sent_at IS NULL AS is_new
          FROM reminder
          LEFT JOIN reminders_digestpreference AS preference
            ON preference.user_id = reminder.recipient_id
          LEFT JOIN reminders_snooze AS snooze
            ON snooze.reminder_id = reminder.id AND snooze.closed_at IS NULL
         WHERE reminder.recipient_id <> ALL (%s)
           AND (reminder.sent_at IS NULL OR snooze.until_on <= %s
                OR reminder.reason = %s
                   AND (%s OR preference.user_id IS NOT NULL AND reminder.kind <> ALL (%s)
                              AND NOT EXISTS (SELECT FROM reminders_round AS earlier
                                               WHERE earlier."on" >= %s AND earlier."on" < %s
                                                 AND EXTRACT(isodow FROM earlier."on")
                                                     = ANY (preference.weekdays))))
           AND (snooze.until_on IS NULL OR snooze.until_on <= %s)
           AND (preference.user_id IS NULL OR preference.by_mail AND %s = ANY (preference.weekdays)
                OR reminder.kind = ANY (%s) OR reminder.reason = %s)
           AND NOT EXISTS (SELECT FROM reminders_digest AS digest
                            WHERE digest."on" = %s AND digest.state <> %s
                              AND digest.recipient_id = reminder.recipient_id)
    ), digest AS (
        INSERT INTO reminders_digest
               (recipient_id, "on", state, public_id, created_at, attempts, last_error)
        SELECT recipient_id, %s::date, %s, gen_random_uuid(), now(), 0, ''
          FROM (SELECT DISTINCT recipient_id FROM item) AS recipient
        RETURNING id, recipient_id
    )
    INSERT INTO reminders_digestitem (digest_id, reminder_id, is_new)
    SELECT digest.id, item.id, item.is_new FROM item JOIN digest USING (recipient_id)
"""


def _store_reminders_and_digests(on: datetime.date, excluded: Collection[int]) -> None:
    """Store the reminders of the day, and its digests with their items; no digest for the excluded users."""
    demanded = [kind.code for kind in extension_points.registered_kinds() if kind.demanded]
    query = recipients.tellings_query(on)
    params: list[Any] = [
        list(excluded),
        on,
        ReminderReason.DUE.value,
        is_first_round_of_week(on),
        demanded,
        on - on.weekday() * DAY,
        on,
        on,
        on.isoweekday(),
        demanded,
        ReminderReason.NOTICE.value,
        on,
        DigestState.DROPPED.value,
        on,
        DigestState.PENDING.value,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_STORE_ROUND.format(tellings=query.sql), [*query.params, *params])


def _items_still_due(digest: Digest, day: datetime.date) -> list[DigestItem]:
    """Return the digest's items that the recipient is still told of on the day, and delete the others.

    What was put off after the round is left out too: it is news on the day until which it rests.
    """
    tellings = recipients.tellings(day, recipient_id=digest.recipient_id)
    reasons = {(row.kind, row.subject_type, row.subject, row.due_on): row.reason for row in tellings}
    put_off = set(
        Snooze.objects.running(day)
        .filter(reminder__recipient=digest.recipient_id)
        .values_list("reminder", flat=True)
    )
    still_due: list[DigestItem] = []
    settled: list[DigestItem] = []
    for item in digest.items.select_related("reminder").order_by("reminder__due_on", "reminder__kind", "pk"):
        reminder = item.reminder
        key = (reminder.kind, reminder.subject_type, reminder.subject, reminder.due_on)
        if key in reasons and reminder.pk not in put_off:
            reminder.reason = reasons[key]  # of that day, for the mail: who was told as leader may act by now
            still_due.append(item)
        else:
            settled.append(item)
    DigestItem.objects.filter(pk__in=[item.pk for item in settled]).delete()
    return still_due


def _drop_unsent(on: datetime.date) -> None:
    """Drop the unsent digests of other days, except those that are being sent right now."""
    unsent = Digest.objects.select_for_update(skip_locked=True).filter(state__in=UNSENT)
    _drop(list(unsent.exclude(on=on).values_list("pk", flat=True)))


def _drop(digests: Collection[int]) -> None:
    """Drop the digests. Their items go: a reminder is news in one digest only."""
    Digest.objects.filter(pk__in=digests).update(state=DigestState.DROPPED, dropped_at=timezone.now())
    DigestItem.objects.filter(digest__in=digests).delete()
