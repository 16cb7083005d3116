"""The ledger only grows, whoever asks, and holds no future arm anywhere."""

import base64
import contextlib
import threading
from functools import partial

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from randomization.draw import blocks
from randomization.draw.actions import draw_project
from randomization.draw.commitments import leaf
from randomization.ledger import chain
from randomization.ledger.actions import record_event
from randomization.models import Allocation, AllocationEvent, Claim, Commitment, Stratum
from rights.models import RetentionRule
from tests.concurrency import SOON, run_at_once
from tests.databases import owner_connection
from tests.factories import DRAWN_ON, AllocationFactory, ReferralFactory, UserFactory

TABLES = [model._meta.db_table for model in (Commitment, Stratum, Claim, Allocation, AllocationEvent)]
CHANGES = ("UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE")


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", CHANGES)
def test_the_applications_role_has_no_right_to_change_it(aalborg, refer_citizens, demonstration, table, sql):
    refer_citizens(2)
    allocation, _ = draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations
    record_event(allocation, "moved", DRAWN_ON, "x", UserFactory())

    with pytest.raises(DatabaseError, match="permission denied"):
        execute(sql.format(table))


@pytest.mark.django_db(transaction=True)
def test_the_owner_is_refused_by_triggers(aalborg, refer_citizens, demonstration):
    refer_citizens(2)
    allocation, _ = draw_project(aalborg, DRAWN_ON, shares=demonstration).allocations
    record_event(allocation, "moved", DRAWN_ON, "x", UserFactory())

    with owner_connection() as connection:
        for table in TABLES:
            for sql in CHANGES:
                with pytest.raises(psycopg.errors.RaiseException, match="pgtrigger: Cannot"):
                    connection.execute(sql.format(table))


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"sequence": 4}, "out of turn"),
        ({"sequence": 2}, "out of turn"),
        ({"previous_hash": chain.START}, "does not continue the chain"),
        ({"slot": 9}, "not what was claimed"),
        ({"allocated_on": DRAWN_ON}, "not what was claimed"),
    ],
)
def test_a_row_out_of_turn_is_refused_by_the_database(db, change, match):
    first, second = AllocationFactory(), AllocationFactory()
    referral = ReferralFactory(project=first.project)
    claim = Claim.objects.create(
        referral=referral,
        citizen=referral.citizen,
        project=referral.project,
        stratum=first.stratum,
        slot=2,
        claimed_on=second.allocated_on.replace(day=7),
    )
    values = {
        "sequence": 3,
        "claim": claim,
        "referral": referral,
        "citizen": referral.citizen,
        "project": referral.project,
        "stratum": claim.stratum,
        "pseudonym": referral.citizen.pseudonym,
        "project_slug": referral.project.slug,
        "slot": 2,
        "arm": blocks.CONTROL,
        "allocated_on": claim.claimed_on,
        "drawn_at": second.drawn_at,
        "nonce": bytes(32),
        "path": [],
        "previous_hash": bytes(second.row_hash),
        "row_hash": b"h" * 32,
    }

    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        Allocation.objects.create(**{**values, **change})
    assert Allocation.objects.create(**values).sequence == 3


def test_a_slot_out_of_turn_is_refused_by_the_database(db):
    first = AllocationFactory()
    referral = ReferralFactory(project=first.project)
    for slot in (1, 3):
        with pytest.raises(DatabaseError, match="out of turn"), transaction.atomic():
            Claim.objects.create(
                referral=referral,
                citizen=referral.citizen,
                project=referral.project,
                stratum=first.stratum,
                slot=slot,
                claimed_on=DRAWN_ON,
            )


@pytest.mark.django_db(transaction=True)
def test_two_claims_at_once_never_have_the_same_slot():
    """Neither sees the other's row, so that the trigger lets both pass: the index refuses the second."""
    first = AllocationFactory()
    referrals = [ReferralFactory(project=first.project) for _number in range(2)]
    both_wrote = threading.Barrier(2)

    def claim(referral):
        with transaction.atomic():
            Claim.objects.create(
                referral=referral,
                citizen=referral.citizen,
                project=referral.project,
                stratum=first.stratum,
                slot=2,
                claimed_on=DRAWN_ON,
            )
            with contextlib.suppress(threading.BrokenBarrierError):
                both_wrote.wait(SOON)

    outcomes = run_at_once([partial(claim, referral) for referral in referrals])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IntegrityError", "NoneType"]
    assert Claim.objects.filter(stratum=first.stratum, slot=2).count() == 1


def test_no_future_arm_in_any_table_or_log(
    aalborg, refer_citizens, system_shares, draw_within_transaction, caplog
):
    """What a dump of the database would hold: no share, no key, no nonce and no leaf of a slot to come."""
    refer_citizens(10)
    with caplog.at_level("DEBUG"):
        draw_project(aalborg, DRAWN_ON)
    dump = dump_database() + caplog.text

    stratum = Stratum.objects.get(target_group="resource_programme")
    committed_list = system_shares.committed_list(stratum.label, stratum.capacity)
    assert committed_list.nonce(10).hex() in dump
    siblings = {step.hex() for row in Allocation.objects.all() for step in map(bytes, row.path)}
    for slot in range(11, 500):
        assert committed_list.nonce(slot).hex() not in dump
        sealed = leaf(stratum.label, slot, committed_list.arm(slot), committed_list.nonce(slot)).hex()
        assert sealed not in dump or sealed in siblings
    for secret in (system_shares.agency, system_shares.operator, system_shares.key(stratum.label)):
        assert secret.hex() not in dump
        assert base64.urlsafe_b64encode(secret).decode() not in dump
        assert base64.b64encode(secret).decode() not in dump
    assert Allocation.objects.count() == 10
    rules = RetentionRule.objects.filter(kind__in=["participant", "control"]).count()  # named alike
    assert dump.count("\tparticipant\t") + dump.count("\tcontrol\t") == 10 + rules


def dump_database():
    """Return every row of every table that the application can read, as text."""
    tables = connection.introspection.table_names()
    parts = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
            if cursor.fetchone()[0]:
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                    parts += [bytes(part).decode() for part in copy]
    return "".join(parts)


def test_a_municipality_and_a_target_group_are_one_stratum(aalborg, refer_citizens, demonstration):
    refer_citizens(1)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)
    stratum = Stratum.objects.first()
    twin = Stratum(
        municipality=stratum.municipality,
        target_group=stratum.target_group,
        commitment=stratum.commitment,
        root=stratum.root,
    )
    with pytest.raises(DatabaseError, match="randomization_stratum_once"), transaction.atomic():
        twin.save()


def test_block_sizes_are_stored_nowhere(db):
    for model in (Commitment, Stratum, Claim, Allocation):
        names = {field.name for field in model._meta.get_fields()}
        assert not {name for name in names if "block" in name or "size" in name or "seed" in name} - {
            "demo_seed"
        }
