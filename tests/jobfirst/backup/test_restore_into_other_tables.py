"""A backup comes into a database without tables, or with those of another version, ready for use."""

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from cases.models import Citizen
from evaluation.models import RefreshOrder
from jobfirst.backup import manifest, restoring, tables
from jobfirst.database.owner import as_owner
from jobfirst.messaging import mute
from tests import databases
from tests.factories import CitizenFactory
from tests.jobfirst.backup.systems import (
    put_tables_aside,
    rewrite_manifest,
    structure,
    switched_off_triggers,
    take_tables_back,
)

IN_DATABASE = pytest.mark.django_db(transaction=True)


EARLIER = ("evaluation", "0009_steering_mail_returned")
OLDEST = ["jobfirst.0001_initial", "jobfirst.0002_stored_check"]


class QuickExecutor(MigrationExecutor):
    """Makes all tables without the minutes that the migrations take."""

    def migrate(self, *_args: object, **_options: object) -> None:
        take_tables_back()


@IN_DATABASE
def test_a_backup_of_an_earlier_version_is_loaded_into_its_tables_and_migrated(tmp_path, monkeypatch):
    before = structure()
    call_command("migrate", *EARLIER, interactive=False, verbosity=0)
    CitizenFactory()
    call_command("backup", output=tmp_path / "earlier")
    databases.renew(databases.template())
    # Some migrations back make the same tables as all of them forward, which would take minutes.
    monkeypatch.setattr(
        restoring, "_make_tables", lambda owner, _manifest: MigrationExecutor(owner).migrate([EARLIER])
    )
    call_command("restore", tmp_path / "earlier")
    assert structure() == before
    assert (Citizen.objects.count(), RefreshOrder.objects.count(), switched_off_triggers()) == (1, 0, 0)
    assert mute.is_muted()


@IN_DATABASE
def test_a_backup_comes_into_a_database_that_was_never_migrated_and_the_application_has_its_rights(
    backup, monkeypatch
):
    before = structure()
    put_tables_aside()
    monkeypatch.setattr(restoring, "MigrationExecutor", QuickExecutor)
    call_command("restore", backup)
    assert structure() == before
    assert Citizen.objects.count() == 1
    assert mute.is_muted()


@IN_DATABASE
def test_the_application_gets_its_rights_on_tables_that_a_failed_restore_has_made(backup):
    before = structure()
    put_tables_aside()
    take_tables_back()
    call_command("restore", backup)
    assert structure() == before


@IN_DATABASE
def test_tables_are_made_anew_in_the_version_of_the_backup(backup):
    rewrite_manifest(backup, migrations=OLDEST)
    with as_owner() as owner:
        restoring._make_tables(owner, manifest.read(backup))
        with owner.cursor() as cursor:
            names = tables.table_names(cursor)
    assert names == ["django_migrations", "jobfirst_installation", "jobfirst_storedcheck"]


@IN_DATABASE
def test_a_restore_that_fails_after_the_tables_were_made_says_that_they_are_empty(backup, monkeypatch):
    monkeypatch.setattr(restoring, "_applied", lambda _connection: set())
    monkeypatch.setattr(restoring, "_make_tables", lambda _connection, _manifest: None)
    monkeypatch.setattr(restoring, "LOCK_TIMEOUT", "50ms")
    with databases.owner_connection() as other, other.transaction():
        other.execute("SELECT count(*) FROM cases_citizen")
        with pytest.raises(CommandError, match=r"before\. The tables of this system are empty now"):
            call_command("restore", backup)


@IN_DATABASE
def test_tables_that_cannot_be_made_anew_are_left_as_they_are(backup, monkeypatch):
    rewrite_manifest(backup, migrations=OLDEST)
    monkeypatch.setattr(restoring, "LOCK_TIMEOUT", "50ms")
    before = structure()
    with databases.owner_connection() as other, other.transaction():
        other.execute("SELECT count(*) FROM cases_citizen")
        with pytest.raises(CommandError, match=r"Somebody uses this system.*No row has been changed"):
            call_command("restore", backup)
    assert structure() == before


@IN_DATABASE
def test_what_else_the_database_refuses_is_not_called_somebody_who_uses_it(backup, monkeypatch):
    def fail(cursor, _names):
        cursor.execute("SET statement_timeout = 1; SELECT pg_sleep(1)")

    monkeypatch.setattr(restoring.tables, "truncate", fail)
    with pytest.raises(CommandError, match=r"refuses it \(QueryCanceled\)\. No row has been changed"):
        call_command("restore", backup)


def test_the_last_migrations_of_a_version_are_those_that_no_other_one_follows():
    loader = MigrationLoader(None)
    listed = ["evaluation.0001_initial", "evaluation.0002_paid_hours", "jobfirst.0001_initial"]
    assert restoring._last_of_each_app(loader, listed) == [
        ("evaluation", "0002_paid_hours"),
        ("jobfirst", "0001_initial"),
    ]
