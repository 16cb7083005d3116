"""Corrections of a referral: the name at any time, the facts until the draw (D39, D41)."""

import datetime
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from cases import actions
from cases.actions import referral_corrections
from cases.actions.referral_corrections import data_of
from cases.models import CaseCorrection, Referral
from jobfirst.kit.versioned import StaleError
from randomization.draw.actions import draw_project
from randomization.draw.shares import demo_shares
from randomization.models import Allocation, Claim
from tests.cases.test_refer import referral_data
from tests.concurrency import run_at_once
from tests.factories import AllocationFactory, ProjectFactory, ReferralFactory, UserFactory

REASON = "Skrevet forkert"
DRAWN_ON = datetime.date(2016, 6, 10)


def correct(referral: Referral, **facts: object) -> Referral:
    """Correct facts of the referral with a reason."""
    return referral_corrections.correct_referral(referral, replace(data_of(referral), **facts), reason=REASON)


def test_a_corrected_name_is_shown_by_its_project_alone_and_both_stand_in_the_history(odense, aarhus) -> None:
    referral = actions.refer(referral_data()).referral
    elsewhere = actions.refer(referral_data(municipality_code="0751", name="Anden Stavning")).referral
    leader = UserFactory()
    referral_corrections.correct_name(referral, name="Testborger Toft", reason=REASON, by=leader)
    elsewhere.refresh_from_db()
    entry = CaseCorrection.objects.get()
    assert (referral.refresh_from_db(), referral.name, elsewhere.name) == (
        None,
        "Testborger Toft",
        "Anden Stavning",
    )
    assert entry.changes == [{"field": "name", "before": "Testborger Et", "after": "Testborger Toft"}]
    assert (entry.reason, entry.made_by, entry.referral) == (REASON, leader, referral)


def test_a_name_is_corrected_after_the_draw_as_well(odense) -> None:
    referral = AllocationFactory(referral__project=odense).referral
    corrected = referral_corrections.correct_name(referral, name="Nyt Navn", reason=REASON)
    assert corrected.name == "Nyt Navn"


def test_no_correction_without_a_reason(odense) -> None:
    referral = ReferralFactory(project=odense)
    with pytest.raises(ValidationError) as refusal:
        referral_corrections.correct_name(referral, name="Nyt Navn", reason="  ")
    assert list(refusal.value.message_dict) == ["correction_reason"]
    assert not CaseCorrection.objects.exists()


def test_two_people_who_correct_the_name_see_each_others(odense) -> None:
    referral = ReferralFactory(project=odense)
    referral_corrections.correct_name(referral, name="Den Ene", reason=REASON, version=1)
    with pytest.raises(StaleError) as stale:
        referral_corrections.correct_name(referral, name="Den Anden", reason=REASON, version=1)
    assert stale.value.current.name == "Den Ene"


def test_a_refused_referral_becomes_accepted_when_it_was_stated_wrongly(odense) -> None:
    refused = actions.refer(referral_data(activity_ready=False)).referral
    corrected = correct(refused, activity_ready=True)
    assert (corrected.state, corrected.reasons) == ("accepted", [])
    assert {change["field"] for change in CaseCorrection.objects.get().changes} == {"activity_ready", "state"}


def test_an_accepted_referral_becomes_refused_with_every_reason(odense) -> None:
    accepted = actions.refer(referral_data()).referral
    corrected = correct(accepted, benefit="resource_programme_benefit", in_integration_programme=True)
    assert (corrected.state, corrected.reasons) == ("refused", ["wrong_benefit", "in_integration_programme"])


def test_the_municipality_is_corrected_within_the_project(db, aarhus) -> None:
    ProjectFactory(slug="soroe", codes=["0340", "0329"])
    referral = actions.refer(referral_data(municipality_code="0340")).referral
    corrected = correct(referral, municipality_code="0329")
    assert (corrected.municipality_id, corrected.municipality_code) == ("0329", "0329")
    with pytest.raises(ValidationError, match="samme projekt"):
        correct(corrected, municipality_code="0751")


