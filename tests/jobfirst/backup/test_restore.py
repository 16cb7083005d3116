"""A backup comes back row for row and muted; what is wrong with it is noticed before anything is changed."""

import datetime

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from accounts.models import Project, User
from cases.models import Citizen
from demo.trial import seed_demo
from jobfirst.backup import making, manifest, restoring, tables
from jobfirst.encryption import crypto
from jobfirst.files.private_folder import unpacked_pieces
from jobfirst.messaging import mute
from randomization.ledger.export import ledger_head
from tests import databases
from tests.factories import ProjectFactory, UserFactory
from tests.grants.factories import VoucherFactory
from tests.jobfirst.backup.systems import (
    constraint_count,
    contents,
    rewrite_manifest,
    switched_off_triggers,
)
from tests.loops import some

IN_DATABASE = pytest.mark.django_db(transaction=True)


@pytest.fixture
def untouchable(monkeypatch):
    """Fail when a restoring gets as far as signing in as the owner."""
    monkeypatch.setattr(restoring, "as_owner", lambda: pytest.fail("it went on to the database"))


def become_a_new_system(settings, tmp_path) -> None:
    databases.renew(databases.template())
    settings.DATA_DIR = tmp_path / "new-data"


@pytest.mark.long
@IN_DATABASE
def test_a_whole_trial_comes_back_row_for_row_and_muted(settings, tmp_path):
    seed_demo(12, 7, datetime.date(2016, 9, 1))
    call_command("backup", output=tmp_path / "backup")
    before, head, keys = contents(), ledger_head(), constraint_count()
    become_a_new_system(settings, tmp_path)
    call_command("restore", tmp_path / "backup")
    assert contents() == before
    assert (ledger_head(), constraint_count(), switched_off_triggers()) == (head, keys, 0)
    assert mute.is_muted()


@IN_DATABASE
def test_a_restored_system_goes_on_where_it_was_with_its_files_and_sends_after_unmute(backup, settings):
    call_command("restore", backup)
    last = User.objects.order_by("pk").last()
    assert UserFactory().pk > last.pk
    stored = [path for path in (settings.DATA_DIR / "vouchers").rglob("*") if path.is_file()]
    (original,) = [path for path in (backup / "files/vouchers").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in stored] == [original.read_bytes()]
    call_command("unmute", reason="the restored one is the one in use")
    assert not mute.is_muted()


@IN_DATABASE
def test_a_restore_in_place_is_muted_and_loses_what_was_done_since(backup):
    later = ProjectFactory()
    call_command("restore", backup, replace=True)
    assert not Project.objects.filter(slug=later.slug).exists()
    assert mute.is_muted()


@IN_DATABASE
def test_a_system_that_is_not_empty_is_not_restored_into(backup):
    UserFactory()
    before = contents()
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", backup)
    assert contents() == before
    assert not mute.is_muted()


@pytest.mark.parametrize(
    "pattern", ["manifest.json", "manifest.sha256", "database/cases_citizen.copy.gz", "files/vouchers/*/*"]
)
def test_a_changed_byte_is_noticed_before_anything_is_touched(backup, untouchable, pattern):
    (path,) = backup.glob(pattern)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", backup)


def test_a_missing_file_is_named(backup, untouchable):
    (backup / "database/cases_citizen.copy.gz").unlink()
    with pytest.raises(CommandError, match=r"database/cases_citizen\.copy\.gz"):
        call_command("restore", backup)


def test_a_backup_of_a_newer_version_is_refused(backup, untouchable):
    migrations = manifest.read(backup).migrations
    rewrite_manifest(backup, migrations=[*migrations, "cases.9999_later"])
    with pytest.raises(CommandError, match="newer version"):
        call_command("restore", backup)


def test_a_backup_of_a_real_system_is_not_restored_into_a_rehearsal(backup, untouchable):
    rewrite_manifest(backup, mode="real")
    with pytest.raises(CommandError, match="set up as 'real'"):
        call_command("restore", backup)


def test_a_manifest_with_another_hash_than_the_one_kept_elsewhere_is_refused(backup, untouchable):
    with pytest.raises(CommandError, match="not the one"):
        call_command("restore", backup, manifest_sha256="0" * 64)


def test_a_real_system_without_the_keys_of_the_data_restores_nothing(backup, untouchable, settings):
    settings.JOBFIRST_MODE = "real"
    settings.JOBFIRST_LOOKUP_KEY = "A" * 43
    rewrite_manifest(backup, mode="real")
    with pytest.raises(CommandError, match="JOBFIRST_LOOKUP_KEY"):
        call_command("restore", backup)


