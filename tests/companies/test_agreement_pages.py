"""The work agreement (D15): its form, its versions, and the document to sign."""

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
from companies.models import AnnexQuestions, CompanyContact, WorkAgreement
from companies.rules.weekly_schedule import WorkPeriod, clashes, weekly_hours
from jobfirst.kit.versioned import StaleError
from tests.factories import CompanyContactFactory, WorkAgreementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.date(2016, 5, 18)
CONTENT = {
    "tasks": "Pakke brød og feje",
    "goals": "Møde hver dag",
    "subgoals": "Møde tre dage om ugen",
    "support_needs": "En fast kollega",
    "accommodations": "Ingen tunge løft",
}


def time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


def line(weekday: int, first: str, last: str, kind: str = "internship") -> WorkPeriod:
    return WorkPeriod(weekday, time(first), time(last), kind)


def form_data(contact: CompanyContact | None, version: int = 0, **fields: str) -> dict[str, str]:
    """What the browser sends: the content, and a week with Monday and Tuesday filled in."""
    week = {
        "week-TOTAL_FORMS": "7",
        "week-INITIAL_FORMS": "7",
        "week-0-internship_from": "08:30",
        "week-0-internship_to": "12:00",
        "week-0-ordinary_from": "12:30",
        "week-0-ordinary_to": "14:00",
        "week-1-internship_from": "09:00",
        "week-1-internship_to": "13:15",
    }
    return {
        **CONTENT,
        **week,
        "version": str(version),
        "submission": str(uuid.uuid4()),
        "company_contact": str(contact.pk) if contact else "",
        **fields,
    }


def make(internship, **changes):
    values = {
        "content": CONTENT,
        "contact": internship.company.contacts.first(),
        "schedule": [line(1, "08:30", "12:00")],
        "made_on": DAY,
        **changes,
    }
    return agreements.save_agreement(internship, **values)


# The rule and the action


def test_weekly_hours_are_exact_and_kinds_apart() -> None:
    week = [line(1, "08:30", "12:00"), line(2, "09:00", "13:20"), line(1, "12:30", "14:00", "ordinary")]
    assert str(weekly_hours(week, "internship")) == "7.83"
    assert str(weekly_hours(week, "ordinary")) == "1.50"


def test_one_is_at_work_once_at_a_time() -> None:
    assert clashes([line(1, "08:00", "12:00"), line(1, "12:00", "13:00", "ordinary")]) == set()
    assert clashes([line(1, "08:00", "12:00"), line(2, "11:00", "13:00"), line(1, "11:59", "13:00")]) == {1}


def test_other_content_is_a_new_version_and_the_one_before_is_replaced(internship) -> None:
    first = make(internship)
    same = make(internship)
    assert same == first
    second_content = {**CONTENT, "goals": "Møde til tiden"}
    second = make(internship, content=second_content)
    third = make(
        internship, content={**CONTENT, "goals": "Møde til tiden"}, schedule=[line(3, "08:00", "12:00")]
    )
    assert [(one.number, one.state) for one in internship.agreements.all()] == [
        (3, "active"),
        (2, "replaced"),
        (1, "replaced"),
    ]
    assert (second.number, third.schedule.get().weekday) == (2, 3)
    assert first.progression_questions == AnnexQuestions.objects.in_force_or_first(DAY).questions
    assert AnnexQuestions.objects.in_force_or_first(DAY).is_own_choice


def test_two_who_write_at_once_do_not_overwrite_each_other(internship) -> None:
    make(internship, version=0)
    with pytest.raises(StaleError) as caught:
        make(internship, version=0, content={**CONTENT, "goals": "Andet"})
    assert caught.value.current.number == 1
    assert make(internship, version=1, content={**CONTENT, "goals": "Andet"}).number == 2


def test_the_same_form_sent_twice_makes_one_version(internship) -> None:
    token = uuid.uuid4()
    assert make(internship, submission=token) == make(internship, submission=token)


def test_the_database_keeps_one_version_in_force(internship) -> None:
    first = make(internship)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkAgreementFactory(placement=internship, number=2, company_contact=first.company_contact)


def test_accommodations_still_in_force_reach_the_agreement(course) -> None:
    record_accommodation(course, description="Pauser", from_on=DAY)
    record_accommodation(
        course, description="Er slut", from_on=datetime.date(2016, 4, 5), until_on=datetime.date(2016, 5, 1)
    )
    assert agreements.accommodations_on(course, DAY) == "Pauser"


# The pages


def page_of(internship) -> str:
    return reverse("companies:agreement", args=[internship.public_id])


