"""The advisory locks of PostgreSQL that the system takes, each with its key.

Locks by name, for tasks, are in `one_at_a_time`: their keys are hashes of 64 bits. PostgreSQL keeps a lock
of two keys (`lock_part`) apart from all locks of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum, unique

from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import TransactionManagementError


@unique
class LockKey(IntEnum):
    """What is locked. The numbers never change: processes of two versions may run at the same time."""

    #: New batches of the audit log's chain (`audit.chain.sealing`); whoever writes a record takes no lock.
    AUDIT_CHAIN = 0x4A464143
    #: The daily mail of that chain's head (`audit.chain.head_mail`).
    AUDIT_HEAD_MAIL = 0x4A46414D
    #: Companies that are taken over or put together, shared by whatever is new at one (`companies.actions`).
    COMPANIES = 0x4A464356
    #: New deadlines, rounds of reminders, and the check of them (`reminders.deadlines`).
    DEADLINES = 5_337_204
    #: Carrying out what is to be erased, alone; shared by whoever makes a list (`rights.erasure`).
    ERASURES = 20_160_403
    #: New lists of what is to be erased, one at a time (`rights.erasure.runs`).
    ERASURE_LISTS = 20_160_404
    #: New terms or periods, and the reckonings with them (`grants.storage.stored_events`).
    GRANT_TERMS = 20_160_401
    #: The ledger of the draw, one for the whole trial (`randomization.ledger.lock`).
    LEDGER = 0x4A464452
    #: A family of signed links, by its hash (`accounts.links.actions`).
    LINKS = 0x4A464C4B
    #: A `migrate` that is under way, shared by all of them (`jobfirst.management.commands.migrate`).
    MIGRATIONS = 0x4A464D47
    #: The figures that are published to the agency (`evaluation.publication`).
    PUBLICATION = 20_160_402
    #: Referrals: those of a file, and single ones (`cases.actions.referral`).
    REFERRALS = 0x4A465245
    #: What one person does is counted one request after the other (`audit.limits`), by the user's number.
    USAGE = 0x4A465553


def lock(key: LockKey, *, shared: bool = False) -> None:
    """Take the lock until the end of the transaction; `shared` together with others who share it.

    TransactionManagementError outside a transaction, where the lock would end at once.
    """
    _lock(key, shared=shared)


def lock_part(key: LockKey, part: int) -> None:
    """Take the lock of a part (a number of 32 bits) until the end of the transaction.

    It excludes only those who lock the same part: `lock` of the key is another lock.
    """
    _lock(key, part)


def lock_if_free(key: LockKey, *, shared: bool = False) -> bool:
    """Take the lock until the end of the transaction, or return False when somebody has it. Never waits.

    For requests, where somebody may hold the lock for minutes. TransactionManagementError as in `lock`.
    """
    _require_transaction()
    suffix = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock{suffix}(%s)", [int(key)])
        is_taken: bool = cursor.fetchone()[0]
    return is_taken


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise TransactionManagementError("an advisory lock ends with its transaction: there is none")


def _lock(*numbers: int, shared: bool = False) -> None:
    _require_transaction()
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        placeholders = ", ".join(["%s"] * len(numbers))
        cursor.execute(f"SELECT {function}({placeholders})", [int(number) for number in numbers])


@contextmanager
def session_lock(
    key: LockKey, *, shared: bool = False, on: BaseDatabaseWrapper | None = None
) -> Iterator[None]:
    """Hold the lock in the block, over several transactions; released when the database session dies.

    `shared` together with others who share it; `on` the session of another connection than the default one.
    """
    suffix = "_shared" if shared else ""
    with (on or connection).cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock{suffix}(%s)", [int(key)])
        try:
            yield
        finally:
            # A session that has died holds no lock any more.
            with suppress(OperationalError, InterfaceError):
                cursor.execute(f"SELECT pg_advisory_unlock{suffix}(%s)", [int(key)])


def is_free(key: LockKey) -> bool:
    """Whether nobody holds the lock at this moment. Does not wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(key)])
        free: bool = cursor.fetchone()[0]
    return free
