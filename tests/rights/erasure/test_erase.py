"""`erase` removes what two persons approved, history included, and nothing else."""

import json

import pytest
from django.core.management import call_command
from django.db import connection
from pghistory.models import Context

from audit.access import record_shown
from audit.chain.sealing import seal
from audit.models import AccessRecord, ErasedRows
from cases.models import Citizen, Referral
from jobfirst.encryption import crypto
from rights.erasure.lists import list_path
from rights.models import Erasure, ErasureItem
from rights.report.coverage import stored_models
from tests.factories import ReferralFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db(transaction=True)


def erase(capsys, **options):
    """Run the command and return its JSON."""
    capsys.readouterr()
    call_command("erase", on=LONG_AFTER.isoformat(), **options)
    return json.loads(capsys.readouterr().out)


def refused(project, **fields):
    return ReferralFactory(project=project, state="refused", reasons=["under_30"], **fields)


def whole_database():
    """Every row of every table as text, but for the hashes of the chain."""
    texts = []
    with connection.cursor() as cursor:
        for model in stored_models():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{model._meta.db_table}" t')
            texts += [f"{model._meta.label} {row}" for (row,) in cursor.fetchall()]
    return texts


def rows_with(*values):
    return [row for row in whole_database() if any(value in row for value in values)]


def test_nothing_is_erased_without_approval(project, administrator, capsys):
    referral = refused(project, name="Rikke Afvist")
    document = erase(capsys)
    assert (document["kinds"][0]["due"], document["erased"]) == (1, 0)
    referral.refresh_from_db()
    assert referral.name == "Rikke Afvist"


def test_a_dry_run_erases_nothing_that_is_approved(project, approve, capsys):
    referral = refused(project, name="Rikke Afvist")
    approve()
    assert erase(capsys, dry_run=True)["erased"] == 0
    referral.refresh_from_db()
    assert referral.name == "Rikke Afvist"


def test_whoever_was_refused_long_ago_is_found_nowhere_in_the_database(project, approve, capsys):
    referral = refused(project, name="Rikke Afvist", source_id="sag-4711")
    citizen = referral.citizen
    Referral.objects.filter(pk=referral.pk).update(name="Rikke Afvist-Jensen")
    record_shown(UserFactory(), "referral", [citizen.public_id], reason="Fordi")
    cpr = citizen.cpr
    approve()
    assert erase(capsys)["erased"] == 1
    known = ("Rikke", "sag-4711", str(citizen.public_id), citizen.pseudonym, bytes(citizen.cpr_lookup).hex())
    assert rows_with(*known) == []
    assert not Citizen.objects.with_cpr(cpr).exists()


def test_the_flow_still_counts_her(project, approve, capsys):
    referral = refused(project)
    approve()
    erase(capsys)
    referral.refresh_from_db()
    assert (referral.state, referral.reasons, referral.project) == ("refused", ["under_30"], project)


def test_the_made_up_number_is_nobodys_and_has_the_year_of_birth(project, approve, capsys):
    referral = refused(project)
    year = referral.citizen.cpr[4:6]
    approve()
    erase(capsys)
    citizen = Citizen.objects.get(pk=referral.citizen_id)
    assert (citizen.cpr[4:6], citizen.cpr[7:]) == (year, "000")
    assert bytes(citizen.cpr_lookup) != crypto.lookup_hash(citizen.cpr)


def test_another_citizen_is_left_as_she_was(project, approve, capsys):
    mine, other = refused(project), ReferralFactory(name="Anna Anden")
    AccessRecord.objects.create(
        action="list", outcome="shown", citizens=[mine.citizen.public_id, other.citizen.public_id]
    )
    before = rows_with("Anna Anden")
    approve()
    erase(capsys)
    assert rows_with("Anna Anden") == before
    assert AccessRecord.objects.get(action="list").citizens == [other.citizen.public_id]


def test_the_audit_log_expects_the_erased_rows_and_names_any_other(project, approve, capsys):
    referral = refused(project)
    record_shown(UserFactory(), "referral", [referral.citizen.public_id])
    seal()
    approve()
    erase(capsys)
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0
    record = ErasedRows.objects.get(table="audit_accessrecord")
    ErasedRows.objects.filter(pk=record.pk)
    assert record.reason == "refused"


def test_a_row_that_nobody_approved_is_still_named(project, approve, capsys, owner_delete):
    referral, other = refused(project), ReferralFactory()
    seal()
    approve()
    erase(capsys)
    number = owner_delete("cases_referralevent", f"pgh_obj_id = {other.pk}")
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 1
    assert f"cases_referralevent {number}: the row was removed" in capsys.readouterr().err
    assert referral.pk


def test_the_list_of_erasures_has_no_personal_data(project, approve, capsys):
    referral = refused(project, name="Rikke Afvist")
    approve()
    erase(capsys)
    (line,) = [json.loads(text) for text in list_path().read_text().splitlines()]
    assert set(line) == {
        *("number", "kind", "on", "subject", "run", "proposed_by", "approved_by", "erased_at")
    }
    assert str(referral.citizen.public_id) not in list_path().read_text()
    assert Erasure.objects.get().number == 1


def test_a_citizen_who_was_changed_since_the_list_was_made_is_left_out(project, approve, capsys):
    referral = refused(project, name="Rikke Afvist")
    approve()
    Referral.objects.filter(pk=referral.pk).update(name="Rikke Rettet")
    document = erase(capsys)
    assert document["left"] == {referral.citizen.pseudonym: "changed"}
    assert ErasureItem.objects.get().state == "left"
    referral.refresh_from_db()
    assert referral.name == "Rikke Rettet"


def test_a_refused_citizen_who_is_referred_anew_is_left_out(project, approve, capsys):
    referral = refused(project)
    approve()
    ReferralFactory(citizen=referral.citizen, project=project, referred_on=LONG_AFTER)
    assert erase(capsys)["left"] == {referral.citizen.pseudonym: "not_due"}


def test_contexts_of_the_history_that_led_to_her_are_gone(project, approve, capsys, client, administrator):
    import pghistory

    with pghistory.context(user=administrator.pk, url="/henvisninger/ny/"):
        refused(project)
    assert Context.objects.filter(metadata__url="/henvisninger/ny/").exists()
    approve()
    erase(capsys)
    assert not Context.objects.filter(metadata__url="/henvisninger/ny/").exists()
