"""The generator of the draw: permuted blocks from a keyed stream (D4, D5).

Plain functions over plain values, standard library only, so that anybody can read, rewrite and check it.
``docs/draw-specification.md`` specifies it to the byte and gives test vectors. In short (``‖`` joins bytes,
``u64`` is 8 bytes big-endian, text is UTF-8, HMAC is HMAC-SHA256):

1. label   = municipality code ‖ "/" ‖ target group, for example ``0851/activity_ready``
2. PRK     = HMAC(key="jobfirst-draw/1", agency share ‖ operator share)        (HKDF, RFC 5869)
   K       = HMAC(key=PRK, "stratum:" ‖ label ‖ 0x01)
3. stream  = S0 ‖ S1 ‖ S2 …  with  Si = HMAC(key=K, "slots:" ‖ u64(i))
4. below(n): take the next byte b of the stream until b < 256 − (256 mod n); the number is b mod n
5. block   : size = (4, 6, 8)[below(3)]; first half participants, second half controls;
             for i = size−1 … 1: swap places i and below(i+1)                  (Fisher–Yates)
6. the stratum's slots 1, 2, 3 … are the blocks one after the other.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from itertools import islice

SPECIFICATION = "jobfirst-draw/1"
PARTICIPANT = "participant"
CONTROL = "control"
BLOCK_SIZES = (4, 6, 8)
SHARE_BYTES = 32


def stratum_label(municipality_code: str, target_group: str) -> str:
    """Return the label of a stratum: one municipality and one target group (D4)."""
    return f"{municipality_code}/{target_group}"


def stratum_key(agency_share: bytes, operator_share: bytes, label: str) -> bytes:
    """Return the 32-byte key of one stratum, by HKDF from the two shares of 32 bytes.

    The key cannot be derived from one share alone, nor from another stratum's key: a closed stratum's key
    can be published while others still draw. ValueError on a share of another length.
    """
    for share in (agency_share, operator_share):
        if len(share) != SHARE_BYTES:
            raise ValueError(f"A share is {SHARE_BYTES} bytes, not {len(share)}.")
    extracted = _hmac(SPECIFICATION.encode(), agency_share + operator_share)
    return _hmac(extracted, b"stratum:" + label.encode() + b"\x01")


def arms(key: bytes, count: int) -> list[str]:
    """Return the arms of a stratum's slots 1 … ``count``, each PARTICIPANT or CONTROL."""
    return list(islice((arm for block in blocks(key) for arm in block), count))


def blocks(key: bytes) -> Iterator[tuple[str, ...]]:
    """Yield the stratum's blocks without end: sizes and orders uniform, every block 1:1."""
    stream = _Stream(key)
    while True:
        size = BLOCK_SIZES[stream.below(len(BLOCK_SIZES))]
        block = [PARTICIPANT] * (size // 2) + [CONTROL] * (size // 2)
        for i in range(size - 1, 0, -1):
            j = stream.below(i + 1)
            block[i], block[j] = block[j], block[i]
        yield tuple(block)


def slot_nonce(key: bytes, slot: int) -> bytes:
    """Return the 32 bytes that hide the arm of slot ``slot`` (1, 2, …) in its commitment."""
    return _hmac(key, b"nonce:" + slot.to_bytes(8, "big"))


class _Stream:
    """The bytes of step 3, read one by one."""

    def __init__(self, key: bytes) -> None:
        self._bytes = self._read(key)

    @staticmethod
    def _read(key: bytes) -> Iterator[int]:
        counter = 0
        while True:
            yield from _hmac(key, b"slots:" + counter.to_bytes(8, "big"))
            counter += 1

    def below(self, bound: int) -> int:
        """Return a uniform number from 0 to ``bound`` − 1 (``bound`` at most 256).

        Bytes above the largest multiple of ``bound`` are discarded: taking them modulo ``bound`` would
        make the small numbers more likely.
        """
        limit = 256 - 256 % bound
        for byte in self._bytes:
            if byte < limit:
                return byte % bound
        raise AssertionError("The stream has no end.")  # pragma: no cover


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
