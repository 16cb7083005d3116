"""Sending what waits, at least once (as `reminders.actions` sends digests).

1. The row is locked while it is handed to the server, and marked as sent when that has accepted it. Another
   worker skips a locked row.
2. When a worker dies, its lock ends with its connection and the row still waits. It is sent twice only when
   the machine dies between the server's answer and the commit, with the same Message-ID or reference.
3. A refusal for good, or too many attempts, makes it dead; any other failure is tried again, later each time.
   An error that nobody foresaw counts as such a failure, so that one row never holds up the others.
"""

import datetime
import logging
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases.messaging import appointments, invitations
from cases.messaging.transports import DeliveryError
from cases.models import AppointmentMessage, MeetingInvitation, SendingState
from cases.models.messages import Outgoing
from reminders.actions import RETRY_AFTER, RETRY_DOUBLINGS

logger = logging.getLogger(__name__)


class _Kind(NamedTuple):
    """A kind of outgoing row: whether one is still to be sent, how, at which moments, after how many attempts
    it is given up at most, and what follows then."""

    model: type[Outgoing]
    related: tuple[str, ...]
    is_current: Callable[[Any], bool]
    send: Callable[[Any], None]
    is_time_to_send: Callable[[datetime.datetime], bool]
    most_attempts: int | None
    follow_up: Callable[[Any], None]


KINDS = (
    _Kind(
        MeetingInvitation,
        ("meeting__course__referral", "recipient"),
        invitations.is_current,
        invitations.send,
        is_time_to_send=lambda _now: True,
        most_attempts=None,
        follow_up=lambda _invitation: None,
    ),
    _Kind(
        AppointmentMessage,
        ("meeting__course__citizen_contact",),
        appointments.is_current,
        appointments.send,
        is_time_to_send=appointments.is_time_to_send,
        most_attempts=appointments.MOST_ATTEMPTS,
        follow_up=appointments.fall_back,
    ),
)


def send_waiting(now: datetime.datetime) -> None:
    """Send every row that waits and whose last attempt is long enough ago."""
    for kind in KINDS:
        if not kind.is_time_to_send(now):
            continue
        waiting = kind.model._default_manager.filter(state=SendingState.PENDING).order_by("pk")
        for row in waiting:
            if row.attempted_at is None or now - row.attempted_at >= _pause(row.attempts):
                send_one(kind, row.pk)


def _pause(attempts: int) -> datetime.timedelta:
    doublings = min(attempts - 1, RETRY_DOUBLINGS)
    pause: datetime.timedelta = RETRY_AFTER * 2**doublings
    return pause


@transaction.atomic
def send_one(kind: _Kind, pk: int) -> None:
    """Send one row, unless it is sent or being sent; one that is no longer wanted is dropped."""
    rows = kind.model._default_manager.select_for_update(skip_locked=True, of=("self",))
    row = rows.select_related(*kind.related).filter(pk=pk, state=SendingState.PENDING).first()
    if row is None:
        return
    if not kind.is_current(row):
        row.state = SendingState.DROPPED
        row.save(update_fields=["state"])
        return
    row.attempts += 1
    row.attempted_at = timezone.now()
    try:
        # Its own savepoint: after an error in the database the attempt can still be stored.
        with transaction.atomic():
            kind.send(row)
    except DeliveryError as error:
        _note_failure(kind, row, error.code, is_final=error.is_final)
    except Exception as error:
        # Without its text, which may name a person.
        logger.error("a message about a meeting could not be made: %s", type(error).__name__)
        _note_failure(kind, row, type(error).__name__, is_final=False)
    else:
        row.state, row.sent_at, row.last_error = SendingState.SENT, row.attempted_at, ""
    row.save(update_fields=["state", "attempts", "attempted_at", "sent_at", "last_error"])
    if row.state == SendingState.DEAD:
        kind.follow_up(row)


def _note_failure(kind: _Kind, row: Outgoing, code: str, *, is_final: bool) -> None:
    """Note why the row was not sent; it is given up when that is final or was the last attempt."""
    row.last_error = code[:80]
    most_attempts = min(settings.JOBFIRST_DIGEST_ATTEMPTS, kind.most_attempts or sys.maxsize)
    if is_final or row.attempts >= most_attempts:
        row.state = SendingState.DEAD
        logger.error("a message about a meeting is given up: %s", code)
