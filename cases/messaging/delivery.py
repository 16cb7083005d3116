"""Sending the invitations and appointment messages that wait (`jobfirst.messaging.delivery`)."""

import datetime
from collections.abc import Callable
from typing import NamedTuple

from cases.messaging import appointments, invitations
from cases.models import AppointmentMessage, MeetingInvitation
from jobfirst.messaging.delivery import OutgoingKind, send_row, waiting_rows


class _TimedKind(NamedTuple):
    """A kind of outgoing row, and at which moments it is sent."""

    kind: OutgoingKind
    is_time_to_send: Callable[[datetime.datetime], bool]


KINDS = (
    _TimedKind(
        OutgoingKind(
            MeetingInvitation,
            ("meeting__course__referral", "recipient"),
            invitations.is_current,
            invitations.send,
        ),
        is_time_to_send=lambda _now: True,
    ),
    _TimedKind(
        OutgoingKind(
            AppointmentMessage,
            ("meeting__course__citizen_contact",),
            appointments.is_current,
            appointments.send,
            most_attempts=appointments.MOST_ATTEMPTS,
            follow_up=appointments.fall_back,
        ),
        is_time_to_send=appointments.is_time_to_send,
    ),
)


def send_waiting(now: datetime.datetime) -> None:
    """Send every row that waits and whose last attempt is long enough ago."""
    for kind, is_time_to_send in KINDS:
        if is_time_to_send(now):
            for pk in waiting_rows(kind.model, now):
                send_row(kind, pk)
