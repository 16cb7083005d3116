"""Sending what waits, at least once.

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

from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.outgoing import Outgoing, SendingState
from jobfirst.messaging.transports import DeliveryError

logger = logging.getLogger(__name__)

RETRY_AFTER = datetime.timedelta(minutes=15)
RETRY_DOUBLINGS = 4


class NoLongerWanted(Exception):
    """Raised by `send` of a kind when the row need not be sent any more."""


class OutgoingKind(NamedTuple):
    """A kind of outgoing row: whether one is still to be sent, how, after how many attempts it is given up at
    most, and what follows then. `related` is fetched along; `send` may set `stored` fields of the row."""

    model: type[Outgoing]
    related: tuple[str, ...]
    is_current: Callable[[Any], bool]
    send: Callable[[Any], None]
    most_attempts: int | None = None
    follow_up: Callable[[Any], None] = lambda _row: None
    stored: tuple[str, ...] = ()


def pause_after(attempts: int) -> datetime.timedelta:
    """Return how long to wait after this many attempts: a quarter of an hour, then twice as long each time up
    to four hours, so that a dead server or address is not asked too often."""
    doublings = min(max(attempts - 1, 0), RETRY_DOUBLINGS)
    return RETRY_AFTER * (1 << doublings)


def waiting_rows(model: type[Outgoing], now: datetime.datetime) -> list[int]:
    """Return the ids of the rows that wait and whose last attempt is long enough ago, in their order."""
    waiting = model._default_manager.filter(state=SendingState.PENDING).order_by("pk")
    return [
        row.pk
        for row in waiting
        if row.attempted_at is None or now - row.attempted_at >= pause_after(row.attempts)
    ]


@transaction.atomic
def send_row(kind: OutgoingKind, pk: int) -> None:
    """Send one row, unless it is sent or being sent; one that is no longer wanted is dropped.

    In a muted system the row waits, and no attempt is counted.
    """
    if is_muted():
        return
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
    except NoLongerWanted:
        row.state = SendingState.DROPPED
    except DeliveryError as error:
        _note_failure(kind, row, error.code, is_final=error.is_final)
    except Exception as error:
        # Without its text, which may name a person.
        logger.error("a message could not be made: %s", type(error).__name__)
        _note_failure(kind, row, type(error).__name__, is_final=False)
    else:
        row.state, row.sent_at, row.last_error = SendingState.SENT, row.attempted_at, ""
    row.save(update_fields=["state", "attempts", "attempted_at", "sent_at", "last_error", *kind.stored])
    if row.state == SendingState.DEAD:
        kind.follow_up(row)


def _note_failure(kind: OutgoingKind, row: Outgoing, code: str, *, is_final: bool) -> None:
    """Note why the row was not sent; it is given up when that is final or was the last attempt."""
    row.last_error = code[:80]
    most_attempts = min(settings.JOBFIRST_DIGEST_ATTEMPTS, kind.most_attempts or sys.maxsize)
    if is_final or row.attempts >= most_attempts:
        row.state = SendingState.DEAD
        logger.error("a message is given up: %s", code)
