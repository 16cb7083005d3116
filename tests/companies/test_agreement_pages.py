"""The work agreement (D15): the form, its versions, and the document to sign."""

import datetime
import io
import uuid

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AccessRecord
from cases.actions import record_accommodation
from companies.actions import agreements
from companies.annex.questions import annex_on
from companies.models import CompanyContact, WorkAgreement
from companies.rules.weekly_schedule import clashes, weekly_hours
from jobfirst.kit.versioned import StaleError
from tests.factories import CompanyContactFactory, WorkAgreementFactory
from tests.scenarios.work_agreements import (
    CONTENT,
    SIGNED_ON,
    agreement_url,
    form_data,
    save_agreement,
    work_period,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

# The rule and the action


def test_weekly_hours_are_exact_and_kinds_apart() -> None:
    week = [
        work_period(1, "08:30", "12:00"),
        work_period(2, "09:00", "13:20"),
        work_period(1, "12:30", "14:00", "ordinary"),
    ]
    assert str(weekly_hours(week, "internship")) == "7.83"
    assert str(weekly_hours(week, "ordinary")) == "1.50"


def test_one_is_at_work_once_at_a_time() -> None:
    assert clashes([work_period(1, "08:00", "12:00"), work_period(1, "12:00", "13:00", "ordinary")]) == set()
    assert clashes(
        [work_period(1, "08:00", "12:00"), work_period(2, "11:00", "13:00"), work_period(1, "11:59", "13:00")]
    ) == {1}


def test_other_content_is_a_new_version_and_the_one_before_is_replaced(internship) -> None:
    first = save_agreement(internship)
    unchanged = save_agreement(internship)
    assert unchanged == first
    second_content = {**CONTENT, "goals": "Møde til tiden"}
    second = save_agreement(internship, content=second_content)
    third = save_agreement(
        internship,
        content={**CONTENT, "goals": "Møde til tiden"},
        schedule=[work_period(3, "08:00", "12:00")],
    )
    assert [(agreement.number, agreement.state) for agreement in internship.agreements.all()] == [
        (3, "awaiting"),
        (2, "replaced"),
        (1, "replaced"),
    ]
    assert (second.number, third.schedule.get().weekday) == (2, 3)
    assert first.progression_questions == annex_on(SIGNED_ON).questions
    assert annex_on(SIGNED_ON).is_own_choice


def test_two_who_write_at_once_do_not_overwrite_each_other(internship) -> None:
    save_agreement(internship, version=0)
    with pytest.raises(StaleError) as caught:
        save_agreement(internship, version=0, content={**CONTENT, "goals": "Andet"})
    assert caught.value.current.number == 1
    assert save_agreement(internship, version=1, content={**CONTENT, "goals": "Andet"}).number == 2


def test_the_same_form_sent_twice_makes_one_version(internship) -> None:
    token = uuid.uuid4()
    assert save_agreement(internship, submission=token) == save_agreement(internship, submission=token)


def test_the_database_keeps_one_version_in_force(internship) -> None:
    first = save_agreement(internship)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkAgreementFactory(placement=internship, number=2, company_contact=first.company_contact)


def test_accommodations_still_in_force_reach_the_agreement(course) -> None:
    record_accommodation(course, description="Pauser", from_on=SIGNED_ON)
    record_accommodation(
        course, description="Er slut", from_on=datetime.date(2016, 4, 5), until_on=datetime.date(2016, 5, 1)
    )
    assert agreements.accommodations_on(course, SIGNED_ON) == "Pauser"


# The pages


def test_the_form_starts_with_the_match_the_contact_and_the_accommodations(
    as_user, holder, course, internship
) -> None:
    record_accommodation(course, description="Ingen tunge løft", from_on=SIGNED_ON)
    page = as_user(holder).get(agreement_url(internship)).content.decode()
    assert "Ingen tunge løft" in page
    assert ">Bager</textarea>" in page.replace("\n", "")
    assert "Karla Kontakt" in page
    assert "udarbejdet af projektet" in page
    assert AccessRecord.objects.filter(
        action="course.agreement", citizens=[course.citizen.public_id]
    ).exists()


def test_saving_makes_version_one_with_its_week(as_user, holder, internship) -> None:
    contact = internship.company.contacts.get()
    response = as_user(holder).post(agreement_url(internship), form_data(contact))
    assert response.status_code == 302, response.content.decode()
    agreement = WorkAgreement.objects.get()
    assert (agreement.number, agreement.tasks, agreement.made_by) == (1, "Pakke brød og feje", holder)
    assert agreement.periods() == [
        work_period(1, "08:30", "12:00"),
        work_period(1, "12:30", "14:00", "ordinary"),
        work_period(2, "09:00", "13:15"),
    ]


def test_a_new_contact_person_is_made_with_the_agreement(as_user, holder, internship) -> None:
    data = form_data(None, contact_name="Ny Person", contact_phone="12 34 56 78")
    assert as_user(holder).post(agreement_url(internship), data).status_code == 302
    assert WorkAgreement.objects.get().company_contact.name == "Ny Person"
    assert as_user(holder).post(agreement_url(internship), data).status_code == 302
    assert CompanyContact.objects.filter(name="Ny Person").count() == 1
    assert WorkAgreement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tasks": ""}, "Dette felt er påkrævet"),
        ({"company_contact": ""}, "Vælg en kontaktperson, eller skriv navnet på en ny."),
        ({"week-2-internship_from": "08:00"}, "Skriv både fra og til."),
        ({"week-0-internship_to": "08:00"}, "Arbejdsdagen skal slutte, efter at den er begyndt"),
        ({"week-0-ordinary_from": "11:00"}, "To perioder overlapper hinanden den dag."),
        (
            {"week-0-ordinary_from": "22:00", "week-0-ordinary_to": "10:00"},
            "To perioder overlapper hinanden.",
        ),
        ({"week-1-internship_from": "kl. ni"}, "Indtast en gyldig tid."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    as_user, holder, internship, wrong, message
) -> None:
    data = {**form_data(internship.company.contacts.get()), "goals": "Møde præcis", **wrong}
    response = as_user(holder).post(agreement_url(internship), data)
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert "Møde præcis" in page
    assert ("Der er en fejl i ugeskemaet" in page) is any(name.startswith("week") for name in wrong)
    assert not WorkAgreement.objects.exists()


def test_a_foreign_contact_person_is_refused(as_user, holder, internship) -> None:
    response = as_user(holder).post(agreement_url(internship), form_data(CompanyContactFactory()))
    assert response.status_code == 200
    assert not WorkAgreement.objects.exists()


def test_a_stale_save_shows_both_and_loses_neither(as_user, holder, internship) -> None:
    save_agreement(internship, content={**CONTENT, "goals": "Deres mål"})
    contact = internship.company.contacts.get()
    response = as_user(holder).post(
        agreement_url(internship), form_data(contact, version=0, goals="Mine mål")
    )
    page = response.content.decode()
    assert response.status_code == 409
    for words in ("Deres mål", "Mine mål", "mandag 12.30–14.00"):
        assert words.lower() in page.lower()
    assert WorkAgreement.objects.count() == 1
    second_response = as_user(holder).post(
        agreement_url(internship), form_data(contact, version=1, goals="Begges mål")
    )
    assert second_response.status_code == 302
    assert WorkAgreement.objects.get(state="awaiting").goals == "Begges mål"


def pdf_of(client, agreement):
    response = client.get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(response.content))


