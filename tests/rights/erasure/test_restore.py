"""A restored backup has the citizens who were erased since: by the list they are erased again."""

import json

import pytest
from django.core.management import CommandError, call_command

from cases.actions.citizen_numbers import replace_number
from cases.models import Citizen, Referral
from rights.erasure.lists import list_path, read_own_list
from rights.models import Erasure
from tests.factories import ReferralFactory, cpr
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(project, tmp_path):
    """A backup of a system with a refused citizen; returns its folder."""
    ReferralFactory(project=project, state="refused", reasons=["under_30"], name="Rikke Afvist")
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    return tmp_path / "backup"


def erase():
    call_command("erase", on=LONG_AFTER.isoformat())


def test_who_was_erased_is_erased_again_by_the_restore(backup, approve, capsys):
    approve()
    erase()
    call_command("restore", backup, replace=True)
    assert not Referral.objects.filter(name="Rikke Afvist").exists()
    assert Erasure.objects.count() == 1
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_a_restored_system_stays_muted_while_the_list_is_not_replayed(backup, approve, capsys, monkeypatch):
    approve()
    erase()
    monkeypatch.setattr("jobfirst.management.commands.restore.restore_listeners", list)
    call_command("restore", backup, replace=True)
    with pytest.raises(CommandError, match="erase --replay"):
        call_command("unmute")
    capsys.readouterr()
    call_command("erase", replay=True)
    assert json.loads(capsys.readouterr().out)["replayed"] == 1
    call_command("unmute")
    assert Citizen.objects.get().erased_on == LONG_AFTER


@pytest.fixture
def put_together(project, approve, tmp_path, capsys):
    """Two refused citizens of a backup who were then found to be one (D40), and erased as one."""
    first = ReferralFactory(project=project, citizen__cpr=cpr(1), name="Rikke Ravn")
    facts = {"state": "refused", "reasons": ["under_30"], "name": "Rikke Jensen"}
    ReferralFactory(project=project, citizen__cpr=cpr(2), **facts)
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "before")
    replace_number(first, digits=cpr(2), reason="Folkeregistret", is_same_person=True)
    call_command("backup", output=tmp_path / "between")
    approve()
    erase()
    assert len(list_path().read_text().splitlines()) == Erasure.objects.count() == 2
    return tmp_path


@pytest.mark.parametrize("backup_made", ["before", "between"])
def test_who_was_put_together_with_somebody_is_erased_again_as_both(put_together, backup_made, capsys):
    call_command("restore", put_together / backup_made, replace=True)
    assert not Citizen.objects.filter(erased_on=None).exists()
    assert not Referral.objects.filter(name__startswith="Rikke").exists()
    call_command("unmute")
    assert len(read_own_list()) == Erasure.objects.count() == 2


def test_the_list_of_another_system_is_not_to_be_replayed(backup, approve, project, capsys):
    """It is told of as such: replaying it would put the lines of another system on the list of this one."""
    approve()
    erase()
    line = json.loads(list_path().read_text())
    foreign = [line | {"subject": "0" * 64}, line | {"subject": "1" * 64, "number": 2}]
    list_path().write_text("".join(json.dumps(row) + "\n" for row in foreign))
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    approve()
    for command in (erase, lambda: call_command("erase", replay=True), lambda: call_command("unmute")):
        with pytest.raises(CommandError, match="is the list of another system"):
            command()
    assert Erasure.objects.count() == 1


def test_a_backup_made_after_the_erasure_wants_the_list_back(backup, approve, tmp_path):
    approve()
    erase()
    call_command("backup", output=tmp_path / "later")
    list_path().unlink()
    call_command("restore", tmp_path / "later", replace=True)
    with pytest.raises(CommandError, match="bring the list back first"):
        call_command("unmute")


def test_a_restored_system_erases_nothing_new_before_the_list_is_replayed(
    approve, backup, project, capsys, monkeypatch
):
    """It would take the numbers of the lines that the list has already."""
    approve()
    erase()
    monkeypatch.setattr("jobfirst.management.commands.restore.restore_listeners", list)
    call_command("restore", backup, replace=True)
    ReferralFactory(project=project, state="refused", reasons=["under_30"], name="Anna Anden")
    approve()
    with pytest.raises(CommandError, match="erase --replay"):
        erase()
    assert Referral.objects.filter(name="Anna Anden").exists()
    call_command("erase", replay=True)
    capsys.readouterr()
    erase()
    assert json.loads(capsys.readouterr().out)["erased"] == 1
    assert len(list_path().read_text().splitlines()) == Erasure.objects.count() == 2


def test_who_stands_on_an_approved_list_of_the_backup_is_erased_by_the_replay_alone(
    project, approve, tmp_path, capsys
):
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    run = approve()
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    erase()
    call_command("restore", tmp_path / "backup", replace=True)
    capsys.readouterr()
    erase()
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["erased"], outcome["left"]) == (0, {"–": "gone"})
    assert list(run.items.values_list("state", "note", "subject")) == [("left", "gone", None)]
    assert Erasure.objects.count() == 1
