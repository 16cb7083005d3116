"""Repetitions of the draw: many at once are what the trial's generator gives one by one."""

from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.redraws import redrawn_arms, redrawn_participants
from randomization.draw.blocks import PARTICIPANT, arms
from tests.loops import some


@given(st.binary(max_size=8), st.integers(1, 60), st.sampled_from(["0851/activity_ready", "0101/x", "æ"]))
def test_many_repetitions_are_those_of_the_generator(seed, count, stratum):
    many = redrawn_participants(seed, 7, stratum, count)
    assert many.shape == (7, count)
    for replicate in range(7):
        arms_of_slots = [arm == PARTICIPANT for arm in redrawn_arms(seed, replicate, stratum, count)]
        assert list(many[replicate]) == arms_of_slots


def test_long_lists_are_those_of_the_generator():
    many = redrawn_participants(b"seed", 20, "0851/activity_ready", 3000)
    for replicate in some(range(20)):
        of_generator = redrawn_arms(b"seed", replicate, "0851/activity_ready", 3000)
        assert list(many[replicate]) == [arm == PARTICIPANT for arm in of_generator]


def test_repetitions_differ_and_are_the_same_every_time():
    first, second = (tuple(redrawn_arms(b"seed", number, "0851/activity_ready", 40)) for number in (0, 1))
    assert first != second
    assert first == tuple(redrawn_arms(b"seed", 0, "0851/activity_ready", 40))
    assert first != tuple(redrawn_arms(b"other", 0, "0851/activity_ready", 40))
    assert first != tuple(redrawn_arms(b"seed", 0, "0851/resource_programme", 40))
    assert len(arms(b"key", 40)) == 40
