"""Sealing the audit log: no row stays outside, and writing waits for nobody."""

import threading

import pghistory
import pytest
from django.db import connection, transaction
from pghistory.models import Context

from accounts.models import User
from audit.chain import tables
from audit.chain.sealing import seal
from audit.chain.verification import Progress as VerificationProgress
from audit.chain.verification import find_tampering
from audit.models import AccessOutcome, AccessRecord, ChainHead, HeadKind, SealedBatch
from tests.concurrency import BackgroundAction, run_at_once
from tests.factories import UserFactory
from tests.loops import some

ACCESS = "audit_accessrecord"


def record(action="page"):
    return AccessRecord.objects.create(action=action, outcome=AccessOutcome.SHOWN)


def findings():
    return [str(finding) for finding in find_tampering(VerificationProgress(), [])]


def sealed_ids(table=ACCESS):
    batches = SealedBatch.objects.filter(table=table)
    return [number for batch in batches for number in batch.row_ids]


@pytest.mark.django_db
def test_every_new_row_is_sealed_once():
    seal()
    first = [record().pk for _ in range(5)]
    assert seal(batch_rows=2).rows == 5
    second = [record().pk]
    seal()

    assert sealed_ids() == first + second
    assert [len(batch.row_ids) for batch in SealedBatch.objects.filter(table=ACCESS)] == [2, 2, 1, 1]
    assert findings() == []


@pytest.mark.django_db
def test_a_change_is_sealed_with_the_context_that_explains_it():
    with pghistory.context(user=7, url="/x/"):
        user = UserFactory()
    seal()

    assert sealed_ids("accounts_userevent")
    numbers = Context.objects.extra(select={"number": "audit_number"}).values_list("number", flat=True)
    assert sealed_ids("pghistory_context") == sorted(numbers)
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.django_db
def test_nothing_new_makes_no_batch_also_when_numbers_were_used_in_vain():
    record()
    seal()
    batches = SealedBatch.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('audit_accessrecord', 'id'))")
    assert seal().batches == 0
    assert SealedBatch.objects.count() == batches
    record()
    assert seal().batches == 1
    assert findings() == []


@pytest.mark.django_db
def test_the_head_is_recorded_with_what_was_sealed():
    record()
    seal()
    head, last = ChainHead.objects.get(kind=HeadKind.SEALED, number=1), SealedBatch.objects.first()
    assert bytes(head.batch_hash) == bytes(last.batch_hash)


@pytest.mark.django_db
def test_a_record_is_written_with_one_query_and_no_lock(django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        record()
    assert "INSERT INTO" in queries.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone() == (0,)


def seal_in_the_background(monkeypatch):
    """Return the action, and the event that it has read the numbers and seen who is writing."""
    has_begun, writers_now = threading.Event(), tables.writers

    def writers():
        present = writers_now()
        has_begun.set()
        return present

    monkeypatch.setattr(tables, "writers", writers)
    return BackgroundAction(lambda: seal(patience=60)), has_begun


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_committed_after_a_larger_number_was_sealed_is_sealed_as_well(monkeypatch):
    """The late one holds its number while the later one is committed: sealing waits for it."""
    seal()
    is_written, may_end = threading.Event(), threading.Event()

    def write_late():
        with transaction.atomic():
            late = record("late")
            is_written.set()
            may_end.wait(120)
        return late.pk

    writing = BackgroundAction(write_late)
    assert is_written.wait(30)
    early = record("early")
    assert seal(patience=0.2).waiting == [ACCESS]
    assert sealed_ids() == []

    sealing, has_begun = seal_in_the_background(monkeypatch)
    assert has_begun.wait(60)
    record("while sealing waits")  # is not kept waiting itself
    may_end.set()
    late = writing.join()
    assert sealing.join().waiting == []

    assert late < early.pk
    assert sealed_ids() == [late, early.pk]
    seal()
    assert len(sealed_ids()) == 3
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_rolled_back_rows_leave_a_gap_and_no_alarm():
    first = record()

    def write_in_vain():
        with transaction.atomic():
            record()
            transaction.set_rollback(True)

    run_at_once([write_in_vain])
    last = record()
    seal()
    assert last.pk == first.pk + 2
    assert sealed_ids() == [first.pk, last.pk]
    assert findings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.long
def test_while_many_write_each_row_is_sealed_once_and_none_is_called_inserted():
    """Six write, some in long transactions and some in vain; two seal all the while."""
    has_ended = threading.Event()

    def write(writer):
        def work():
            try:
                for turn in range(40):
                    with transaction.atomic():
                        for _ in range(1 + (writer + turn) % 4):
                            record(str(writer))
                        if (writer * turn) % 7 == 3:
                            transaction.set_rollback(True)
            finally:
                if writer == 0:
                    has_ended.set()

        return work

    def seal_repeatedly():
        differences = []
        while not has_ended.is_set():
            seal(batch_rows=7)
            differences += findings()
        return differences

    outcomes = run_at_once([*(write(number) for number in range(6)), seal_repeatedly, seal_repeatedly])
    assert outcomes == [None] * 6 + [[], []]
    seal()
    stored = list(AccessRecord.objects.order_by("pk").values_list("pk", flat=True))
    assert sealed_ids() == some(stored)
    assert findings() == []
