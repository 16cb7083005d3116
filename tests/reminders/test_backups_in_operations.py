"""The page of operations shows how old the last copy of the data is."""

import datetime

import pytest

from audit.access import record_backup
from jobfirst import clock
from reminders.operations import backups


@pytest.fixture
def archiver(monkeypatch):
    """Return a function that lets the server answer so about its archiving."""

    def answer(is_archiving, archived_at, failed_at=None):
        row = f"""
            SELECT {is_archiving}, {_moment(archived_at)}, {_moment(failed_at)}
        """
        monkeypatch.setattr(backups, "_ARCHIVER", row)

    return answer


def _moment(moment):
    return "NULL::timestamptz" if moment is None else f"'{moment.isoformat()}'::timestamptz"


@pytest.mark.django_db
def test_without_any_backup_the_page_says_so():
    status = backups.backup_status()
    assert (status.made_at, status.is_archiving, status.is_late) == (None, False, False)


@pytest.mark.django_db
def test_the_last_backup_by_command_is_shown(archiver):
    record = record_backup()
    record.refresh_from_db()  # dated by the database
    assert backups.backup_status().made_at == record.at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "failed", "is_late"),
    [(3, False, False), (11, False, True), (3, True, True), (None, False, True)],
)
def test_archiving_that_is_old_or_fails_is_behind(archiver, minutes, failed, is_late):
    now = clock.now()
    archived_at = None if minutes is None else now - datetime.timedelta(minutes=minutes)
    archiver(True, archived_at, now if failed else None)
    status = backups.backup_status()
    assert (status.is_archiving, status.archived_at, status.is_late) == (True, archived_at, is_late)
