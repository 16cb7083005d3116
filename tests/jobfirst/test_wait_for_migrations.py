"""`wait_for_migrations`: the web server of a new version begins when its tables are there, and not before."""

import pytest
from django.core.management import call_command
from django.db import OperationalError

from jobfirst.database.advisory_locks import LockKey, session_lock
from jobfirst.management.commands import wait_for_migrations
from jobfirst.management.commands.wait_for_migrations import why_not_ready
from jobfirst.monitoring import checks
from tests.concurrency import BackgroundAction
from tests.databases import owner_connection


@pytest.mark.django_db
def test_it_ends_at_once_when_everything_is_there(monkeypatch, capsys):
    monkeypatch.setattr(wait_for_migrations.time, "sleep", None)
    call_command("wait_for_migrations")
    assert capsys.readouterr() == ("", "")


@pytest.mark.django_db
def test_it_says_once_what_it_waits_for_and_ends_when_that_is_there(monkeypatch, capsys):
    answers = iter(["the first.", "the first.", "the second.", ""])
    pauses = []
    monkeypatch.setattr(wait_for_migrations, "why_not_ready", lambda: next(answers))
    monkeypatch.setattr(wait_for_migrations.time, "sleep", pauses.append)
    call_command("wait_for_migrations")
    assert capsys.readouterr().err.splitlines() == ["Waiting: the first.", "Waiting: the second."]
    assert pauses == [wait_for_migrations.PAUSE_SECONDS] * 3


@pytest.mark.django_db
def test_a_migration_that_is_not_applied_is_waited_for(monkeypatch):
    newest = checks.newest_migrations()
    monkeypatch.setattr(checks, "newest_migrations", lambda: newest | {("cases", "9999_not_there_yet")})
    assert "lacks migrations" in why_not_ready()


@pytest.mark.django_db
def test_the_rights_that_migrate_grants_after_the_last_migration_are_waited_for():
    with owner_connection() as owner:
        owner.execute("SELECT pg_advisory_lock_shared(%s)", [int(LockKey.MIGRATIONS)])
        assert "under way" in why_not_ready()
    assert why_not_ready() == ""


@pytest.mark.django_db(transaction=True)
def test_migrate_holds_the_lock_until_its_end(monkeypatch):
    from jobfirst.management.commands import migrate

    seen = []
    build_walls = migrate.build_walls

    def looking(*arguments):
        seen.append(BackgroundAction(why_not_ready).join())
        build_walls(*arguments)

    monkeypatch.setattr(migrate, "build_walls", looking)
    call_command("migrate", verbosity=0)
    assert seen == ["a `migrate` is under way."]
    assert why_not_ready() == ""


@pytest.mark.django_db(transaction=True)
def test_a_table_that_has_no_wall_yet_is_waited_for():
    with owner_connection() as owner:
        owner.execute("ALTER TABLE cases_course DISABLE ROW LEVEL SECURITY")
        assert "cases_course has no row-level security" in why_not_ready()
        owner.execute("ALTER TABLE cases_course ENABLE ROW LEVEL SECURITY")
    assert why_not_ready() == ""


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_waited_for(monkeypatch):
    def fail(_now):
        raise OperationalError

    monkeypatch.setattr(wait_for_migrations, "are_migrations_applied", fail)
    monkeypatch.setattr(wait_for_migrations.connection, "close", lambda: None)
    assert "OperationalError" in why_not_ready()


@pytest.mark.django_db(transaction=True)
def test_those_who_migrate_share_the_lock():
    with session_lock(LockKey.MIGRATIONS, shared=True), owner_connection() as owner:
        assert owner.execute(
            "SELECT pg_try_advisory_lock_shared(%s)", [int(LockKey.MIGRATIONS)]
        ).fetchone() == (True,)
