"""A citizen gets another CPR number: draw, course and history stay (D40)."""

import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases import actions
from cases.actions import citizen_numbers
from cases.actions.referral_corrections import withdraw_referral
from cases.models import CaseCorrection, Citizen, EarlierNumber, MentorContact, Referral, ShutOut
from companies.models import Placement
from evaluation.models import PaidHours
from jobfirst.kit.versioned import StaleError
from rights.models import LegalHold
from tests.cases.test_refer import referral_data
from tests.concurrency import run_at_once
from tests.factories import (
    AllocationFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
    cpr,
)

REASON = "Nyt nummer fra folkeregistret"
OLD, NEW = cpr(1), cpr(2)


def replace_number(referral: Referral, digits: str = NEW, **arguments: object) -> Referral:
    return citizen_numbers.replace_number(referral, digits=digits, reason=REASON, **arguments)


@pytest.fixture
def course(odense):
    """A drawn participant's course under the old number."""
    course = CourseFactory(project_for=odense, referral__citizen__cpr=OLD)
    AllocationFactory(referral=course.referral)
    return course


def test_both_numbers_find_the_citizen_who_keeps_draw_and_course(course) -> None:
    pseudonym = course.citizen.pseudonym
    replace_number(course.referral)
    citizen = Citizen.objects.get()
    assert (citizen.cpr, citizen.pseudonym, citizen.course) == (NEW, pseudonym, course)
    assert [Citizen.objects.with_cpr(digits).get() for digits in (OLD, NEW)] == [citizen, citizen]


def test_a_number_is_replaced_more_than_once_and_back(course) -> None:
    replace_number(course.referral)
    replace_number(course.referral, cpr(3))
    replace_number(course.referral, OLD)
    assert Citizen.objects.get().cpr == OLD
    assert [Citizen.objects.with_cpr(digits).count() for digits in (OLD, NEW, cpr(3))] == [1, 1, 1]
    assert {number.cpr for number in EarlierNumber.objects.all()} == {NEW, cpr(3)}


def test_no_entry_of_the_history_holds_a_number(course) -> None:
    replace_number(course.referral, by=UserFactory())
    entry = CaseCorrection.objects.get()
    assert (entry.kind, entry.reason, entry.changes) == ("number", REASON, [])


@pytest.mark.parametrize("digits", [OLD, NEW])
def test_whoever_is_referred_again_under_either_number_is_caught(course, aarhus, digits: str) -> None:
    replace_number(course.referral)
    data = referral_data(digits=digits, municipality_code="0751")
    assert actions.assess_referral(data).reasons == ("already_referred",)
    assert actions.refer(data).referral.reasons == ["already_referred"]


@pytest.mark.parametrize("digits", [OLD, NEW])
def test_contacts_and_placements_are_delivered_under_either_number(course, digits: str, tmp_path) -> None:
    replace_number(course.referral)
    day = course.started_on + datetime.timedelta(days=3)
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(f"cpr;kind;held_on;citizen_present\n{digits};mentor_contact;{day};ja\n")
    placements = tmp_path / "placements.csv"
    placements.write_text(
        "cpr;cvr;company;p_number;kind;starts_on;planned_end_on;ended_on;internship_hours;ordinary_hours\n"
        f"{digits};25313763;Bageriet;;internship;{day};{day + datetime.timedelta(days=30)};;20;0\n"
    )
    call_command("import_contacts", contacts, stdout=io.StringIO())
    call_command("import_placements", placements, stdout=io.StringIO())
    assert MentorContact.objects.get().course == course
    assert Placement.objects.get().course == course


def test_a_file_with_one_citizen_under_two_numbers_is_refused(course, tmp_path) -> None:
    replace_number(course.referral)
    header = (
        "cpr;name;municipality_code;target_group;benefit;public_support_since;activity_ready;"
        "in_integration_programme;referred_on\n"
    )
    facts = "resource_programme;resource_programme_benefit;2014-01-01;nej;nej;2016-03-20"
    path = tmp_path / "referrals.csv"
    path.write_text(f"{header}{OLD};Et Navn;0461;{facts}\n{NEW};Et Navn;0461;{facts}\n")
    errors = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_referrals", path, stdout=io.StringIO(), stderr=errors)
    assert "line 2" in errors.getvalue()
    assert OLD not in errors.getvalue()


