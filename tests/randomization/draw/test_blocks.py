"""The generator: the published vectors, the promises of every list, and the statistics.

The thresholds were fixed before the generator was written and the keys are fixed too, so that nothing
here can fail by chance.
"""

import ast
import hashlib
import hmac
from collections import Counter
from itertools import groupby, islice
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomization.draw import blocks
from randomization.draw.blocks import CONTROL, PARTICIPANT
from tests.loops import some

AGENCY = bytes(range(32))
OPERATOR = bytes(range(32, 64))

VECTORS = [
    (
        "0851/activity_ready",
        "04602013ce0f2e0ca9606ae445f8151cdae9a4aeda748d200b41a478bd740adc",
        "CCPCPPCPCCPPPPCCCPCCPCCPPPPPPCCPCCPCPPCC",
        "c0385ec16bb07b35a1eeb3be71c07c00c95c14a9a4886e5054ceb341e019b967",
    ),
    (
        "0851/resource_programme",
        "ae2b4b966c1e7126322e28ba53ddcd58cbedd16f21912eb8b3bc78f9ebed4bd9",
        "CPCPCPCPPPPCCCCCPPPCCPCPCPPCCCPPPCCCCPPP",
        "39d92f43aba715e2fe2430cf2ffe65f1f081eaac13e14564e1da0ceb9e91ac08",
    ),
]


def key_of(number: int) -> bytes:
    return hashlib.sha256(f"test key {number}".encode()).digest()


def letters(arms) -> str:
    return "".join("P" if arm == PARTICIPANT else "C" for arm in arms)


@pytest.mark.parametrize(("label", "key", "first_forty", "first_nonce"), VECTORS)
def test_published_vectors(label, key, first_forty, first_nonce):
    derived = blocks.stratum_key(AGENCY, OPERATOR, label)

    assert derived.hex() == key
    assert letters(blocks.arms(derived, 40)) == first_forty
    assert blocks.slot_nonce(derived, 1).hex() == first_nonce


@pytest.mark.parametrize("vector", VECTORS)
def test_the_specification_prints_the_same_vectors(vector):
    text = (Path(__file__).parents[3] / "docs" / "draw-specification.md").read_text(encoding="utf-8")

    for value in some(vector):
        assert value in text


def test_a_second_implementation_written_from_the_specification_agrees():
    def slow_list(agency, operator, label, count):
        prk = hmac.new(b"jobfirst-draw/1", agency + operator, hashlib.sha256).digest()
        key = hmac.new(prk, b"stratum:" + label.encode() + b"\x01", hashlib.sha256).digest()
        stream = b"".join(
            hmac.new(key, b"slots:" + i.to_bytes(8, "big"), hashlib.sha256).digest() for i in range(count)
        )
        at = 0

        def below(n):
            nonlocal at
            while stream[at] >= (256 // n) * n:
                at += 1
            at += 1
            return stream[at - 1] % n

        drawn = ""
        while len(drawn) < count:
            half = 2 + below(3)
            block = list("P" * half + "C" * half)
            for i in reversed(range(1, len(block))):
                j = below(i + 1)
                block[i], block[j] = block[j], block[i]
            drawn += "".join(block)
        return drawn[:count]

    for number in range(50):
        agency, operator = key_of(number), key_of(-number - 1)
        for label in ("0101/activity_ready", "0329/resource_programme"):
            key = blocks.stratum_key(agency, operator, label)
            assert letters(blocks.arms(key, 300)) == slow_list(agency, operator, label, 300)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_share_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        blocks.stratum_key(bytes(length), OPERATOR, "0851/activity_ready")
    with pytest.raises(ValueError, match="32 bytes"):
        blocks.stratum_key(AGENCY, bytes(length), "0851/activity_ready")


def test_each_share_and_each_stratum_matters():
    key = blocks.stratum_key(AGENCY, OPERATOR, "0851/activity_ready")

    assert key != blocks.stratum_key(OPERATOR, AGENCY, "0851/activity_ready")
    assert key != blocks.stratum_key(AGENCY, AGENCY, "0851/activity_ready")
    assert key != blocks.stratum_key(AGENCY, OPERATOR, "0851/resource_programme")
    assert key != blocks.stratum_key(AGENCY, OPERATOR, "0751/activity_ready")


@given(st.binary(min_size=32, max_size=32))
def test_every_list_is_balanced(key):
    for block in some(islice(blocks.blocks(key), 40)):
        assert len(block) in (4, 6, 8)
        assert block.count(PARTICIPANT) == block.count(CONTROL) == len(block) // 2

    arms = blocks.arms(key, 400)
    lead = 0
    for arm in some(arms):
        lead += 1 if arm == PARTICIPANT else -1
        assert abs(lead) <= 4
    assert max(len(list(run)) for _, run in groupby(arms)) <= 8


@given(st.binary(min_size=32, max_size=32), st.integers(0, 200), st.integers(0, 200))
def test_a_shorter_list_is_the_beginning_of_a_longer_one(key, count, more):
    assert blocks.arms(key, count) == blocks.arms(key, count + more)[:count]


def test_over_ten_thousand_seeds_each_position_is_participant_half_of_the_time():
    positions = Counter()
    for number in range(10_000):
        positions.update(at for at, arm in enumerate(blocks.arms(key_of(number), 60)) if arm == PARTICIPANT)

    assert all(abs(positions[at] - 5_000) <= 245 for at in range(60)), positions


def test_sizes_and_arrangements_are_uniform():
    drawn = [letters(block) for block in islice(blocks.blocks(key_of(1)), 60_000)]
    sizes = Counter(len(block) for block in drawn)

    assert chi_square(sizes.values(), 3) < 27.6
    for size, threshold in ((4, 35.9), (6, 63.7), (8, 139.8)):
        arrangements = Counter(block for block in drawn if len(block) == size)
        assert len(arrangements) == comb(size, size // 2)
        assert chi_square(arrangements.values(), len(arrangements)) < threshold


def chi_square(counts, cells: int) -> float:
    counts = list(counts)
    assert len(counts) == cells
    expected = sum(counts) / cells
    return sum((count - expected) ** 2 / expected for count in counts)


@pytest.mark.parametrize("bit", [0, 7, 100, 255])
@pytest.mark.parametrize("holder", ["agency", "operator"])
def test_one_flipped_seed_bit_gives_an_unrelated_list(bit, holder):
    flipped = {"agency": bytearray(AGENCY), "operator": bytearray(OPERATOR)}
    flipped[holder][bit // 8] ^= 1 << bit % 8
    original = blocks.arms(blocks.stratum_key(AGENCY, OPERATOR, "0851/activity_ready"), 10_000)
    unrelated = blocks.arms(
        blocks.stratum_key(bytes(flipped["agency"]), bytes(flipped["operator"]), "0851/activity_ready"),
        10_000,
    )

    agreements = sum(a == b for a, b in zip(original, unrelated, strict=True))
    assert abs(agreements - 5_000) <= 245


def test_how_guessable_the_next_arm_is():
    """Guess the arm that is behind, and toss a coin when they are level: right in 0.679 of 100,000."""
    right = 0.0
    for number in range(1_000):
        lead = 0
        for arm in blocks.arms(key_of(number), 100):
            step = 1 if arm == PARTICIPANT else -1
            right += 0.5 if lead == 0 else (step * lead < 0)
            lead += step

    assert right / 100_000 == pytest.approx(0.679, abs=0.003)


def test_the_generator_uses_no_other_source_of_chance():
    tree = ast.parse(Path(blocks.__file__).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    }

    assert imported == {"__future__", "hmac", "collections", "itertools"}
