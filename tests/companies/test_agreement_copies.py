"""A work agreement does not change when names, contacts or hours change elsewhere (D15, D37)."""

import datetime
import re

import pytest
from django.urls import reverse

from companies.actions import companies, placements
from companies.models import WorkAgreement
from tests.pdf_text import pdf_text
from tests.scenarios.changed_names import rename_citizen
from tests.scenarios.work_agreements import (
    SIGNED_ON,
    agreement_url,
    form_data,
    save_agreement,
    work_period,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def agreement_as_shown(client, agreement) -> tuple[str, str]:
    """Return the text of the agreement's PDF, and its section of the placement's page."""
    response = client.get(reverse("companies:agreement_pdf", args=[agreement.public_id]))
    assert response.status_code == 200
    page = client.get(reverse("companies:placement", args=[agreement.placement.public_id]))
    section = re.search(r'<section [^>]*"h-agreement".*?</section>', page.content.decode(), re.DOTALL)
    assert section
    return pdf_text(response.content), section[0]


def rename_company_from_another_project(client, stranger, company) -> None:
    """Have a user of another project correct the company, and try to correct its contact person."""
    client.force_login(stranger)
    company.refresh_from_db()
    responses = [
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
    responses.append(
        client.post(
            reverse("companies:correct_contact", args=[contact.public_id]),
            {**changes, "version": contact.version},
        )
    )
    assert [response.status_code for response in responses] == [302, 404]


@pytest.fixture
def agreement(internship):
    """A work agreement with the week of `form_data`, whose contact person has all details."""
    contact = internship.company.contacts.get()
    details = {"title": "Mester", "phone": "12 34 56 78", "email": "karla@example.invalid"}
    companies.save_contact(
        internship.company, {"name": contact.name, **details}, contact, project=contact.project
    )
    week = [
        work_period(1, "08:30", "12:00"),
        work_period(1, "12:30", "14:00", "ordinary"),
        work_period(2, "09:00", "13:15"),
    ]
    return save_agreement(internship, schedule=week)


def test_company_renamed_by_another_project_leaves_the_agreement_as_it_was(
    client, holder, stranger, agreement
) -> None:
    client.force_login(holder)
    pages_before = agreement_as_shown(client, agreement)
    for words in ("Bageren & Co. ApS", "Karla Kontakt, Mester", "12 34 56 78", "karla@example.invalid"):
        assert words in pages_before[0]
    rename_company_from_another_project(client, stranger, agreement.placement.company)
    client.force_login(holder)
    assert agreement_as_shown(client, agreement) == pages_before


def test_changes_in_the_own_project_leave_the_agreement_as_it_was(
    client, course, holder, internship, agreement
) -> None:
    client.force_login(holder)
    pages_before = agreement_as_shown(client, agreement)
    rename_citizen(course)
    holder.name = "Mette Nygift"
    holder.save()
    internship.refresh_from_db()
    internship.workplace = companies.workplace_by_number(internship.company, "1234567890")
    internship.save()
    placements.change_hours(internship, from_on=internship.starts_on, internship_hours=3, ordinary_hours=2)
    placements.end_placement(internship, ended_on=SIGNED_ON - datetime.timedelta(days=1), today=SIGNED_ON)
    pages_after = agreement_as_shown(client, agreement)
    assert pages_after == pages_before


def test_saving_afterwards_makes_a_new_version_with_the_new_facts(
    client, course, holder, stranger, internship, agreement
) -> None:
    rename_company_from_another_project(client, stranger, internship.company)
    rename_citizen(course)
    client.force_login(holder)
    contact = internship.company.contacts.get()
    details = {"name": "Anden Person", "title": "Direktør", "phone": "99 99 99 99"}
    companies.save_contact(internship.company, details, contact, project=contact.project)
    text_before = agreement_as_shown(client, agreement)[0]
    data = form_data(contact, version=1)
    assert client.post(agreement_url(internship), data).status_code == 302
    second = WorkAgreement.objects.get(state="awaiting")
    assert second.number == 2
    text = agreement_as_shown(client, second)[0]
    for words in (
        "Fremmed Navn A/S",
        "Anden Person, Direktør",
        "99 99 99 99",
        "Rettet Navn",
    ):
        assert words in text
        assert words not in text_before
    assert agreement_as_shown(client, agreement)[0] == text_before


def test_saving_again_unchanged_makes_no_new_version(client, holder, internship, agreement) -> None:
    client.force_login(holder)
    contact = internship.company.contacts.get()
    assert client.post(agreement_url(internship), form_data(contact, version=1)).status_code == 302
    assert WorkAgreement.objects.get() == agreement


def test_contact_details_are_copied_as_they_are_when_the_agreement_is_made(internship) -> None:
    stale_contact = internship.company.contacts.get()
    contact = internship.company.contacts.get()
    companies.save_contact(internship.company, {"phone": "11 22 33 44"}, contact, project=contact.project)
    assert save_agreement(internship, contact=stale_contact).company_contact_phone == "11 22 33 44"


def test_who_made_it_is_named_as_then(client, holder, colleague, internship) -> None:
    agreement = save_agreement(internship, by=colleague)
    client.force_login(holder)
    colleague.name = "Kim Omdøbt"
    colleague.save()
    assert "Kim Kollega" in agreement_as_shown(client, agreement)[1]