def test_a_file_that_delivers_the_facts_again_undoes_no_correction(odense) -> None:
    delivered = referral_data()
    referral = actions.refer(delivered).referral
    correct(referral, public_support_since=datetime.date(2015, 1, 1))
    again = actions.refer_all([delivered])[0]
    assert (again.created, again.referral) == (False, referral)
    assert Referral.objects.get().public_support_since == datetime.date(2015, 1, 1)


def test_a_drawn_referral_is_corrected_no_more(odense) -> None:
    referral = AllocationFactory(referral__project=odense).referral
    with pytest.raises(ValidationError, match="lodtrækning"):
        referral_corrections.withdraw_referral(referral, reason=REASON)
    with pytest.raises(ValidationError, match="lodtrækning"):
        correct(referral, target_group="activity_ready")
    assert not CaseCorrection.objects.exists()


def test_a_referral_that_is_taken_back_is_not_drawn(odense) -> None:
    referral = actions.refer(referral_data()).referral
    taken_back = referral_corrections.withdraw_referral(referral, reason=REASON)
    draw_project(odense, DRAWN_ON, shares=demo_shares(1))
    assert (taken_back.state, taken_back.reasons) == ("withdrawn", [])
    assert not Claim.objects.exists()


def test_a_citizen_whose_referral_is_taken_back_may_be_referred_elsewhere(odense, aarhus) -> None:
    first = actions.refer(referral_data()).referral
    referral_corrections.withdraw_referral(first, reason=REASON)
    second = actions.refer(referral_data(municipality_code="0751")).referral
    assert second.state == "accepted"
    restored = referral_corrections.restore_referral(first, reason=REASON)
    assert (restored.state, restored.reasons) == ("refused", ["already_referred"])


def test_a_referral_stands_again_as_it_was(odense) -> None:
    referral = actions.refer(referral_data()).referral
    referral_corrections.withdraw_referral(referral, reason=REASON)
    restored = referral_corrections.restore_referral(referral, reason=REASON)
    kinds = list(CaseCorrection.objects.values_list("kind", flat=True))
    assert (restored.state, kinds) == ("accepted", ["stands_again", "withdrawn"])


@pytest.mark.django_db(transaction=True)
def test_a_correction_at_the_time_of_a_draw_gives_one_outcome() -> None:
    """Either the corrected referral is drawn, in its corrected stratum, or the correction is refused."""
    project = ProjectFactory(slug="soroe", codes=["0340", "0329"])
    referrals = [actions.refer(referral_data(n, municipality_code="0340")).referral for n in range(6)]
    jobs = [lambda r=r: correct(r, municipality_code="0329") for r in referrals]
    run_at_once([*jobs[:3], lambda: draw_project(project, DRAWN_ON, shares=demo_shares(1)), *jobs[3:]])
    rows = Allocation.objects.select_related("referral", "stratum")
    assert rows.count() == len(referrals)
    assert {row.stratum.municipality_id == row.referral.municipality_id for row in rows} == {True}


@pytest.mark.django_db(transaction=True)
def test_a_referral_taken_back_at_the_time_of_a_draw_is_drawn_or_taken_back() -> None:
    project = ProjectFactory(slug="odense", codes=["0461"])
    referrals = [actions.refer(referral_data(n)).referral for n in range(6)]
    jobs = [lambda r=r: referral_corrections.withdraw_referral(r, reason=REASON) for r in referrals]
    run_at_once([*jobs[:3], lambda: draw_project(project, DRAWN_ON, shares=demo_shares(1)), *jobs[3:]])
    drawn = set(Allocation.objects.values_list("referral_id", flat=True))
    states = dict(Referral.objects.values_list("pk", "state"))
    assert states == {r.pk: "accepted" if r.pk in drawn else "withdrawn" for r in referrals}
