"""Commitments and the ledger's chain: the published vectors, and that every changed byte shows."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from randomization.draw import blocks, commitments
from randomization.draw.commitments import CommittedList, ListExhausted
from randomization.ledger import chain

AGENCY = bytes(range(32))
OPERATOR = bytes(range(32, 64))
LABEL = "0851/activity_ready"
KEY = blocks.stratum_key(AGENCY, OPERATOR, LABEL)
SPECIFICATION = Path(__file__).parents[3] / "docs" / "draw-specification.md"


@pytest.fixture(scope="module")
def committed_list():
    """A list of the usual capacity."""
    return CommittedList(KEY, LABEL)


def example_row(nonce: bytes) -> chain.LedgerRow:
    return chain.LedgerRow(
        sequence=1,
        citizen="JF-ABCDEFGHIJKL",
        project="aalborg",
        municipality_code="0851",
        target_group="activity_ready",
        slot=1,
        arm=blocks.CONTROL,
        allocated_on=date(2016, 3, 1),
        drawn_at=datetime(2016, 3, 1, 9, 15, tzinfo=timezone(timedelta(hours=1))),
        nonce=nonce,
    )


def derive_root(leaf_hash, slot, path):
    """The root that a leaf leads to along the hashes beside its path, lowest first."""
    index, root = slot - 1, leaf_hash
    for neighbour in path:
        root = commitments.node(neighbour, root) if index % 2 else commitments.node(root, neighbour)
        index //= 2
    return root


def test_the_published_hash_is_the_specifications():
    assert hashlib.sha256(SPECIFICATION.read_bytes()).hexdigest() == commitments.SPECIFICATION_SHA256


def test_published_vectors(committed_list):
    vectors = {
        "agency": commitments.share_hash("agency", AGENCY),
        "operator": commitments.share_hash("operator", OPERATOR),
        "leaf": commitments.leaf(LABEL, 1, committed_list.arm(1), committed_list.nonce(1)),
        "root of 8": CommittedList(KEY, LABEL, 8).root,
        "root of 4096": committed_list.root,
        "row": chain.row_hash(chain.START, example_row(committed_list.nonce(1))),
    }
    text = SPECIFICATION.read_text(encoding="utf-8")

    for name, value in vectors.items():
        assert value.hex() in text, name


def test_every_slot_leads_to_the_root(committed_list):
    arms = blocks.arms(KEY, commitments.CAPACITY)
    for slot in (1, 2, 3, 64, 1000, 2048, 2049, 4096):
        assert committed_list.arm(slot) == arms[slot - 1]
        leaf = commitments.leaf(LABEL, slot, committed_list.arm(slot), committed_list.nonce(slot))
        assert derive_root(leaf, slot, committed_list.path(slot)) == committed_list.root


def test_a_changed_arm_slot_stratum_nonce_or_path_leads_elsewhere(committed_list):
    slot, path = 5, committed_list.path(5)
    arm, nonce = committed_list.arm(slot), committed_list.nonce(slot)
    other = blocks.CONTROL if arm == blocks.PARTICIPANT else blocks.PARTICIPANT
    flipped = bytes([nonce[0] ^ 1]) + nonce[1:]

    def root(label=LABEL, slot=slot, arm=arm, nonce=nonce, path=path):
        return derive_root(commitments.leaf(label, slot, arm, nonce), slot, path)

    assert root() == committed_list.root
    assert root(arm=other) != committed_list.root
    assert root(slot=6) != committed_list.root
    assert root(label="0851/resource_programme") != committed_list.root
    assert root(nonce=flipped) != committed_list.root
    assert root(path=[flipped, *path[1:]]) != committed_list.root
    assert root(path=path[:-1]) != committed_list.root


def test_the_list_ends_at_its_capacity_and_tells_nothing_of_itself():
    short = CommittedList(KEY, LABEL, 8)

    assert short.arm(8)
    for slot in (0, -1, 9):
        with pytest.raises(ListExhausted):
            short.arm(slot)
    assert repr(short) == "<CommittedList>"
    with pytest.raises(ValueError, match="power of two"):
        CommittedList(KEY, LABEL, 12)


def test_share_hashes_differ_by_holder():
    assert commitments.share_hash("agency", AGENCY) != commitments.share_hash("operator", AGENCY)


@pytest.mark.parametrize(
    "change",
    [
        {"sequence": 2},
        {"citizen": "JF-ABCDEFGHIJKM"},
        {"project": "aarhus"},
        {"municipality_code": "0751"},
        {"target_group": "resource_programme"},
        {"slot": 2},
        {"arm": blocks.PARTICIPANT},
        {"allocated_on": date(2016, 3, 2)},
        {"drawn_at": datetime(2016, 3, 1, 8, 15, 0, 1, tzinfo=UTC)},
        {"nonce": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_chain_seals_every_value(change):
    row = example_row(KEY)

    assert chain.row_hash(chain.START, replace(row, **change)) != chain.row_hash(chain.START, row)


def test_the_chain_seals_the_row_before():
    row = example_row(KEY)

    assert chain.row_hash(bytes(31) + b"\x01", row) != chain.row_hash(chain.START, row)


def test_values_cannot_slide_into_one_another():
    assert chain.seal(chain.START, ["ab", "c"]) != chain.seal(chain.START, ["a", "bc"])
