"""How a person is reached: by mail or SMS, each way tried once (D52, D53)."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from jobfirst.messaging.outgoing import MessageChannel
from jobfirst.messaging.transports import is_sms_on


class Way(NamedTuple):
    """A channel, and the address or number on it."""

    channel: MessageChannel
    address: str


def ways_to(email: str, phone: str, *, first: MessageChannel) -> list[Way]:
    """Return the ways to reach a person, the preferred channel first; SMS only where a gateway is set."""
    ways = [Way(MessageChannel.EMAIL, email), Way(MessageChannel.SMS, phone if is_sms_on() else "")]
    return sorted((way for way in ways if way.address), key=lambda way: way.channel != first)


def next_way(ways: Sequence[Way], failed: Collection[str] = ()) -> Way | None:
    """Return the first way on a channel that has not failed; None when people must be told instead."""
    return next((way for way in ways if way.channel not in failed), None)
