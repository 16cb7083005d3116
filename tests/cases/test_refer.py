"""Referring: what is stored, and once per citizen in the whole trial, also at the same time (D1, D5)."""

import datetime
import uuid
from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import Municipality, TrialTerms
from cases import actions
from cases.actions import ReferralData
from cases.models import Citizen, Referral
from cases.models.citizen import Benefit, TargetGroup
from cases.rules import eligibility
from tests.concurrency import run_at_once
from tests.factories import ProjectFactory, ReferralFactory, UserFactory, cpr
from tests.loops import some

DAY = datetime.date(2016, 6, 1)


def referral_data(number: int = 1, **changes: object) -> ReferralData:
    facts = ReferralData(
        digits=cpr(number),
        name="Testborger Et",
        municipality_code="0461",
        target_group="activity_ready",
        benefit="cash_benefit",
        public_support_since=datetime.date(2014, 1, 1),
        activity_ready=True,
        in_integration_programme=False,
        referred_on=DAY,
    )
    return replace(facts, **changes)


@pytest.fixture
def odense(db):
    return ProjectFactory(slug="odense", codes=["0461"])


@pytest.fixture
def aarhus(db):
    return ProjectFactory(slug="aarhus", codes=["0751"])


def test_the_stored_codes_are_those_of_the_rules() -> None:
    assert set(TargetGroup.values) == {str(group) for group in eligibility.TargetGroup}
    assert set(Benefit.values) == {str(benefit) for benefit in eligibility.Benefit}


def test_an_eligible_citizen_is_accepted_in_the_municipalitys_project(odense) -> None:
    caseworker = UserFactory()
    referred = actions.refer(referral_data(), by=caseworker)
    assert referred.created
    referral = Referral.objects.get()
    assert referral == referred.referral
    assert (referral.state, referral.reasons, referral.flags) == ("accepted", [], [])
    assert (referral.project, referral.municipality_id, referral.referred_by) == (odense, "0461", caseworker)
    assert referral.citizen.cpr == cpr(1)
    assert referral.name == "Testborger Et"


def test_a_refused_citizen_is_stored_with_every_reason(odense) -> None:
    referral = actions.refer(
        referral_data(activity_ready=False, public_support_since=DAY, in_integration_programme=True)
    ).referral
    assert referral.state == "refused"
    assert referral.reasons == [
        "not_activity_ready",
        "public_support_under_one_year",
        "in_integration_programme",
    ]


def test_exactly_a_year_is_flagged_in_what_is_stored(odense) -> None:
    referral = actions.refer(referral_data(public_support_since=datetime.date(2015, 6, 1))).referral
    assert (referral.state, referral.flags) == ("accepted", ["public_support_exactly_one_year"])


@pytest.mark.parametrize("code", ["0147", "9999"])
def test_a_municipality_outside_the_trial_is_a_reason(odense, code: str) -> None:
    referral = actions.refer(referral_data(municipality_code=code)).referral
    assert (referral.state, referral.reasons) == ("refused", ["municipality_not_in_trial"])
    assert referral.project is None
    assert referral.municipality_code == code
    assert (referral.municipality_id == code) is Municipality.objects.filter(code=code).exists()


def test_a_citizen_is_accepted_once_in_the_whole_trial(odense, aarhus) -> None:
    first = actions.refer(referral_data()).referral
    second = actions.refer(referral_data(municipality_code="0751")).referral
    assert (first.state, second.state) == ("accepted", "refused")
    assert second.reasons == ["already_referred"]
    assert second.citizen == first.citizen
    assert Citizen.objects.count() == 1


def test_a_refused_citizen_may_be_referred_again(odense) -> None:
    assert actions.refer(referral_data(activity_ready=False)).referral.state == "refused"
    second = actions.refer(
        referral_data(name="Testborger Nyt", referred_on=DAY + datetime.timedelta(days=30))
    ).referral
    assert second.state == "accepted"
    assert second.name == "Testborger Nyt"


def test_nobody_renames_a_citizen_who_is_in_the_trial(odense, aarhus) -> None:
    actions.refer(referral_data())
    actions.refer(referral_data(municipality_code="0751", name="Helt Anden"))
    assert Referral.objects.accepted().get().name == "Testborger Et"
    assert Referral.objects.get(state="refused").name == "Helt Anden"


