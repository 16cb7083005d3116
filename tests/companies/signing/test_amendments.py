"""A new version keeps the signatures that its changes do not void; what is in force (D45, D37, D38)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from companies.actions import companies
from companies.models import AgreementParty, CompanyContact, Placement, WorkAgreement
from companies.models.amendments import EVERYBODY, SCHEDULE, VOIDS
from companies.signing.amending import changed_fields, voided_by
from companies.signing.presentation import amendment_of, signatures_of
from companies.signing.status import in_force_on, standing_signatures
from tests.scenarios.signing import decline, fresh, sign, sign_all
from tests.scenarios.work_agreements import CONTENT, SIGNED_ON, save_agreement, work_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

JUNE = datetime.date(2016, 6, 1)


@pytest.fixture
def signed(agreement, holder):
    """The first version, signed by all."""
    return sign_all(agreement, holder)


def correct_phone(placement: Placement) -> None:
    contact = placement.company.contacts.get()
    companies.save_contact(
        placement.company, {"phone": "11 22 33 44"}, contact, project=placement.course.project
    )


def parties_of(agreement: WorkAgreement) -> set[str]:
    return set(standing_signatures(fresh(agreement)))


def test_every_field_of_the_content_says_whose_signatures_it_voids() -> None:
    assert set(VOIDS) == {*WorkAgreement.content_names(), SCHEDULE}


@pytest.mark.parametrize("field", ["tasks", SCHEDULE, "starts_on", "ends_on", "ordinary_hours"])
def test_tasks_hours_and_dates_void_all_three(field) -> None:
    assert voided_by([field]) == EVERYBODY


def test_other_tasks_are_signed_anew_by_all(signed, internship) -> None:
    second = save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    assert parties_of(second) == set()
    assert fresh(second).state == "awaiting"


def test_the_same_hours_on_another_day_are_signed_anew_by_all(signed, internship) -> None:
    second = save_agreement(internship, schedule=[work_period(2, "08:30", "12:00")])
    assert parties_of(second) == set()


def test_a_new_phone_number_keeps_the_three_signatures_and_is_sealed_at_once(signed, internship) -> None:
    correct_phone(internship)
    second = save_agreement(internship, made_on=SIGNED_ON + datetime.timedelta(days=3))
    assert parties_of(second) == set(AgreementParty.values)
    assert (fresh(second).state, fresh(signed).state) == ("signed", "replaced")
    assert second.valid_from == signed.valid_from
    citizen = signatures_of(fresh(second))[0]
    assert citizen.is_intact
    assert any("til version 1" in note for note in citizen.notes)


def test_other_goals_keep_the_companys_signature(signed, internship, holder) -> None:
    second = save_agreement(internship, content={**CONTENT, "goals": "Møde til tiden"})
    assert parties_of(second) == {"company"}
    for party in ("citizen", "jobcentre"):
        sign(second, party, holder)
    assert fresh(second).state == "signed"


def test_a_signature_is_carried_from_version_to_version_and_names_the_first(
    agreement, internship, holder
) -> None:
    first = sign(agreement, "company", holder)
    for goals in ("Møde til tiden", "Møde før tiden"):
        latest = save_agreement(internship, content={**CONTENT, "goals": goals})
    carried = latest.signatures.get()
    assert (carried.carried_from, carried.signed_at) == (first, first.signed_at)


def test_the_change_shows_what_differs_and_who_signs_anew(signed, internship) -> None:
    second = save_agreement(internship, content={**CONTENT, "goals": "Møde til tiden"})
    amendment = amendment_of(second)
    assert [(row.theirs, row.mine) for row in amendment.differences] == [("Møde hver dag", "Møde til tiden")]
    assert amendment.voided == ["Borgeren", "Jobcenteret"]
    assert changed_fields(signed, second) == ["goals"]


def test_a_version_between_that_nobody_signed_does_not_hide_what_is_signed_anew(signed, internship) -> None:
    save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    correct_phone(internship)
    third = save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    amendment = amendment_of(third)
    assert (amendment.earlier, len(amendment.voided)) == (signed, 3)
    assert parties_of(third) == set()


def test_another_contact_person_who_is_sent_the_change_keeps_what_was_signed(signed, internship) -> None:
    other = CompanyContact.objects.create(
        company=internship.company, project=internship.course.project, name="Ny Kontakt"
    )
    assert parties_of(save_agreement(internship, contact=other)) == set(AgreementParty.values)


def test_a_declined_version_gives_way_to_the_next(agreement, internship, holder) -> None:
    sign(agreement, "citizen", holder)
    decline(agreement, "company")
    correct_phone(internship)
    second = save_agreement(internship)
    assert (fresh(agreement).state, parties_of(second)) == ("replaced", {"citizen"})


# What is in force


def test_the_version_signed_by_all_is_in_force_until_the_next_one_is(signed, internship, holder) -> None:
    second = save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    assert in_force_on(internship, SIGNED_ON) == signed
    sign_all(second, holder)
    assert in_force_on(internship, SIGNED_ON) == second


def test_a_version_is_in_force_from_its_day(signed, internship, holder) -> None:
    second = save_agreement(internship, content={**CONTENT, "tasks": "Bage"}, valid_from=JUNE)
    sign_all(second, holder)
    assert in_force_on(internship, JUNE - datetime.timedelta(days=1)) == signed
    assert in_force_on(internship, JUNE) == second


def test_hours_follow_a_first_version_at_once_and_a_later_one_when_all_have_signed(
    agreement, internship, holder
) -> None:
    def hours_on(day):
        return Placement.objects.get(pk=internship.pk).hours_on(day).internship

    assert hours_on(SIGNED_ON) == agreement.internship_hours
    sign_all(agreement, holder)
    more = [work_period(1, "08:00", "14:00")]
    second = save_agreement(internship, schedule=more, valid_from=JUNE)
    assert hours_on(JUNE) == agreement.internship_hours
    sign_all(second, holder)
    assert hours_on(JUNE - datetime.timedelta(days=1)) == agreement.internship_hours
    assert hours_on(JUNE) == 6


def test_the_agreement_of_a_placement_that_is_over_stays_as_it_is(signed, internship) -> None:
    internship.ended_on = SIGNED_ON - datetime.timedelta(days=1)
    internship.save()
    with pytest.raises(ValidationError) as caught:
        save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    assert caught.value.code == "ended"
