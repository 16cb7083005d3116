"""The hashes of the chain, as docs/audit.md specifies them to the byte. Plain functions over plain values."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

FORMAT = "jobfirst-audit-1"
START = bytes(32)
"""The hash before the first batch."""
HASH_LENGTH = 32


@dataclass(frozen=True)
class BatchContent:
    """What the hash of a batch covers.

    The batch seals all rows of `table` whose number is above `after` (None: no lower bound) and not above
    `upto`: `row_ids`, ascending, and for each the SHA-256 of its canonical text, one after the other. That
    text is made of `columns`, so that a column added later changes no sealed hash.
    """

    number: int
    table: str
    columns: Sequence[str]
    after: int | None
    upto: int
    sealed_at: datetime
    row_ids: Sequence[int]
    row_hashes: bytes


def batch_hash(previous: bytes, batch: BatchContent) -> bytes:
    """Return the hash of `batch` after a batch with the hash `previous`."""
    header = (
        FORMAT,
        str(batch.number),
        batch.table,
        ",".join(batch.columns),
        "" if batch.after is None else str(batch.after),
        str(batch.upto),
        timestamp(batch.sealed_at),
        str(len(batch.row_ids)),
    )
    digest = hashlib.sha256(previous)
    digest.update("".join(f"{value}\n" for value in header).encode())
    digest.update(struct.pack(f">{len(batch.row_ids)}q", *batch.row_ids))
    digest.update(batch.row_hashes)
    return digest.digest()


def split_hashes(row_hashes: bytes) -> list[bytes]:
    """Return the hashes of the rows, one each."""
    return [row_hashes[start : start + HASH_LENGTH] for start in range(0, len(row_hashes), HASH_LENGTH)]


def timestamp(moment: datetime) -> str:
    """Return a moment as the chain writes it: UTC to the microsecond, `2016-03-01T08:15:00.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
