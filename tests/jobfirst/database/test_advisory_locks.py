"""Advisory locks (jobfirst/database/advisory_locks.py)."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from jobfirst.database.advisory_locks import LockKey, lock, lock_if_free, lock_part, session_lock
from tests.databases import owner_connection


def locks_held():
    """Return the advisory locks of this session: key (one or two numbers) and mode."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT classid, objid, objsubid, mode FROM pg_locks "
            "WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
        )
        rows = cursor.fetchall()
    # One key of 64 bits has the sub-id 1; two of 32 bits have 2.
    return {(((high << 32) + low,) if sub_id == 1 else (high, low), mode) for high, low, sub_id, mode in rows}


def test_the_numbers_stay_as_they_are():
    """Processes of two versions of the system must lock the same."""
    assert {key.name: key.value for key in LockKey} == {
        "AUDIT_CHAIN": 1_246_118_211,
        "AUDIT_HEAD_MAIL": 1_246_118_221,
        "COMPANIES": 1_246_118_742,
        "DEADLINES": 5_337_204,
        "ERASURES": 20_160_403,
        "ERASURE_LISTS": 20_160_404,
        "GRANT_TERMS": 20_160_401,
        "LEDGER": 0x4A464452,
        "LINKS": 1_246_121_035,
        "MIGRATIONS": 0x4A464D47,
        "PUBLICATION": 20_160_402,
        "REFERRALS": 0x4A465245,
        "USAGE": 0x4A465553,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("shared", "mode"), [(False, "ExclusiveLock"), (True, "ShareLock")])
@pytest.mark.parametrize("key", LockKey, ids=lambda key: key.name)
def test_a_lock_is_held_alone_or_shared(key, shared, mode):
    lock(key, shared=shared)
    assert locks_held() == {((key.value,), mode)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("is_theirs_shared", "is_ours_shared", "is_taken"),
    [(False, False, False), (False, True, False), (True, False, False), (True, True, True)],
)
def test_a_lock_that_somebody_has_is_refused_at_once(is_theirs_shared, is_ours_shared, is_taken):
    with owner_connection() as other, transaction.atomic():
        suffix = "_shared" if is_theirs_shared else ""
        other.execute(f"SELECT pg_advisory_lock{suffix}({LockKey.ERASURES.value})")
        assert lock_if_free(LockKey.ERASURES, shared=is_ours_shared) is is_taken


@pytest.mark.django_db(transaction=True)
def test_a_free_lock_is_taken_until_the_end_of_the_transaction():
    with transaction.atomic():
        assert lock_if_free(LockKey.ERASURES)
        assert locks_held() == {((LockKey.ERASURES.value,), "ExclusiveLock")}
    assert locks_held() == set()
    with pytest.raises(TransactionManagementError):
        lock_if_free(LockKey.ERASURES)


@pytest.mark.django_db
def test_a_part_is_another_lock_than_the_whole():
    lock_part(LockKey.REFERRALS, 7)
    assert locks_held() == {((LockKey.REFERRALS.value, 7), "ExclusiveLock")}


@pytest.mark.django_db(transaction=True)
def test_a_lock_ends_with_its_transaction_and_is_refused_without_one():
    with transaction.atomic():
        lock(LockKey.DEADLINES)
        assert locks_held()
    assert locks_held() == set()
    with pytest.raises(TransactionManagementError):
        lock(LockKey.DEADLINES)
    with pytest.raises(TransactionManagementError):
        lock_part(LockKey.REFERRALS, 7)


@pytest.mark.django_db(transaction=True)
def test_a_lock_of_the_session_is_held_over_transactions_and_released_at_the_end():
    with session_lock(LockKey.LEDGER):
        with transaction.atomic():
            connection.cursor().close()
        assert locks_held() == {((LockKey.LEDGER.value,), "ExclusiveLock")}
    assert locks_held() == set()
    with pytest.raises(ZeroDivisionError), session_lock(LockKey.LEDGER):
        raise ZeroDivisionError
    assert locks_held() == set()
