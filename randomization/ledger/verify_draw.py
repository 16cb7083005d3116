"""Verify the draw from outside: Python 3.11 or newer and nothing else.

    python3 verify_draw.py LEDGER.json [--published COMMITMENTS.json] [--secrets SECRETS.json]

LEDGER      the ledger as exported (``export_allocations --format json``, or the agency's page)
COMMITMENTS what was published before the first draw (``publish_commitments``), kept by yourself
SECRETS     what was revealed when strata closed (``reveal_secrets``): the keys of closed strata

Exit code 0 when everything agrees, otherwise 1 and every difference by its sequence number. This file is
written from ``docs/draw-specification.md`` and shares no code with the draw, so that an error in one is
found by the other. Copy it, read it, or write your own.
"""

import argparse
import hashlib
import hmac
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]  # as json.loads returns it

SPECIFICATION = "jobfirst-draw/1"
START = "00" * 32
LETTERS = {"participant": b"P", "control": b"C"}
SEALED = (
    "sequence",
    "citizen",
    "project",
    "municipality_code",
    "target_group",
    "slot",
    "arm",
    "allocated_on",
    "drawn_at",
    "nonce",
)
EVENT_SEALED = ("number", "sequence", "kind", "happened_on", "recorded_at", "reason_hash")
TEXTS = {
    "malformed": "the file is not of the expected form: {detail}",
    "specification": "drawn by another specification than jobfirst-draw/1",
    "sequence": "the sequence is not 1, 2, 3, … without a gap",
    "chain": "the hash of the row before is another one",
    "row": "the row's values do not give its hash",
    "head": "the head of the ledger is not the last row",
    "citizen": "the citizen is drawn more than once",
    "slot": "the slots of {detail} are not 1, 2, 3, … without a gap",
    "stratum": "{detail} is not among the published strata",
    "opening": "arm, slot and nonce do not lead to the published root of {detail}",
    "event": "event {detail} (a correction) does not continue the chain of events",
    "published": "{detail} is not what was published",
    "root": "the revealed key of {detail} does not give its published root",
    "arm": "the revealed key of {detail} gives another arm for this slot",
    "share": "the {detail} share is not the one whose hash was published",
}


@dataclass(frozen=True)
class LedgerDifference:
    """A difference: its code, the sequence number (None when it concerns no single row), and a detail."""

    code: str
    sequence: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = "" if self.sequence is None else f"sequence {self.sequence}: "
        return place + TEXTS[self.code].format(detail=self.detail)