def test_a_new_birth_date_assesses_an_undrawn_referral_anew(odense) -> None:
    referral = actions.refer(referral_data(digits=OLD)).referral
    young = cpr(1, datetime.date(1990, 5, 17))
    corrected = replace_number(referral, young)
    assert (corrected.state, corrected.reasons) == ("refused", ["under_30"])


def test_a_refused_referral_gives_no_right_over_the_number(course, aarhus) -> None:
    elsewhere = actions.refer(referral_data(digits=OLD, municipality_code="0751")).referral
    with pytest.raises(ValidationError) as refusal:
        replace_number(elsewhere)
    assert refusal.value.code == "does_not_stand"
    assert Citizen.objects.get().cpr == OLD


def test_somebody_else_with_the_number_must_be_confirmed_as_the_same_person(course, aarhus) -> None:
    other = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    with pytest.raises(ValidationError) as refusal:
        replace_number(course.referral)
    other.refresh_from_db()
    assert list(refusal.value.message_dict) == ["is_same_person"]
    assert other.state == "accepted"


def test_of_somebody_who_was_only_refused_nothing_is_told(course, aarhus) -> None:
    refused = actions.refer(
        referral_data(digits=NEW, municipality_code="0751", activity_ready=False)
    ).referral
    replace_number(course.referral)
    refused.refresh_from_db()
    assert (Citizen.objects.get(), refused.reasons) == (course.citizen, ["not_activity_ready"])


def test_the_second_referral_of_one_person_is_not_drawn(course, aarhus) -> None:
    other = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    replace_number(course.referral, is_same_person=True)
    other.refresh_from_db()
    citizen = Citizen.objects.get()
    assert (citizen, citizen.cpr) == (course.citizen, NEW)
    assert (other.citizen, other.state, other.reasons) == (citizen, "refused", ["already_referred"])
    assert Citizen.objects.with_cpr(OLD).get() == citizen


def test_who_is_shut_out_and_what_is_held_back_goes_over_to_the_one_who_stays(course, aarhus) -> None:
    """Otherwise a relative would see her again, and her data could be erased."""
    other = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    leader, cousin, neighbour = UserFactory(), UserFactory(), UserFactory()
    for citizen, user in ((other.citizen, cousin), (other.citizen, neighbour), (course.citizen, neighbour)):
        ShutOut.objects.create(citizen=citizen, user=user, reason="I familie", shut_out_by=leader)
    hold = LegalHold.objects.create(
        citizen=other.citizen, kind="complaint", reason="Klage", placed_by=leader, project=aarhus
    )
    replace_number(course.referral, is_same_person=True, by=leader)
    hold.refresh_from_db()
    assert hold.citizen == course.citizen
    in_force = ShutOut.objects.in_force().order_by("user").values_list("citizen", "user")
    assert list(in_force) == [(course.citizen.pk, cousin.pk), (course.citizen.pk, neighbour.pk)]


@pytest.mark.parametrize("has_name", [True, False])
def test_a_shut_out_that_stood_twice_is_put_together_and_lifted_by_nobody(
    client, course, aarhus, has_name: bool
) -> None:
    other = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    leader = UserFactory(project=course.project, roles=["project_leader"])
    cousin, by = UserFactory(), UserFactory(name="Signe Sagsbehandler")
    for citizen in (other.citizen, course.citizen):
        ShutOut.objects.create(citizen=citizen, user=cousin, reason="I familie", shut_out_by=leader)
    replace_number(course.referral, is_same_person=True, by=by if has_name else None)
    client.force_login(leader)
    page = client.get(reverse("cases:shut_out", args=[course.referral.public_id])).content.decode()
    assert page.count("lagt sammen med en anden registrering af den samme person, ") == 1
    assert page.count(">Giv adgang igen<") == 1  # of the row in force
    assert "fik adgang igen" not in page
    assert "Signe Sagsbehandler" not in page


