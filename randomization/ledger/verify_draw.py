"""Verify the draw from outside: Python 3.11 or newer and nothing else.

    python3 verify_draw.py LEDGER.json [--published COMMITMENTS.json] [--secrets SECRETS.json]

LEDGER      the ledger as exported (``export_allocations --format json``, or the agency's page)
COMMITMENTS what was published before the first draw (``publish_commitments``), kept by yourself
SECRETS     what was revealed when strata closed (``reveal_secrets``): the keys of closed strata

Exit 0 when everything agrees, otherwise 1 and every difference by its sequence number. This file is written
from ``docs/draw-specification.md`` and shares no line with the code that draws, so that an error in one
shows in the other; copy it, read it, or write your own.
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
class Difference:
    """One thing that does not agree: what, at which sequence number (None: in no single row), and where."""

    code: str
    sequence: int | None = None
    detail: str = ""

    def __str__(self) -> str:
        place = "" if self.sequence is None else f"sequence {self.sequence}: "
        return place + TEXTS[self.code].format(detail=self.detail)


def verify(
    ledger: Document, published: Document | None = None, secrets: Document | None = None
) -> list[Difference]:
    """Every difference between the ledger, what was published and what was revealed, by sequence number.

    ``ledger``: keys specification, drawn, strata, head; with the key ``project`` it is one project's part
    of the ledger, which has gaps in the sequence. ``published``: keys strata and commitments. ``secrets``:
    key strata, each a label and a key in hexadecimal.
    """
    try:
        found = [
            *_check_chain(ledger),
            *_check_openings(ledger),
            *_check_events(ledger),
            *_check_published(ledger, published or {}),
            *_check_secrets(ledger, secrets or {}),
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        found = [Difference("malformed", detail=f"{type(error).__name__} {error}")]
    return sorted(found, key=lambda one: (one.sequence is None, one.sequence or 0))


def _check_chain(ledger: Document) -> Iterator[Difference]:
    if ledger["specification"] != SPECIFICATION:
        yield Difference("specification")
    part = bool(ledger.get("project"))
    expected, previous, citizens = 1, START, set()
    for row in ledger["drawn"]:
        number = row["sequence"]
        follows = number == expected
        if not follows and not part:
            yield Difference("sequence", number)
        if follows and row["previous_hash"] != previous:
            yield Difference("chain", number)
        if row["row_hash"] != _row_hash(row):
            yield Difference("row", number)
        if row["citizen"] in citizens:
            yield Difference("citizen", number)
        citizens.add(row["citizen"])
        expected, previous = number + 1, row["row_hash"]
    head = ledger["head"]
    if not part and (head["sequence"], head["row_hash"]) != (expected - 1, previous):
        yield Difference("head")


def _check_openings(ledger: Document) -> Iterator[Difference]:
    strata = {stratum["label"]: stratum for stratum in ledger["strata"]}
    last: dict[str, int] = {}
    for row in ledger["drawn"]:
        label, number, slot = _label(row), row["sequence"], row["slot"]
        if label not in strata:
            yield Difference("stratum", number, label)
            continue
        if slot != last.get(label, 0) + 1:
            yield Difference("slot", number, label)
        last[label] = slot
        if _opened(row) != strata[label]["root"] or 2 ** len(row["path"]) != strata[label]["capacity"]:
            yield Difference("opening", number, label)


def _check_events(ledger: Document) -> Iterator[Difference]:
    part, expected, previous = bool(ledger.get("project")), 1, START
    known = {row["sequence"] for row in ledger["drawn"]}
    for event in ledger.get("events", []):
        follows = event["number"] == expected
        sealed = _seal(event["previous_hash"], (event[name] for name in EVENT_SEALED))
        broken = (follows and event["previous_hash"] != previous) or (not follows and not part)
        if broken or event["row_hash"] != sealed or event["sequence"] not in known:
            yield Difference("event", event["sequence"], str(event["number"]))
        expected, previous = event["number"] + 1, event["row_hash"]


def _check_published(ledger: Document, published: Document) -> Iterator[Difference]:
    now = {stratum["label"]: stratum for stratum in ledger["strata"]}
    for before in published.get("strata", []):
        if before["label"] in now and now[before["label"]] != before:
            yield Difference("published", detail=before["label"])
    known = ledger["commitments"]
    for before in published.get("commitments", []):
        if before not in known:
            yield Difference("published", detail=f"commitment {before['id']}")
    head = published.get("head", {})
    if head.get("sequence"):
        at = {row["sequence"]: row["row_hash"] for row in ledger["drawn"]}
        if at.get(head["sequence"]) != head["row_hash"] and not ledger.get("project"):
            yield Difference("published", head["sequence"], "the ledger's head")


def _check_secrets(ledger: Document, secrets: Document) -> Iterator[Difference]:
    strata = {stratum["label"]: stratum for stratum in ledger["strata"]}
    for revealed in secrets.get("strata", []):
        label, key = revealed["label"], bytes.fromhex(revealed["key"])
        if label not in strata:
            continue
        arms = _list(key, strata[label]["capacity"])
        leaves = [_leaf(label, n, arm, _hmac(key, b"nonce:", n)) for n, arm in enumerate(arms, 1)]
        if _root(leaves) != strata[label]["root"]:
            yield Difference("root", detail=label)
        for row in ledger["drawn"]:
            slot = row["slot"]
            if _label(row) == label and (slot > len(arms) or arms[slot - 1] != row["arm"]):
                yield Difference("arm", row["sequence"], label)
    yield from _check_shares(ledger, secrets.get("shares", []))


def _check_shares(ledger: Document, shares: list[Document]) -> Iterator[Difference]:
    for commitment in ledger["commitments"]:
        for share in (one for one in shares if one["commitment"] == commitment["id"]):
            for holder in ("agency", "operator"):
                text = f"{SPECIFICATION} {holder} share:".encode() + bytes.fromhex(share[holder])
                if hashlib.sha256(text).hexdigest() != commitment[f"{holder}_share_hash"]:
                    yield Difference("share", detail=holder)


def _label(row: Document) -> str:
    return f"{row['municipality_code']}/{row['target_group']}"


def _row_hash(row: Document) -> str:
    return _seal(row["previous_hash"], (row[name] for name in SEALED))


def _seal(previous: str, values: Iterable[Any]) -> str:
    lines = "".join(f"{value}\n" for value in values)
    return hashlib.sha256(bytes.fromhex(previous) + lines.encode()).hexdigest()


def _opened(row: Document) -> str:
    place = row["slot"] - 1
    reached = _leaf(_label(row), row["slot"], row["arm"], bytes.fromhex(row["nonce"]))
    for beside in map(bytes.fromhex, row["path"]):
        pair = (beside + reached) if place % 2 else (reached + beside)
        reached = hashlib.sha256(b"\x01" + pair).digest()
        place //= 2
    return reached.hex()


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
    """The command line: 0 when all agrees, 1 otherwise."""
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
    rows, revealed = len(files["ledger"]["drawn"]), len((files["secrets"] or {}).get("strata", []))
    sys.stdout.write(f"All agrees: {rows} allocations, {revealed} lists made again from revealed keys.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