def verify(
    ledger: Document, published: Document | None = None, secrets: Document | None = None
) -> list[LedgerDifference]:
    """Return every difference between ledger, published commitments and revealed keys, by sequence number.

    ``ledger``: keys specification, drawn, strata, head; with the key ``project`` it is one project's part
    of the ledger, which has gaps in the sequence. ``published``: keys strata and commitments. ``secrets``:
    key strata, each a label and a key in hexadecimal.
    """
    try:
        differences = [
            *_check_chain(ledger),
            *_check_openings(ledger),
            *_check_events(ledger),
            *_check_published(ledger, published),
            *_check_secrets(ledger, secrets or {}),
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        differences = [LedgerDifference("malformed", detail=f"{type(error).__name__} {error}")]
    return sorted(differences, key=lambda item: (item.sequence is None, item.sequence or 0))


def _check_chain(ledger: Document) -> Iterator[LedgerDifference]:
    if ledger["specification"] != SPECIFICATION:
        yield LedgerDifference("specification")
    is_part = bool(ledger.get("project"))
    expected, previous, citizens = 1, START, set()
    for row in ledger["drawn"]:
        number = row["sequence"]
        follows = number == expected
        if not follows and not is_part:
            yield LedgerDifference("sequence", number)
        if follows and row["previous_hash"] != previous:
            yield LedgerDifference("chain", number)
        if row["row_hash"] != _row_hash(row):
            yield LedgerDifference("row", number)
        if row["citizen"] in citizens:
            yield LedgerDifference("citizen", number)
        citizens.add(row["citizen"])
        expected, previous = number + 1, row["row_hash"]
    head = ledger["head"]
    if not is_part and (head["sequence"], head["row_hash"]) != (expected - 1, previous):
        yield LedgerDifference("head")


def _check_openings(ledger: Document) -> Iterator[LedgerDifference]:
    strata = {stratum["label"]: stratum for stratum in ledger["strata"]}
    last_slots: dict[str, int] = {}
    for row in ledger["drawn"]:
        label, number, slot = _label(row), row["sequence"], row["slot"]
        if label not in strata:
            yield LedgerDifference("stratum", number, label)
            continue
        if slot != last_slots.get(label, 0) + 1:
            yield LedgerDifference("slot", number, label)
        last_slots[label] = slot
        if _root_of_path(row) != strata[label]["root"] or 2 ** len(row["path"]) != strata[label]["capacity"]:
            yield LedgerDifference("opening", number, label)


def _check_events(ledger: Document) -> Iterator[LedgerDifference]:
    is_part, expected, previous = bool(ledger.get("project")), 1, START
    sequences = {row["sequence"] for row in ledger["drawn"]}
    for event in ledger.get("events", []):
        follows = event["number"] == expected
        sealed = _seal(event["previous_hash"], (event[name] for name in EVENT_SEALED))
        is_broken = (follows and event["previous_hash"] != previous) or (not follows and not is_part)
        if is_broken or event["row_hash"] != sealed or event["sequence"] not in sequences:
            yield LedgerDifference("event", event["sequence"], str(event["number"]))
        expected, previous = event["number"] + 1, event["row_hash"]


def _check_published(ledger: Document, published: Document | None) -> Iterator[LedgerDifference]:
    if published is None:
        return
    if not published.get("strata") and not published.get("commitments"):
        yield LedgerDifference("malformed", detail="the published file has nothing to compare with")
    current = {stratum["label"]: stratum for stratum in ledger["strata"]}
    for before in published.get("strata", []):
        if before["label"] in current and current[before["label"]] != before:
            yield LedgerDifference("published", detail=before["label"])
    for before in published.get("commitments", []):
        if before not in ledger["commitments"]:
            yield LedgerDifference("published", detail=f"commitment {before['id']}")
    head = published.get("head", {})
    if head.get("sequence"):
        row_hashes = {row["sequence"]: row["row_hash"] for row in ledger["drawn"]}
        if row_hashes.get(head["sequence"]) != head["row_hash"] and not ledger.get("project"):
            yield LedgerDifference("published", head["sequence"], "the ledger's head")


def _check_secrets(ledger: Document, secrets: Document) -> Iterator[LedgerDifference]:
    strata = {stratum["label"]: stratum for stratum in ledger["strata"]}
    for revealed in secrets.get("strata", []):
        label, key = revealed["label"], bytes.fromhex(revealed["key"])
        if label not in strata:
            continue
        arms = _list(key, strata[label]["capacity"])
        leaves = [_leaf(label, n, arm, _hmac(key, b"nonce:", n)) for n, arm in enumerate(arms, 1)]
        if _root(leaves) != strata[label]["root"]:
            yield LedgerDifference("root", detail=label)
        for row in ledger["drawn"]:
            slot = row["slot"]
            if _label(row) == label and (slot > len(arms) or arms[slot - 1] != row["arm"]):
                yield LedgerDifference("arm", row["sequence"], label)
    yield from _check_shares(ledger, secrets.get("shares", []))


def _check_shares(ledger: Document, shares: list[Document]) -> Iterator[LedgerDifference]:
    for commitment in ledger["commitments"]:
        for share in (share for share in shares if share["commitment"] == commitment["id"]):
            for holder in ("agency", "operator"):
                text = f"{SPECIFICATION} {holder} share:".encode() + bytes.fromhex(share[holder])
                if hashlib.sha256(text).hexdigest() != commitment[f"{holder}_share_hash"]:
                    yield LedgerDifference("share", detail=holder)


def _label(row: Document) -> str:
    return f"{row['municipality_code']}/{row['target_group']}"


def _row_hash(row: Document) -> str:
    return _seal(row["previous_hash"], (row[name] for name in SEALED))


def _seal(previous: str, values: Iterable[Any]) -> str:
    lines = "".join(f"{value}\n" for value in values)
    return hashlib.sha256(bytes.fromhex(previous) + lines.encode()).hexdigest()


def _root_of_path(row: Document) -> str:
    index = row["slot"] - 1
    root = _leaf(_label(row), row["slot"], row["arm"], bytes.fromhex(row["nonce"]))
    for sibling in map(bytes.fromhex, row["path"]):
        pair = (sibling + root) if index % 2 else (root + sibling)
        root = hashlib.sha256(b"\x01" + pair).digest()
        index //= 2
    return root.hex()


def _leaf(label: str, slot: int, arm: str, nonce: bytes) -> bytes:
    name = label.encode()
    head = b"\x00" + len(name).to_bytes(2, "big") + name + slot.to_bytes(8, "big")
    return hashlib.sha256(head + LETTERS.get(arm, b"?") + nonce).digest()


def _root(level: list[bytes]) -> str:
    while len(level) > 1:
        level = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level), 2)]
    return level[0].hex()


