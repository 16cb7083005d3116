"""The shares of the seed: where they come from, and where they never go."""

import pytest

from devservices import keys
from randomization.draw import blocks
from randomization.draw.shares import VARIABLES, ShareError, Shares, demo_shares, from_environment

LABEL = "0851/activity_ready"


def test_two_fresh_systems_have_lists_that_differ(tmp_path, monkeypatch):
    lists = []
    for name in ("one", "other"):
        stored_keys = keys.load_or_create(tmp_path / name)
        for variable in VARIABLES.values():
            monkeypatch.setenv(variable, stored_keys[variable])
        lists.append(blocks.arms(from_environment().key(LABEL), 100))

    assert lists[0] != lists[1]


def test_a_share_may_be_written_with_or_without_padding(system_shares, monkeypatch):
    for holder, text in (("agency", "A" * 43), ("operator", "A" * 42 + "E=")):
        monkeypatch.setenv(VARIABLES[holder], text)

    shares = from_environment()

    assert (shares.agency, shares.operator) == (bytes(32), bytes(31) + b"\x01")


def test_a_share_is_never_printed(system_shares):
    assert repr(system_shares) == "Shares(demo_seed=None)"
    assert str(system_shares) == repr(system_shares)


def test_a_demonstrations_shares_are_the_same_for_the_same_seed():
    assert demo_shares(7) == demo_shares(7)
    assert demo_shares(7).key(LABEL) != demo_shares(8).key(LABEL)
    assert demo_shares(7).agency != demo_shares(7).operator


@pytest.mark.parametrize("holder", ["agency", "operator"])
def test_each_missing_share_is_named(system_shares, monkeypatch, holder):
    monkeypatch.delenv(VARIABLES[holder])

    with pytest.raises(ShareError, match=VARIABLES[holder]):
        from_environment()


def test_two_holders_with_the_same_share_are_refused(system_shares, monkeypatch):
    for variable in VARIABLES.values():
        monkeypatch.setenv(variable, "A" * 43)

    with pytest.raises(ShareError, match="sin egen andel"):
        from_environment()


def test_hashes_tell_the_holders_apart():
    same = Shares(bytes(32), bytes(32))

    assert same.hash_of("agency") != same.hash_of("operator")