def test_the_form_starts_with_the_match_the_contact_and_the_accommodations(
    as_user, holder, course, internship
) -> None:
    record_accommodation(course, description="Ingen tunge løft", from_on=DAY)
    page = as_user(holder).get(page_of(internship)).content.decode()
    assert "Ingen tunge løft" in page
    assert ">Bager</textarea>" in page.replace("\n", "")
    assert "Karla Kontakt" in page
    assert "projektets eget valg" in page
    assert AccessRecord.objects.filter(
        action="course.agreement", citizens=[course.citizen.public_id]
    ).exists()


def test_saving_makes_version_one_with_its_week(as_user, holder, internship) -> None:
    contact = internship.company.contacts.get()
    answer = as_user(holder).post(page_of(internship), form_data(contact))
    assert answer.status_code == 302, answer.content.decode()
    agreement = WorkAgreement.objects.get()
    assert (agreement.number, agreement.tasks, agreement.made_by) == (1, "Pakke brød og feje", holder)
    assert agreement.periods() == [
        line(1, "08:30", "12:00"),
        line(1, "12:30", "14:00", "ordinary"),
        line(2, "09:00", "13:15"),
    ]


def test_a_new_contact_person_is_made_with_the_agreement(as_user, holder, internship) -> None:
    data = form_data(None, contact_name="Ny Person", contact_phone="12 34 56 78")
    assert as_user(holder).post(page_of(internship), data).status_code == 302
    assert WorkAgreement.objects.get().company_contact.name == "Ny Person"
    assert as_user(holder).post(page_of(internship), data).status_code == 302
    assert CompanyContact.objects.filter(name="Ny Person").count() == 1
    assert WorkAgreement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tasks": ""}, "Dette felt er påkrævet"),
        ({"company_contact": ""}, "Vælg en kontaktperson, eller skriv navnet på en ny."),
        ({"week-2-internship_from": "08:00"}, "Skriv både fra og til."),
        ({"week-0-internship_to": "08:00"}, "Arbejdsdagen skal slutte, efter at den er begyndt."),
        ({"week-0-ordinary_from": "11:00"}, "Praktik og ordinære timer overlapper hinanden den dag."),
        ({"week-1-internship_from": "kl. ni"}, "Indtast en gyldig tid."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_typed_is_lost(
    as_user, holder, internship, wrong, message
) -> None:
    data = {**form_data(internship.company.contacts.get()), "goals": "Møde præcis", **wrong}
    answer = as_user(holder).post(page_of(internship), data)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert message in page
    assert "Møde præcis" in page
    assert not WorkAgreement.objects.exists()


def test_a_foreign_contact_person_is_refused(as_user, holder, internship) -> None:
    answer = as_user(holder).post(page_of(internship), form_data(CompanyContactFactory()))
    assert answer.status_code == 200
    assert not WorkAgreement.objects.exists()


def test_a_stale_save_shows_both_and_loses_neither(as_user, holder, internship) -> None:
    make(internship, content={**CONTENT, "goals": "Deres mål"})
    contact = internship.company.contacts.get()
    answer = as_user(holder).post(page_of(internship), form_data(contact, version=0, goals="Mine mål"))
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Deres mål", "Mine mål", "mandag 12:30–14:00"):
        assert words.lower() in page.lower()
    assert WorkAgreement.objects.count() == 1
    again = as_user(holder).post(page_of(internship), form_data(contact, version=1, goals="Begges mål"))
    assert again.status_code == 302
    assert WorkAgreement.objects.get(state="active").goals == "Begges mål"


def pdf_of(client, agreement):
    answer = client.get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.content))


def test_the_document_is_tagged_and_says_what_was_agreed(as_user, holder, course, internship) -> None:
    agreement = make(internship, schedule=[line(1, "08:30", "12:00"), line(1, "12:30", "14:00", "ordinary")])
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
        "08:30–12:00",
        "12:30–14:00",
        "3,5",
        "1,5",
        "Jonna Jobkonsulent",
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
    agreement = make(internship)
    answer = as_user(holder).get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert "Testborger" not in answer["Content-Disposition"]
    assert "arbejdsaftale-" in answer["Content-Disposition"]


def test_strangers_get_neither_form_nor_document(as_user, stranger, internship) -> None:
    agreement = make(internship)
    client = as_user(stranger)
    assert client.get(page_of(internship)).status_code == 404
    assert client.get(reverse("companies:agreement_pdf", args=[agreement.public_id])).status_code == 404
    assert AccessRecord.objects.filter(outcome="refused").count() == 2