def _hmac(key: bytes, purpose: bytes, number: int) -> bytes:
    return hmac.new(key, purpose + number.to_bytes(8, "big"), hashlib.sha256).digest()


def _list(key: bytes, count: int) -> list[str]:
    stream = (byte for i in range(2**32) for byte in _hmac(key, b"slots:", i))

    def below(bound: int) -> int:
        return next(byte for byte in stream if byte < 256 - 256 % bound) % bound

    arms: list[str] = []
    while len(arms) < count:
        half = (2, 3, 4)[below(3)]
        block = ["participant"] * half + ["control"] * half
        for i in reversed(range(1, 2 * half)):
            j = below(i + 1)
            block[i], block[j] = block[j], block[i]
        arms += block
    return arms[:count]


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 when everything agrees, 1 otherwise."""
    parser = argparse.ArgumentParser(description="Verify the draw's ledger from outside.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--published", type=Path, help="the commitments as published before the first draw")
    parser.add_argument("--secrets", type=Path, help="the revealed keys of closed strata")
    options = parser.parse_args(arguments)
    files: dict[str, Any] = {}
    for name in ("ledger", "published", "secrets"):
        path = getattr(options, name)
        try:
            files[name] = json.loads(path.read_text(encoding="utf-8")) if path else None
        except (OSError, ValueError) as error:
            sys.stderr.write(f"{path}: cannot be read: {error}\n")
            return 1
    differences = verify(**files)
    for difference in differences:
        sys.stderr.write(f"{difference}\n")
    if differences:
        return 1
    sys.stdout.write(f"{_summary(**files)}\n")
    return 0


def _summary(ledger: Document, published: Document | None, secrets: Document | None) -> str:
    """Return what agrees, and with what it was compared: without the published file with nothing outside."""
    rows, revealed = len(ledger["drawn"]), len((secrets or {}).get("strata", []))
    agreeing = f"{rows} allocations, {revealed} lists made again from revealed keys"
    if published is None:
        return (
            f"The ledger agrees with itself: {agreeing}. Nothing outside it was compared: who writes it all "
            "anew is not noticed. Give --published with the commitments that you kept."
        )
    lists, head = len(published.get("strata", [])), published.get("head", {}).get("sequence") or 0
    return (
        f"All agrees: {agreeing}. Compared with {lists} published lists and the ledger's head at row {head}."
    )


if __name__ == "__main__":
    sys.exit(main())
