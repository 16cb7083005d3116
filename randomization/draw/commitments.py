"""Commitments to the lists, published before the first draw so that no list can be changed later (D5).

Plain functions over plain values. Every slot of a stratum is committed as a hash of its arm and a random
nonce; these hashes are the leaves of a Merkle tree whose root is published. When a slot is drawn, its nonce
and its path to the root are published too. Anybody can then check that the slot had this arm from the
beginning, and learns nothing about the other slots.

``docs/draw-specification.md`` specifies this to the byte (``H`` is SHA-256, ``‖`` joins bytes):

    leaf(n)      = H(0x00 ‖ u16(length of label) ‖ label ‖ u64(n) ‖ "P" or "C" ‖ nonce(n))
    node(l, r)   = H(0x01 ‖ l ‖ r)
    share hash   = H("jobfirst-draw/1 agency share:" ‖ share), likewise "operator"
"""

from __future__ import annotations

import hashlib

from randomization.draw import blocks

CAPACITY = 4096
"""Slots committed per stratum: a power of two, and about twice all the citizens the trial expects."""

SPECIFICATION_SHA256 = "58b913274032e91c77d0e107715e99c2fb450204e50a22cce2558a19c7314ab2"
"""The hash of ``docs/draw-specification.md``, published with the commitments (a test compares them)."""


class ListExhausted(Exception):
    """A stratum's committed list has no slot left."""


class CommittedList:
    """A stratum's whole list and its Merkle tree. Contains future arms: never store, log or pass it on."""

    def __init__(self, key: bytes, label: str, capacity: int = CAPACITY) -> None:
        if capacity < 1 or capacity & (capacity - 1):
            raise ValueError("The capacity of a stratum is a power of two.")
        self._key = key
        self._arms = blocks.arms(key, capacity)
        self._levels = [
            [leaf(label, slot, arm, blocks.slot_nonce(key, slot)) for slot, arm in enumerate(self._arms, 1)]
        ]
        while len(self._levels[-1]) > 1:
            hashes = iter(self._levels[-1])
            self._levels.append([node(left, right) for left, right in zip(hashes, hashes, strict=True)])

    def __repr__(self) -> str:
        return "<CommittedList>"

    @property
    def root(self) -> bytes:
        """The Merkle root: the published commitment to every slot."""
        return self._levels[-1][0]

    def arm(self, slot: int) -> str:
        """The arm of slot ``slot`` (1, 2, …). ListExhausted beyond the last one."""
        if not 1 <= slot <= len(self._arms):
            raise ListExhausted
        return self._arms[slot - 1]

    def nonce(self, slot: int) -> bytes:
        """The nonce that opens the slot's commitment."""
        return blocks.slot_nonce(self._key, slot)

    def path(self, slot: int) -> list[bytes]:
        """The siblings of the nodes from the slot's leaf up to the root, lowest first."""
        index = slot - 1
        return [level[(index >> height) ^ 1] for height, level in enumerate(self._levels[:-1])]


def leaf(label: str, slot: int, arm: str, nonce: bytes) -> bytes:
    """Return the commitment to one slot."""
    name = label.encode()
    letter = {blocks.PARTICIPANT: b"P", blocks.CONTROL: b"C"}[arm]
    return _sha256(b"\x00" + len(name).to_bytes(2, "big") + name + slot.to_bytes(8, "big") + letter + nonce)


def node(left: bytes, right: bytes) -> bytes:
    """Return the parent hash of two hashes."""
    return _sha256(b"\x01" + left + right)


def share_hash(holder: str, share: bytes) -> bytes:
    """Return the published hash of a share; ``holder`` is ``agency`` or ``operator``."""
    return _sha256(f"{blocks.SPECIFICATION} {holder} share:".encode() + share)


def _sha256(message: bytes) -> bytes:
    return hashlib.sha256(message).digest()