@IN_DATABASE
def test_a_rehearsal_with_other_keys_is_restored_with_a_warning(backup, settings, capsys):
    settings.JOBFIRST_CPR_KEYS = ["1:" + "A" * 43]
    call_command("restore", backup)
    assert "JOBFIRST_CPR_KEYS 1" in capsys.readouterr().err
    with pytest.raises(crypto.Undecryptable):
        assert Citizen.objects.get().cpr


@IN_DATABASE
def test_a_restore_gives_up_while_somebody_uses_the_system(backup, monkeypatch):
    monkeypatch.setattr(restoring, "LOCK_TIMEOUT", "50ms")
    with databases.owner_connection() as other, other.transaction():
        other.execute("SELECT count(*) FROM cases_citizen")
        with pytest.raises(CommandError, match="stop web, worker and beat"):
            call_command("restore", backup)
    assert not mute.is_muted()
    assert not Citizen.objects.exists()


@IN_DATABASE
def test_a_restore_that_fails_midway_changes_nothing(backup, monkeypatch):
    before = contents()

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring.tables, "set_sequences", fail)
    with pytest.raises(CommandError, match="No space left"):
        call_command("restore", backup)
    assert contents() == before
    assert switched_off_triggers() == 0


@IN_DATABASE
def test_a_full_disk_leaves_nothing_that_looks_like_a_backup(tmp_path, monkeypatch):
    UserFactory()

    def fail(_positions: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making.tables, "sequence_positions", fail)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", output=tmp_path / "backups" / "monday")
    assert list((tmp_path / "backups").iterdir()) == []


@IN_DATABASE
def test_what_a_killed_backup_leaves_cannot_be_restored(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.rmtree", lambda *_args, **_options: None)  # as after kill -9

    def fail(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making.manifests, "write", fail)
    with pytest.raises(KeyboardInterrupt):
        call_command("backup", output=tmp_path / "backups" / "monday")
    (left,) = (tmp_path / "backups").iterdir()
    assert left.name.endswith(".unfinished")
    with pytest.raises(CommandError, match="not a complete backup"):
        call_command("restore", left)


def test_a_folder_with_something_in_it_is_not_written_to(tmp_path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "other").touch()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", output=tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").iterdir()] == ["other"]


def test_only_its_owner_reads_a_backup(backup):
    files = [path for path in backup.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in some(files)} == {0o600}
    assert backup.stat().st_mode & 0o777 == 0o700


def test_a_backup_has_no_keys_and_no_sessions(backup):
    secrets = [
        django_settings.JOBFIRST_LOOKUP_KEY,
        django_settings.JOBFIRST_PSEUDONYM_KEY,
        django_settings.JOBFIRST_CPR_KEYS[0].partition(":")[2],
    ]
    plain = (backup / manifest.NAME).read_bytes()
    packed = [b"".join(unpacked_pieces(path)) for path in some(list(backup.glob("database/*.gz")))]
    assert [secret for secret in secrets if secret.encode() in b"".join([plain, *packed])] == []
    assert not (backup / "database/django_session.copy.gz").exists()


@IN_DATABASE
def test_a_backup_is_one_moment_although_others_go_on_writing(tmp_path, monkeypatch):
    UserFactory()
    copy_out = tables.copy_out

    def copy_while_others_write(cursor, table, columns):
        if table == "accounts_user":
            with databases.owner_connection() as other:
                other.execute("UPDATE accounts_user SET name = 'Later'")
        return copy_out(cursor, table, columns)

    monkeypatch.setattr(making.tables, "copy_out", copy_while_others_write)
    call_command("backup", output=tmp_path / "backup")
    rows = b"".join(unpacked_pieces(tmp_path / "backup/database/accounts_user.copy.gz"))
    assert b"Later" not in rows


@IN_DATABASE
def test_a_voucher_whose_file_is_gone_is_named(data_folder, tmp_path, capsys):
    voucher = VoucherFactory()
    for path in some(list((data_folder / "vouchers").glob("*/*"))):
        path.unlink()
    call_command("backup", output=tmp_path / "backup")
    assert voucher.file_sha256 in capsys.readouterr().err


def test_that_a_backup_was_made_is_in_its_access_log(backup):
    rows = b"".join(unpacked_pieces(backup / "database/audit_accessrecord.copy.gz"))
    assert b"backup.command" in rows


def test_the_manifest_says_where_the_ledger_ends(backup):
    assert manifest.read(backup).facts["ledger"]["sequence"] == 0
