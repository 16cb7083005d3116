"""`migrate` gives way to people who use a table, and tries again."""

import pytest
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable, UndefinedTable

from jobfirst.migrating import locks as migration_locks
from jobfirst.migrating.locks import migrate_patiently
from tests.databases import owner_connection


class Migrate:
    """Fails so many times for this reason, and succeeds then."""

    def __init__(self, failures, reason=LockNotAvailable):
        self.failures = failures
        self.reason = reason
        self.calls = 0

    def __call__(self):
        self.calls += 1
        if self.calls <= self.failures:
            raise OperationalError from self.reason()


@pytest.mark.django_db
def test_a_table_in_use_is_tried_again():
    migrate, reports, pauses = Migrate(2), [], []
    migrate_patiently(connection, migrate, reports.append, pauses.append)
    assert migrate.calls == 3
    assert reports == ["A table is in use: trying again."] * 2
    assert pauses == [migration_locks.PAUSE_SECONDS] * 2


@pytest.mark.django_db
def test_it_ends_when_a_table_stays_in_use(monkeypatch):
    monkeypatch.setattr(migration_locks, "ATTEMPTS", 3)
    migrate = Migrate(5)
    with pytest.raises(OperationalError):
        migrate_patiently(connection, migrate, lambda text: None, lambda seconds: None)
    assert migrate.calls == 3


@pytest.mark.django_db
def test_another_error_is_raised_at_once():
    migrate = Migrate(5, UndefinedTable)
    with pytest.raises(OperationalError):
        migrate_patiently(connection, migrate, lambda text: None, lambda seconds: None)
    assert migrate.calls == 1


@pytest.mark.django_db(transaction=True)
def test_a_migration_waits_for_a_lock_for_some_seconds_only(monkeypatch):
    monkeypatch.setattr(migration_locks, "LOCK_SECONDS", 0.1)
    monkeypatch.setattr(migration_locks, "ATTEMPTS", 2)

    def migrate():
        with connection.cursor() as cursor:
            cursor.execute("SELECT FROM cases_citizen FOR SHARE")

    reports = []
    with owner_connection() as other, other.transaction():
        other.execute("LOCK TABLE cases_citizen IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OperationalError):
            migrate_patiently(connection, migrate, reports.append, lambda seconds: None)
    assert len(reports) == 1