def test_two_who_both_have_paid_hours_of_a_month_are_refused_in_words(course, aarhus) -> None:
    other = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    for citizen, hours in ((other.citizen, 10), (course.citizen, 12)):
        PaidHours.objects.create(citizen=citizen, month=datetime.date(2016, 6, 1), hours=hours)
    with pytest.raises(ValidationError) as refusal:
        replace_number(course.referral, is_same_person=True)
    assert refusal.value.message_dict == {
        "cpr": ["Nummeret kan ikke gives til denne borger. Intet er gemt. Kontakt STAR."]
    }
    assert [Citizen.objects.count(), PaidHours.objects.count()] == [2, 2]
    other.refresh_from_db()
    assert (other.state, Citizen.objects.get(pk=course.citizen_id).cpr) == ("accepted", OLD)


def test_the_one_who_is_drawn_stays_whoever_records_it(course, aarhus) -> None:
    undrawn = actions.refer(referral_data(digits=NEW, municipality_code="0751")).referral
    answered = replace_number(undrawn, OLD, is_same_person=True)
    citizen = Citizen.objects.get()
    assert (citizen, citizen.cpr) == (course.citizen, OLD)
    assert (answered.state, answered.reasons) == ("refused", ["already_referred"])
    assert Citizen.objects.with_cpr(NEW).get() == citizen


def test_two_who_are_both_drawn_cannot_become_one(course, aarhus) -> None:
    other = ReferralFactory(project=aarhus, citizen__cpr=NEW)
    AllocationFactory(referral=other)
    with pytest.raises(ValidationError) as refusal:
        replace_number(course.referral, is_same_person=True)
    assert list(refusal.value.message_dict) == ["cpr"]
    assert Citizen.objects.count() == 2


def test_an_earlier_number_is_never_removed(course) -> None:
    replace_number(course.referral)
    with pytest.raises(DatabaseError), transaction.atomic():
        EarlierNumber.objects.all().delete()


def test_two_people_who_replace_the_number_see_each_others(course) -> None:
    replace_number(course.referral, version=0)
    with pytest.raises(StaleError) as stale:
        replace_number(course.referral, cpr(3), version=0)
    assert stale.value.current.cpr == NEW


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_number() -> None:
    referral = ReferralFactory(citizen__cpr=OLD)
    outcomes = run_at_once(
        [lambda n=n: replace_number(referral, cpr(n), version=0) for n in (2, 3, 4)],
    )
    assert sum(isinstance(outcome, StaleError) for outcome in outcomes) == 2
    assert EarlierNumber.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_number_and_a_referral_under_it_at_once_leave_one_who_stands() -> None:
    odense = ProjectFactory(slug="odense", codes=["0461"])
    ProjectFactory(slug="aarhus", codes=["0751"])
    referral = ReferralFactory(project=odense, citizen__cpr=OLD)
    data = [referral_data(digits=digits, municipality_code="0751") for digits in (OLD, NEW)]
    outcomes = run_at_once(
        [
            lambda: replace_number(referral, is_same_person=True),
            *[lambda row=row: actions.refer(row) for row in data],
            lambda: actions.refer_all(data[1:]),
        ]
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert (Citizen.objects.get().cpr, Referral.objects.accepted().get()) == (NEW, referral)


@pytest.mark.django_db(transaction=True)
def test_referrals_under_an_earlier_and_the_present_number_at_once_accept_one() -> None:
    ProjectFactory(slug="odense", codes=["0461"])
    ProjectFactory(slug="aarhus", codes=["0751"])
    first = actions.refer(referral_data(digits=OLD)).referral
    replace_number(first)
    withdraw_referral(first, reason=REASON)
    jobs = [
        lambda digits=digits, code=code: actions.refer(
            referral_data(digits=digits, municipality_code=code, referred_on=datetime.date(2016, 7, 1))
        )
        for digits, code in [(OLD, "0461"), (NEW, "0751"), (OLD, "0751"), (NEW, "0461")]
    ]
    outcomes = run_at_once(jobs)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Referral.objects.accepted().count() == 1
