"""The pages that correct a referral: who may, what they show, and what becomes of two at once (D39-D41)."""

import uuid

import pytest
from django.urls import reverse

from accounts.roles import Role
from cases.models import Citizen, FunctionHolding, Referral
from tests.factories import AllocationFactory, CourseFactory, ReferralFactory, UserFactory, cpr

REASON = "Skrevet forkert i henvisningen"


@pytest.fixture
def caseworker(odense):
    return UserFactory(project=odense, roles=[Role.COORDINATING_CASEWORKER], name="Karen Sagsbehandler")


@pytest.fixture
def signed_in(client, caseworker):
    """A client signed in as the caseworker."""
    client.force_login(caseworker)
    return client


@pytest.fixture
def referral(odense):
    return ReferralFactory(project=odense, name="Testborger Et", citizen__cpr=cpr(1))


def address(name: str, referral: Referral) -> str:
    return reverse(f"cases:{name}", args=[referral.public_id])


def sent(version: int, **fields: str) -> dict[str, str]:
    return {
        "version": str(version),
        "submission": str(uuid.uuid4()),
        "correction_reason": REASON,
        **fields,
    }


FACTS = {
    "municipality": "0461",
    "target_group": "activity_ready",
    "benefit": "cash_benefit",
    "public_support_since": "2014-01-01",
    "activity_ready": "false",
    "in_integration_programme": "false",
    "referred_on": "2016-03-15",
}


def test_a_corrected_name_stands_on_the_page_with_who_and_why(signed_in, referral) -> None:
    answer = signed_in.post(address("correct_name", referral), sent(1, name="Testborger Toft"), follow=True)
    page = answer.content.decode()
    texts = ("Henvisning af Testborger Toft", "Testborger Et → Testborger Toft", REASON, "Karen")
    assert [text for text in texts if text not in page] == []


def test_two_people_who_correct_the_name_at_once_see_both(signed_in, referral) -> None:
    signed_in.post(address("correct_name", referral), sent(1, name="Den Ene"))
    conflict = signed_in.post(address("correct_name", referral), sent(1, name="Den Anden"))
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Den Ene" in page
    assert "Den Anden" in page


def test_a_cpr_number_in_the_name_or_the_reason_is_refused(signed_in, referral) -> None:
    fields = sent(1, name=f"Testborger {cpr(9)}", correction_reason=f"Var {cpr(9)}")
    answer = signed_in.post(address("correct_name", referral), fields)
    referral.refresh_from_db()
    assert set(answer.context["form"].errors) == {"name", "correction_reason"}
    assert referral.name == "Testborger Et"


def test_the_corrected_facts_are_assessed_anew(signed_in, referral) -> None:
    signed_in.get(address("correct_referral", referral))
    answer = signed_in.post(address("correct_referral", referral), sent(1, **FACTS), follow=True)
    referral.refresh_from_db()
    assert (referral.state, referral.reasons) == ("refused", ["not_activity_ready"])
    assert "Borgeren er ikke aktivitetsparat" in answer.content.decode()


def test_the_form_opens_with_what_is_stored(signed_in, referral) -> None:
    form = signed_in.get(address("correct_referral", referral)).context["form"]
    assert form["activity_ready"].value() == "false"
    assert form["benefit"].value() == "resource_programme_benefit"
    assert set(form.fields) >= set(FACTS)
    assert {"cpr", "name"}.isdisjoint(form.fields)


def test_a_referral_is_taken_back_and_stands_again(signed_in, referral) -> None:
    signed_in.post(address("withdraw_referral", referral), sent(1))
    page = signed_in.get(address("referral", referral)).content.decode()
    assert "Udgået" in signed_in.get("/henvisninger/").content.decode()
    assert "Genopret henvisningen" in page
    signed_in.post(address("restore_referral", referral), sent(2))
    referral.refresh_from_db()
    assert referral.state == "accepted"


def test_a_drawn_referral_offers_the_name_alone_and_says_why(signed_in, referral) -> None:
    AllocationFactory(referral=referral, arm="control")
    page = signed_in.get(address("referral", referral)).content.decode()
    answer = signed_in.post(address("withdraw_referral", referral), sent(1), follow=True)
    assert address("correct_name", referral) in page
    assert address("correct_referral", referral) not in page
    assert "trukket lod" in answer.content.decode()
    assert Referral.objects.get().state == "accepted"


def test_the_new_number_is_never_shown_again_and_both_find_the_course(signed_in, odense, caseworker) -> None:
    course = CourseFactory(project_for=odense, referral__citizen__cpr=cpr(1))
    function = Role.COORDINATING_CASEWORKER
    FunctionHolding.objects.create(
        course=course, function=function, user=caseworker, from_on=course.started_on
    )
    answer = signed_in.post(address("replace_number", course.referral), sent(0, cpr=cpr(2)), follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("cases:course", args=[course.public_id]))
    assert Citizen.objects.get().cpr == cpr(2)
    answers = [signed_in.post("/forloeb/find/", {"cpr": digits})["Location"] for digits in (cpr(1), cpr(2))]
    assert [str(course.public_id) in location for location in answers] == [True, True]


def test_only_the_courses_own_caseworker_replaces_the_number(signed_in, odense) -> None:
    course = CourseFactory(project_for=odense)
    answer = signed_in.post(address("replace_number", course.referral), sent(0, cpr=cpr(2)))
    assert answer.status_code == 403


def test_somebody_else_with_the_number_is_asked_about_without_name_or_place(signed_in, referral) -> None:
    other = ReferralFactory(name="Fremmed Borger", citizen__cpr=cpr(2))
    page = address("replace_number", referral)
    asked = signed_in.post(page, sent(0, cpr=cpr(2)))
    assert "is_same_person" in asked.context["form"].fields
    assert "Fremmed" not in asked.content.decode()
    assert other.project.name not in asked.content.decode()
    signed_in.post(page, sent(0, cpr=cpr(2), is_same_person="on"))
    assert Citizen.objects.count() == 1


def test_another_projects_referral_does_not_exist(signed_in, aarhus) -> None:
    foreign = ReferralFactory(project=aarhus)
    names = ("correct_name", "correct_referral", "replace_number", "withdraw_referral", "restore_referral")
    assert [signed_in.get(address(name, foreign)).status_code for name in names] == [404] * 5
