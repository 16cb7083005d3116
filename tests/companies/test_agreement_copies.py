"""A made work agreement stays as it was made, whatever is changed elsewhere afterwards (D15, D37)."""

import datetime
import re

import pytest
from django.urls import reverse

from companies.actions import companies, placements
from companies.models import WorkAgreement
from tests.companies.test_agreement_pages import DAY, form_data, line, make, page_of
from tests.pdf_text import pdf_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def agreement_as_shown(client, agreement) -> tuple[str, str]:
    """The text of the agreement's PDF, and its part of the placement's page."""
    answer = client.get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert answer.status_code == 200
    page = client.get(reverse("companies:placement", args=[agreement.placement.public_id]))
    section = re.search(r'<section [^>]*"h-agreement".*?</section>', page.content.decode(), re.DOTALL)
    assert section
    return pdf_text(answer.content), section[0]


def rename_company_from_another_project(client, stranger, company) -> None:
    """Somebody of another project corrects the company and its contact person on their pages."""
    client.force_login(stranger)
    company.refresh_from_db()
    answers = [
        client.post(
            reverse("companies:correct_company", args=[company.cvr]),
            {"name": "Fremmed Navn A/S", "ordinary_employees": "4", "version": company.version},
        )
    ]
    contact = company.contacts.get()
    changes = {
        "name": "Anden Person",
        "title": "Direktør",
        "phone": "99 99 99 99",
        "email": "ny@example.invalid",
    }
    answers.append(
        client.post(
            reverse("companies:correct_contact", args=[contact.public_id]),
            {**changes, "version": contact.version},
        )
    )
    assert [answer.status_code for answer in answers] == [302, 302]


def rename_citizen(course) -> None:
    """Correct the name of the course's citizen."""
    course.referral.name = "Rettet Navn"
    course.referral.save()


@pytest.fixture
def agreement(internship):
    """A made agreement with the week of `form_data`, whose contact person has all details."""
    contact = internship.company.contacts.get()
    details = {"title": "Mester", "phone": "12 34 56 78", "email": "karla@example.invalid"}
    companies.save_contact(internship.company, {"name": contact.name, **details}, contact)
    week = [line(1, "08:30", "12:00"), line(1, "12:30", "14:00", "ordinary"), line(2, "09:00", "13:15")]
    return make(internship, schedule=week)


def test_company_renamed_by_another_project_leaves_the_agreement_as_it_was(
    client, holder, stranger, agreement
) -> None:
    client.force_login(holder)
    before = agreement_as_shown(client, agreement)
    for words in ("Bageren & Co. ApS", "Karla Kontakt, Mester, 12 34 56 78, karla@example.invalid"):
        assert words in before[0]
    rename_company_from_another_project(client, stranger, agreement.placement.company)
    client.force_login(holder)
    assert agreement_as_shown(client, agreement) == before


def test_changes_in_the_own_project_leave_the_agreement_as_it_was(
    client, course, holder, internship, agreement
) -> None:
    client.force_login(holder)
    before = agreement_as_shown(client, agreement)
    rename_citizen(course)
    holder.name = "Jonna Nygift"
    holder.save()
    internship.refresh_from_db()
    internship.p_number = "1234567890"
    internship.save()
    placements.change_hours(internship, internship_hours=3, ordinary_hours=2)
    placements.end_placement(internship, ended_on=DAY - datetime.timedelta(days=1), today=DAY)
    after = agreement_as_shown(client, agreement)
    assert after == before


def test_saving_afterwards_makes_a_new_version_with_the_new_facts(
    client, course, holder, stranger, internship, agreement
) -> None:
    rename_company_from_another_project(client, stranger, internship.company)
    rename_citizen(course)
    client.force_login(holder)
    contact = internship.company.contacts.get()
    before = agreement_as_shown(client, agreement)[0]
    data = form_data(contact, version=1)
    assert client.post(page_of(internship), data).status_code == 302
    second = WorkAgreement.objects.get(state="active")
    assert second.number == 2
    text = agreement_as_shown(client, second)[0]
    for words in (
        "Fremmed Navn A/S",
        "Anden Person, Direktør, 99 99 99 99, ny@example.invalid",
        "Rettet Navn",
    ):
        assert words in text
        assert words not in before
    assert agreement_as_shown(client, agreement)[0] == before


def test_saving_again_unchanged_makes_no_new_version(client, holder, internship, agreement) -> None:
    client.force_login(holder)
    contact = internship.company.contacts.get()
    assert client.post(page_of(internship), form_data(contact, version=1)).status_code == 302
    assert WorkAgreement.objects.get() == agreement


def test_contact_details_are_copied_as_they_are_when_the_agreement_is_made(internship) -> None:
    as_the_form_had_it = internship.company.contacts.get()
    contact = internship.company.contacts.get()
    companies.save_contact(internship.company, {"phone": "11 22 33 44"}, contact)
    assert make(internship, contact=as_the_form_had_it).company_contact_phone == "11 22 33 44"


def test_who_made_it_is_named_as_then(client, holder, colleague, internship) -> None:
    made = make(internship, by=colleague)
    client.force_login(holder)
    colleague.name = "Kim Omdøbt"
    colleague.save()
    assert "Kim Kollega" in agreement_as_shown(client, made)[1]
