"""The shares of the seed: where they come from, and where they never go."""

import io
import os
import sys

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from devservices import keys
from randomization.draw import actions, blocks
from randomization.draw.refusal import DrawRefused
from randomization.draw.shares import (
    VARIABLES,
    ShareError,
    Shares,
    demo_shares,
    file_variable,
    from_environment,
)
from randomization.management.options import shares_for_command

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


@pytest.fixture
def real_trial(monkeypatch):
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)


def test_a_real_trial_refuses_both_shares_in_one_environment(system_shares, real_trial):
    with pytest.raises(ShareError, match="JOBFIRST_DRAW_SHARE_AGENCY_FILE"):
        from_environment()


def test_a_real_system_with_both_shares_in_its_environment_does_not_start(system_shares, real_trial):
    with pytest.raises(ImproperlyConfigured, match="stand in one environment"):
        apps.get_app_config("randomization").ready()


def test_a_real_trial_reads_the_agency_s_share_from_its_file(system_shares, agency_share_file, real_trial):
    assert from_environment() == system_shares


def test_a_rehearsal_may_have_both_in_its_environment(system_shares):
    assert from_environment() == system_shares


@pytest.mark.parametrize("mode", [0o600, 0o440, 0o404, 0o500])
def test_a_file_that_others_may_read_or_anybody_change_is_refused(agency_share_file, mode):
    agency_share_file.chmod(mode)

    with pytest.raises(ShareError, match="0400"):
        from_environment()


def test_a_file_that_is_not_there_is_refused_without_its_path(agency_share_file):
    agency_share_file.unlink()

    with pytest.raises(ShareError, match="JOBFIRST_DRAW_SHARE_AGENCY_FILE") as refusal:
        from_environment()
    assert str(agency_share_file) not in str(refusal.value)


def test_a_file_with_both_shares_is_no_share(agency_share_file, system_shares):
    text = agency_share_file.read_text()
    agency_share_file.chmod(0o600)
    agency_share_file.write_text(f"{text}{os.environ[VARIABLES['operator']]}\n")
    agency_share_file.chmod(0o400)

    with pytest.raises(ShareError, match="32 byte"):
        from_environment()


def test_the_files_of_both_holders_lie_in_folders_of_their_own(
    agency_share_file, system_shares, real_trial, monkeypatch
):
    operators = agency_share_file.with_name("operator-share")
    operators.write_text(os.environ[VARIABLES["operator"]])
    operators.chmod(0o400)
    monkeypatch.delenv(VARIABLES["operator"])
    monkeypatch.setenv(file_variable("operator"), str(operators))
    with pytest.raises(ShareError, match="mappe"):
        from_environment()

    folder = agency_share_file.parent.with_name("operator")
    folder.mkdir()
    monkeypatch.setenv(file_variable("operator"), str(operators.rename(folder / "share")))
    assert from_environment() == system_shares


def test_a_share_in_two_places_is_refused(agency_share_file, monkeypatch):
    monkeypatch.setenv(VARIABLES["agency"], "A" * 43)

    with pytest.raises(ShareError, match="JOBFIRST_DRAW_SHARE_AGENCY_FILE"):
        from_environment()


@pytest.mark.django_db
class TestTypedAtTheTerminal:
    """The commands ask for the agency's share when it is not on the machine."""

    @pytest.fixture
    def type_shares(self, agency_share_file, real_trial, monkeypatch):
        """Let the agency type these texts at the terminal, one for each question."""
        share = agency_share_file.read_text().strip()
        monkeypatch.delenv(file_variable("agency"))
        monkeypatch.setattr(sys, "stdin", TerminalInput())

        def answer(*texts):
            answers = iter(texts or (share, share))
            monkeypatch.setattr("getpass.getpass", lambda question: next(answers))

        return answer

    def test_the_typed_share_is_used(self, type_shares, system_shares):
        type_shares()

        assert shares_for_command() == system_shares

    def test_the_environment_does_not_get_it(self, type_shares):
        type_shares()

        shares_for_command()

        assert not os.environ.get(VARIABLES["agency"])

    def test_two_that_differ_commit_nothing(self, type_shares):
        type_shares("A" * 43, "B" * 43)

        with pytest.raises(CommandError, match="not the same"):
            shares_for_command()

    def test_a_share_that_was_published_is_typed_once(self, aalborg, type_shares, system_shares):
        actions.commit_all(system_shares)
        type_shares("A" * 43)

        typed = shares_for_command()

        assert typed.agency == bytes(32)  # and refused by its hash when a list is opened

    def test_without_a_terminal_the_draw_is_refused_with_what_to_do(self, type_shares, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.StringIO())

        with pytest.raises(DrawRefused, match="JOBFIRST_DRAW_SHARE_AGENCY_FILE"):
            shares_for_command()


class TerminalInput(io.StringIO):
    def isatty(self):
        return True
