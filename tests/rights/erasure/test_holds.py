"""A legal hold keeps a citizen's data, whatever the rules and two persons say."""

import datetime
import importlib
import json

import pytest
from django.apps import apps
from django.core.management import call_command

from cases.models import Citizen
from rights.erasure import runs
from rights.erasure.due import due_citizens
from rights.models import LegalHold
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(project):
    return ReferralFactory(project=project, state="refused", reasons=["under_30"])


def hold(citizen, **fields):
    return LegalHold.objects.create(
        citizen=citizen, kind="complaint", reason="Klage", placed_by=UserFactory(), **fields
    )


def blockers():
    (citizen,) = due_citizens(LONG_AFTER)
    return list(citizen.blockers)


def test_a_hold_blocks_and_is_named(referral, administrator):
    hold(referral.citizen)
    assert blockers() == ["legal_hold"]
    assert runs.proposable(administrator, LONG_AFTER) == {}


def test_a_hold_blocks_until_its_last_day(referral):
    hold(referral.citizen, until_on=LONG_AFTER)
    assert blockers() == ["legal_hold"]
    LegalHold.objects.update(until_on=LONG_AFTER - datetime.timedelta(days=1))
    assert blockers() == []


def test_the_leader_places_a_hold_and_an_administrator_lifts_it(client, referral, leader, administrator):
    client.force_login(leader)
    client.post(
        f"/opbevaring/henvisning/{referral.public_id}/tilbagehold/",
        {"kind": "complaint", "reason": "Klage over afslaget"},
    )
    placed = LegalHold.objects.get()
    client.force_login(administrator)
    page = client.get("/opbevaring/tilbagehold/").content.decode()
    assert referral.citizen.pseudonym in page
    assert referral.name not in page
    client.post(f"/opbevaring/tilbagehold/{placed.public_id}/ophaev/", {"reason": "Klagen er afgjort"})
    placed.refresh_from_db()
    assert (placed.lifted_by, placed.lifted_reason) == (administrator, "Klagen er afgjort")
    assert blockers() == []


def test_a_leader_of_another_project_that_knows_the_citizen_neither_reads_nor_lifts_it(client, referral):
    ours, theirs = (ProjectFactory() for _project in range(2))
    our_leader, their_leader = (
        UserFactory(project=project, roles=["project_leader"]) for project in (ours, theirs)
    )
    for project in (ours, theirs):
        ReferralFactory(project=project, citizen=referral.citizen, state="refused", reasons=["under_30"])
    placed = LegalHold.objects.create(
        citizen=referral.citizen,
        project=ours,
        kind="complaint",
        reason="Klagesag i byen",
        placed_by=UserFactory(),
    )
    client.force_login(their_leader)
    assert "Klagesag" not in client.get("/opbevaring/tilbagehold/").content.decode()
    assert client.get(f"/opbevaring/tilbagehold/{placed.public_id}/ophaev/").status_code == 404
    client.force_login(our_leader)
    assert client.get(f"/opbevaring/tilbagehold/{placed.public_id}/ophaev/").status_code == 200


def test_earlier_holds_become_those_of_the_project_of_the_referral_or_of_who_placed_them(referral):
    elsewhere = ReferralFactory(state="refused", reasons=["under_30"])
    ReferralFactory(citizen=elsewhere.citizen, state="refused", reasons=["under_30"])
    leader = UserFactory(project=elsewhere.project, roles=["project_leader"])
    of_one, of_placer, of_nobody = (
        LegalHold.objects.create(citizen=citizen, kind="complaint", reason="Klage", placed_by=by)
        for citizen, by in (
            (referral.citizen, UserFactory()),
            (elsewhere.citizen, leader),
            (elsewhere.citizen, UserFactory()),
        )
    )
    migration = importlib.import_module("rights.migrations.0007_projects_of_earlier_holds")
    migration.find_projects(apps, None)
    projects = dict(LegalHold.objects.values_list("pk", "project"))
    assert projects[of_one.pk] == referral.project_id
    assert projects[of_placer.pk] == elsewhere.project_id
    assert projects[of_nobody.pk] is None


@pytest.mark.django_db(transaction=True)
def test_a_hold_placed_after_the_approval_keeps_the_data(referral, approve, capsys):
    approve()
    hold(referral.citizen)
    capsys.readouterr()
    call_command("erase", on=LONG_AFTER.isoformat())
    assert json.loads(capsys.readouterr().out)["left"] == {referral.citizen.pseudonym: "legal_hold"}
    assert Citizen.objects.get().erased_on is None