def test_the_document_is_tagged_and_says_what_was_agreed(as_user, holder, course, internship) -> None:
    agreement = save_agreement(
        internship, schedule=[work_period(1, "08:30", "12:00"), work_period(1, "12:30", "14:00", "ordinary")]
    )
    document = pdf_of(as_user(holder), agreement)
    text = "\n".join(page.extract_text() for page in document.pages)
    for words in (
        "Arbejdsaftale",
        "Testborger Ågesen",
        "Bageren & Co. ApS",
        "Karla Kontakt",
        "Pakke brød og feje",
        "Møde tre dage om ugen",
        "En fast kollega",
        "Ingen tunge løft",
        "08.30–12.00",
        "12.30–14.00",
        "3,5",
        "1,5",
        "Mette Mentor",
        *agreement.progression_questions,
    ):
        assert " ".join(words.split()) in " ".join(text.split()), words
    assert text.count("Dato og underskrift") == 3
    assert course.citizen.cpr not in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == "da"
    assert len(document.pages) <= 2
    assert AccessRecord.objects.filter(action="course.agreement.pdf").count() == 1


def test_the_files_name_tells_nothing_about_the_citizen(as_user, holder, internship) -> None:
    agreement = save_agreement(internship)
    response = as_user(holder).get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert "Testborger" not in response["Content-Disposition"]
    assert "arbejdsaftale-" in response["Content-Disposition"]


def test_strangers_get_neither_form_nor_document(as_user, stranger, internship) -> None:
    agreement = save_agreement(internship)
    client = as_user(stranger)
    assert client.get(agreement_url(internship)).status_code == 404
    assert client.get(reverse("companies:agreement_pdf", args=[agreement.public_id])).status_code == 404
    assert AccessRecord.objects.filter(outcome="refused").count() == 2
