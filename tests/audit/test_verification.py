"""verify_audit_log finds what somebody with the database in their hands has changed, and names it."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.chain import hashing
from audit.chain.sealing import seal
from audit.chain.verification import MESSAGES
from audit.models import AccessOutcome, AccessRecord, ChainHead, HeadKind, SealedBatch
from tests.databases import owner_connection
from tests.factories import UserFactory


def run(*arguments):
    """Return the exit code of the command, its output, and what it names."""
    output, errors = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ending:
        call_command("verify_audit_log", *arguments, stdout=output, stderr=errors, no_color=True)
    return ending.value.code, output.getvalue(), errors.getvalue().splitlines()


def record(count=1):
    return [AccessRecord.objects.create(action="page", outcome=AccessOutcome.SHOWN).pk for _ in range(count)]


@pytest.fixture
def head(tmp_path):
    """Return a function that exports the head to a file."""

    def export(name="head.json"):
        call_command("export_audit_head", output=tmp_path / name)
        return tmp_path / name

    return export


@pytest.mark.django_db
def test_an_untouched_log_is_verified_and_the_outcome_recorded():
    UserFactory()
    record(3)
    seal()

    code, output, named = run()

    assert (code, named) == (0, [])
    assert output.startswith("verified: ")
    last = ChainHead.objects.filter(kind=HeadKind.VERIFIED).last()
    assert (last.findings, last.number) == (0, SealedBatch.objects.last().number)


@pytest.mark.django_db
def test_an_empty_log_is_verified():
    assert run()[0] == 0


@pytest.mark.django_db
def test_what_is_new_is_sealed_after_the_check():
    pks = record(2)
    code, output, _named = run("--format", "json")
    report = json.loads(output)
    assert code == 0
    assert report["newly_sealed"] >= 2
    assert SealedBatch.objects.get(table="audit_accessrecord").row_ids == pks


@pytest.mark.django_db
def test_a_check_that_only_reads_writes_nothing():
    record(2)
    assert run("--read-only")[0] == 0
    assert not SealedBatch.objects.exists()
    assert not ChainHead.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_no_head_is_refused(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    with pytest.raises(CommandError, match="is not the head"):
        call_command("verify_audit_log", head=[tmp_path / "x.json"])


@pytest.mark.django_db
def test_a_head_that_is_not_there_says_so(tmp_path):
    missing = tmp_path / "nowhere" / "head.json"
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("verify_audit_log", head=[missing])


@pytest.mark.django_db
def test_a_head_is_not_written_to_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        call_command("export_audit_head", output=tmp_path / "nowhere" / "head.json")


@pytest.mark.django_db(transaction=True)
def test_a_column_that_is_added_later_changes_no_sealed_row():
    record(2)
    seal()
    with owner_connection() as owner:
        owner.execute("ALTER TABLE audit_accessrecord ADD COLUMN later text DEFAULT 'x'")
    assert run("--read-only")[::2] == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_was_cut_is_found_by_the_recorded_heads_and_one_written_anew_by_a_kept_one(head):
    """Whoever cuts the chain must remove the heads as well; against that only a head kept elsewhere helps."""
    record(2)
    seal()
    earlier = head()
    last_pk = record(2)[-1]
    seal()
    later = head("later.json")
    assert run("--head", str(earlier), "--head", str(later))[0] == 0

    with owner_connection() as owner:
        for table in ("audit_sealedbatch", "audit_chainhead", "audit_accessrecord"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        last = SealedBatch.objects.last().number
        owner.execute("DELETE FROM audit_sealedbatch WHERE number = %s", [last])
        code, _output, named = run("--read-only")
        assert code == 1
        assert named == [
            f"chain {last}: the chain ends before a head that was recorded: batches were removed"
        ]

        owner.execute("DELETE FROM audit_chainhead WHERE number = %s", [last])
        assert run("--read-only")[0] == 0
        assert run("--read-only", "--head", str(earlier))[0] == 0
        assert run("--read-only", "--head", str(later))[::2] == (1, named)

        owner.execute("UPDATE audit_accessrecord SET action = 'other' WHERE id = %s", [last_pk])
        seal()
        assert run("--read-only")[0] == 0
        code, _output, named = run("--read-only", "--head", str(later))
        assert code == 1
        assert named == [
            f"chain {last}: the chain has another hash here than a head that was recorded: it was rewritten"
        ]


@pytest.mark.django_db
def test_a_head_from_before_the_first_batch_is_part_of_every_chain(head):
    before = head()
    assert json.loads(before.read_text())["number"] == 0
    assert run("--head", str(before))[::2] == (0, [])
    record(2)
    seal()
    assert run("--head", str(before))[::2] == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_batch_rewritten_with_fewer_hashes_than_rows_is_named():
    """Also when its own hash was computed anew: it fits, but says nothing of the last row."""
    record(2)
    seal()
    batch = SealedBatch.objects.get(table="audit_accessrecord")
    shortened = bytes(batch.row_hashes)[: -hashing.HASH_LENGTH]
    content = hashing.BatchContent(
        **{name: getattr(batch, name) for name in ("number", "table", "columns", "after", "upto")},
        sealed_at=batch.sealed_at,
        row_ids=batch.row_ids,
        row_hashes=shortened,
    )
    with owner_connection() as owner:
        for table in ("audit_sealedbatch", "audit_chainhead"):
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute("DELETE FROM audit_chainhead")
        owner.execute(
            "UPDATE audit_sealedbatch SET row_hashes = %s, batch_hash = %s WHERE number = %s",
            [shortened, hashing.batch_hash(bytes(batch.previous_hash), content), batch.number],
        )
    code, _output, named = run("--read-only")
    assert code == 1
    assert f"chain {batch.number}: {MESSAGES['batch_changed']}" in named


@pytest.mark.django_db(transaction=True)
def test_a_log_that_was_emptied_has_every_row_named():
    pks = record(3)
    seal()
    with owner_connection() as owner:
        owner.execute("TRUNCATE audit_accessrecord")
    code, _output, named = run("--read-only")
    assert code == 1
    assert named == [f"audit_accessrecord {pk}: the row was removed" for pk in pks]
    assert connection.is_usable()
