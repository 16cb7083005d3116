"""The hash chains of the ledger: a row's hash covers its values and the hash of the row before (D5).

Plain functions over plain values; ``docs/draw-specification.md`` specifies them to the byte:

    row hash = H(hash of the row before ‖ the row's values as text, each ended by a line feed)
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

START = bytes(32)
"""The hash before the first row."""


@dataclass(frozen=True)
class LedgerRow:
    """The values of one allocation that its row's hash covers, in the order in which they are hashed."""

    sequence: int
    citizen: str
    project: str
    municipality_code: str
    target_group: str
    slot: int
    arm: str
    allocated_on: date
    drawn_at: datetime
    nonce: bytes


@dataclass(frozen=True)
class LedgerEvent:
    """The values of one correction that its hash covers, in the order in which they are hashed."""

    number: int
    sequence: int
    kind: str
    happened_on: date
    recorded_at: datetime
    reason_hash: bytes


def event_hash(previous: bytes, event: LedgerEvent) -> bytes:
    """Return the hash of ``event`` after an event with the hash ``previous``."""
    return seal(
        previous,
        (
            str(event.number),
            str(event.sequence),
            event.kind,
            event.happened_on.isoformat(),
            timestamp(event.recorded_at),
            event.reason_hash.hex(),
        ),
    )


def text_hash(text: str) -> bytes:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).digest()


def row_hash(previous: bytes, row: LedgerRow) -> bytes:
    """Return the hash of ``row`` after a row with the hash ``previous``."""
    return seal(
        previous,
        (
            str(row.sequence),
            row.citizen,
            row.project,
            row.municipality_code,
            row.target_group,
            str(row.slot),
            row.arm,
            row.allocated_on.isoformat(),
            timestamp(row.drawn_at),
            row.nonce.hex(),
        ),
    )


def seal(previous: bytes, values: Iterable[str]) -> bytes:
    """Return the SHA-256 over the hash before and the values, each ended by a line feed."""
    return hashlib.sha256(previous + "".join(f"{value}\n" for value in values).encode()).digest()


def timestamp(moment: datetime) -> str:
    """Return a moment as the chain writes it: UTC to the microsecond, ``2016-03-01T08:15:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