@pytest.mark.parametrize("changes", [{}, {"activity_ready": False}])
def test_the_same_facts_twice_store_one_referral(odense, changes) -> None:
    first = actions.refer(referral_data(**changes))
    second = actions.refer(referral_data(**changes))
    assert (first.created, second.created) == (True, False)
    assert second.referral == first.referral
    assert Referral.objects.count() == 1


def test_the_same_form_twice_stores_one_referral(odense) -> None:
    caseworker = UserFactory()
    token = uuid.uuid4()
    first = actions.refer(referral_data(), by=caseworker, submission=token)
    second = actions.refer(referral_data(benefit="integration_benefit"), by=caseworker, submission=token)
    assert second.referral == first.referral
    assert Referral.objects.count() == 1


def test_the_preview_says_the_same_and_stores_nothing(odense) -> None:
    ineligible = referral_data(activity_ready=False)
    assert actions.assess_referral(ineligible).reasons == (eligibility.RefusalReason.NOT_ACTIVITY_READY,)
    assert not Referral.objects.exists()
    assert not Citizen.objects.exists()
    actions.refer(referral_data())
    assert actions.assess_referral(referral_data()).reasons == (eligibility.RefusalReason.ALREADY_REFERRED,)


def test_the_terms_of_the_day_of_referral_decide(odense) -> None:
    TrialTerms.objects.create(valid_from=DAY, minimum_age=60)
    the_day_before = referral_data(referred_on=DAY - datetime.timedelta(days=1))
    assert actions.refer(the_day_before).referral.state == "accepted"
    assert actions.refer(referral_data(2)).referral.reasons == ["under_30"]


def test_many_at_once_answer_in_their_order_with_few_queries(odense, django_assert_max_num_queries) -> None:
    earlier_referral = actions.refer(referral_data(0)).referral
    batch = [referral_data(number, activity_ready=number % 2 == 0) for number in range(200)]
    with django_assert_max_num_queries(14):
        results = actions.refer_all(batch)
    assert [result.referral.citizen.cpr for result in results] == [item.digits for item in batch]
    assert results[0].referral == earlier_referral
    assert not results[0].created
    assert [result.referral.state for result in results[1:3]] == ["refused", "accepted"]
    assert not any(result.created for result in some(actions.refer_all(batch)))
    assert Referral.objects.count() == 200


def test_a_representation_shows_neither_number_nor_name() -> None:
    representation = repr(referral_data())
    assert cpr(1) not in representation
    assert "Testborger" not in representation


def test_the_database_itself_refuses_a_second_acceptance(odense) -> None:
    first = ReferralFactory(project=odense)
    with pytest.raises(Exception, match="cases_referral_once_in_trial"):
        ReferralFactory(project=odense, citizen=first.citizen)


@pytest.mark.django_db(transaction=True)
def test_two_caseworkers_at_once_cannot_both_have_the_citizen_accepted() -> None:
    ProjectFactory(slug="odense", codes=["0461"])
    ProjectFactory(slug="aarhus", codes=["0751"])
    codes = ["0461", "0751"] * 3
    outcomes = run_at_once(
        [lambda code=code: actions.refer(referral_data(municipality_code=code)) for code in codes]
    )
    assert all(isinstance(outcome, actions.ReferralResult) for outcome in some(outcomes))
    states = sorted(Referral.objects.values_list("state", flat=True))
    assert states == ["accepted", "refused"]
    assert Citizen.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_stores_one_referral() -> None:
    ProjectFactory(slug="odense", codes=["0461"])
    caseworker = UserFactory()
    token = uuid.uuid4()
    outcomes = run_at_once([lambda: actions.refer(referral_data(), by=caseworker, submission=token)] * 4)
    assert sorted(outcome.created for outcome in outcomes) == [False, False, False, True]
    assert Referral.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_and_a_caseworker_at_once_accept_the_citizen_once() -> None:
    ProjectFactory(slug="odense", codes=["0461"])
    ProjectFactory(slug="aarhus", codes=["0751"])
    batch = [referral_data(number) for number in range(50)]
    outcomes = run_at_once(
        [
            lambda: actions.refer_all(batch),
            lambda: actions.refer(referral_data(7, municipality_code="0751")),
            lambda: actions.refer_all(list(reversed(batch))),
        ]
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Citizen.objects.count() == 50
    assert Referral.objects.accepted().count() == 50
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid <> 0 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        assert cursor.fetchone() == (0,)
