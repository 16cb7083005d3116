"""Facts are read once within `facts_read_once`."""

import pytest

from reminders.fact_cache import facts_read_once, read_once


@pytest.fixture
def reads():
    """The subjects of each read, in order."""
    return []


@pytest.fixture
def read(reads):
    @read_once
    def read(subjects):
        reads.append(subjects)
        return sorted(subjects)

    return read


def test_within_the_block_the_same_subjects_are_read_once(read, reads):
    with facts_read_once():
        assert read(["b", "a"]) is read(("a", "b"))
    assert reads == [["b", "a"]]


def test_other_subjects_are_read_for_themselves(read):
    with facts_read_once():
        assert read(["a"]) == ["a"]
        assert read(["b"]) == ["b"]


def test_two_functions_have_two_answers(read):
    other = read_once(lambda subjects: "other")
    with facts_read_once():
        assert read(["a"]) == ["a"]
        assert other(["a"]) == "other"


def test_outside_and_in_another_block_facts_are_read_again(read, reads):
    for _number in range(2):
        read(["a"])
        with facts_read_once():
            read(["a"])
    assert len(reads) == 4


def test_an_argument_by_name_is_refused(read):
    """It would not be part of the key."""
    with facts_read_once(), pytest.raises(TypeError):
        read(subjects=["a"])
