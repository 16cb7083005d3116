"""A list of citizens to be erased needs two persons, and is the list that the second one saw."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Project
from rights.erasure import runs
from rights.models import ErasureItem, ErasureRun, LegalHold, RetentionRule, RunState
from tests.factories import CourseFactory, ProjectFactory, ReferralFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(project, administrator):
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    return runs.propose(administrator, project.pk, LONG_AFTER)


def test_whoever_proposed_the_list_cannot_approve_it(run, administrator):
    with pytest.raises(ValidationError):
        runs.decide(run, administrator, RunState.APPROVED, run.content_hash)


def test_the_database_refuses_one_person_as_both(run, administrator):
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRun.objects.filter(pk=run.pk).update(state="approved", decided_by=administrator)


def test_another_list_than_was_seen_is_not_approved(run, leader):
    with pytest.raises(ValidationError):
        runs.decide(run, leader, RunState.APPROVED, "0" * 64)


def test_a_list_to_which_somebody_was_added_is_not_approved(run, leader):
    stranger = ReferralFactory().citizen
    ErasureItem.objects.create(
        run=run, kind="refused", subject=stranger.public_id, begins_on=LONG_AFTER, due_on=LONG_AFTER
    )
    with pytest.raises(ValidationError):
        runs.decide(run, leader, RunState.APPROVED, run.content_hash)


def test_an_old_list_is_not_approved(run, leader):
    ErasureRun.objects.filter(pk=run.pk).update(proposed_at=run.proposed_at - datetime.timedelta(days=31))
    with pytest.raises(ValidationError):
        runs.decide(run, leader, RunState.APPROVED, run.content_hash)


def test_a_list_is_decided_once(run, leader):
    runs.decide(run, leader, RunState.WITHDRAWN, "")
    with pytest.raises(ValidationError):
        runs.decide(run, leader, RunState.APPROVED, run.content_hash)


def test_nobody_stands_on_two_lists(run, project, administrator):
    with pytest.raises(ValidationError):
        runs.propose(administrator, project.pk, LONG_AFTER)


def test_a_leader_lists_the_citizens_of_the_led_project_alone(project, leader):
    other = ProjectFactory()
    ReferralFactory(project=other, state="refused", reasons=["under_30"])
    with pytest.raises(ValidationError):
        runs.propose(leader, other.pk, LONG_AFTER)


def test_a_longer_period_holds_from_its_day(project, administrator):
    ReferralFactory(project=project, state="refused", reasons=["under_30"], referred_on="2016-03-15")
    RetentionRule.objects.create(
        kind="refused", valid_from=datetime.date(2017, 1, 1), months=240, reason="Klagesager"
    )
    assert runs.proposable(administrator, datetime.date(2020, 1, 1)) == {}


def test_a_course_that_runs_in_a_running_project_is_not_due(project, administrator):
    CourseFactory(project_for=project)
    Project.objects.filter(pk=project.pk).update(ends_on=LONG_AFTER)
    assert runs.proposable(administrator, LONG_AFTER) == {}


def test_the_pages_carry_a_list_from_the_proposal_to_the_approval(client, project, administrator, leader):
    ReferralFactory(project=project, state="refused", reasons=["under_30"])
    client.force_login(administrator)
    response = client.post("/opbevaring/forslag/", {"project": project.slug})
    run = ErasureRun.objects.get()
    assert response.url == f"/opbevaring/forslag/{run.public_id}/"
    client.force_login(leader)
    page = client.get(response.url)
    assert run.content_hash in page.content.decode()
    client.post(f"{response.url}godkend/", {"hash": run.content_hash})
    run.refresh_from_db()
    assert (run.state, run.decided_by) == ("approved", leader)


def test_the_overview_shows_counts_and_no_names(client, project, administrator):
    ReferralFactory(project=project, state="refused", reasons=["under_30"], name="Rikke Afvist")
    client.force_login(administrator)
    page = client.get("/opbevaring/").content.decode()
    assert project.name in page
    assert "Rikke" not in page


def test_the_list_of_another_project_is_not_there(client, run):
    stranger = UserFactory(project=ProjectFactory(), roles=["project_leader"])
    client.force_login(stranger)
    assert client.get(f"/opbevaring/forslag/{run.public_id}/").status_code == 404
    assert client.post(f"/opbevaring/forslag/{run.public_id}/godkend/").status_code == 404


def test_an_administrator_enters_a_rule_and_the_database_keeps_it(client, administrator):
    client.force_login(administrator)
    rule = {"kind": "refused", "valid_from": "2027-01-01", "months": "24", "reason": "Besluttet af ledelsen"}
    client.post("/opbevaring/regel/", rule)
    stored = RetentionRule.objects.get(valid_from="2027-01-01")
    assert (stored.months, stored.entered_by) == (24, administrator)


def test_the_overview_says_of_each_that_is_due_what_becomes_of_it(client, project, administrator):
    """The numbers add up: on a list, blocked (once, whatever blocks it), and free for the next list."""
    citizens = [
        ReferralFactory(project=project, state="refused", reasons=["under_30"]).citizen
        for _number in range(2)
    ]
    runs.propose(administrator, project.pk, LONG_AFTER)
    held, _free = (
        ReferralFactory(project=project, state="refused", reasons=["under_30"]).citizen
        for _number in range(2)
    )
    for citizen in (held, citizens[0]):
        LegalHold.objects.create(citizen=citizen, kind="complaint", reason="Klage", placed_by=administrator)
    client.force_login(administrator)
    page = client.get(f"/opbevaring/?from={LONG_AFTER}")
    row = page.context["kinds"][0]
    assert (row.due, row.ready, row.listed, row.waiting) == (4, 1, 1, [(2, "Tilbageholdelse")])
    text = page.content.decode()
    assert "1 kan komme på en liste" in text
    assert "1 står på en liste" in text
    assert "2 venter: Tilbageholdelse" in text
