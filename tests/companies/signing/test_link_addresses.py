"""Links after the course, and after an address was corrected: who reads the earlier one has none (D44)."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.actions import send_to_new_address
from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from cases.actions.citizen_contact import update_citizen_contact
from cases.models import CitizenContact, Course
from companies.actions.companies import save_contact
from companies.models import AgreementParty, AgreementSignature, CompanyContact
from companies.signing.links import READ, SIGN, send_link_to
from tests.companies.annex.factories import secret_in
from tests.scenarios.signing import fresh, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def contact(agreement):
    """The contact person, who has an e-mail address."""
    CompanyContact.objects.filter(company=agreement.placement.company).update(email="karla@example.invalid")
    return agreement.placement.company.contacts.get()


def sent_secret(agreement, mailoutbox, party=AgreementParty.COMPANY, purpose=SIGN) -> str:
    send_link_to(purpose, fresh(agreement), party, by=None, at=timezone.now())
    send_link(SignedLink.objects.latest("pk").pk)
    return secret_in(mailoutbox[-1].body)


def status_of(name: str, secret: str) -> int:
    return Client().get(reverse(f"companies:{name}", args=[secret])).status_code


def correct(contact, **fields):
    return save_contact(
        contact.company,
        {**{name: getattr(contact, name) for name in CompanyContact.DETAILS}, **fields},
        contact,
        project=contact.project,
    )


@pytest.mark.parametrize("page", ["sign_by_link", "decline_by_link"])
def test_nothing_is_shown_to_sign_after_the_course(agreement, contact, mailoutbox, page) -> None:
    secret = sent_secret(agreement, mailoutbox)
    assert status_of(page, secret) == 200
    Course.objects.update(ended_on=datetime.date(2016, 5, 17), end_reason="other")
    assert status_of(page, secret) == 404
    assert not AgreementSignature.objects.exists()


def test_the_copy_is_still_read_after_the_course(agreement, contact, holder, mailoutbox) -> None:
    sign_all(agreement, holder)
    secret = sent_secret(agreement, mailoutbox, purpose=READ)
    Course.objects.update(ended_on=datetime.date(2016, 5, 17), end_reason="other")
    assert status_of("read_by_link", secret) == 200


def test_a_link_that_went_to_a_wrong_address_is_gone_and_goes_to_the_right_one(
    agreement, contact, mailoutbox
) -> None:
    secret = sent_secret(agreement, mailoutbox)
    correct(contact, email="karla.kontakt@example.invalid")
    assert status_of("sign_by_link", secret) == 404
    send_link(SignedLink.objects.latest("pk").pk)
    assert mailoutbox[-1].to == ["karla.kontakt@example.invalid"]
    assert status_of("sign_by_link", secret_in(mailoutbox[-1].body)) == 200


def test_a_corrected_title_leaves_the_link(agreement, contact, mailoutbox) -> None:
    secret = sent_secret(agreement, mailoutbox)
    correct(contact, title="Bagermester")
    assert status_of("sign_by_link", secret) == 200
    assert SignedLink.objects.count() == 1


def test_an_address_that_is_removed_takes_the_link_along(agreement, contact, mailoutbox) -> None:
    secret = sent_secret(agreement, mailoutbox)
    correct(contact, email="")
    assert status_of("sign_by_link", secret) == 404


def test_the_citizen_s_links_follow_the_address_as_well(agreement, course, mailoutbox) -> None:
    CitizenContact.objects.create(course=course, email="forkert@example.invalid")
    secret = sent_secret(agreement, mailoutbox, AgreementParty.CITIZEN)
    update_citizen_contact(course, {"email": "borger@example.invalid"})
    assert status_of("sign_by_link", secret) == 404
    send_link(SignedLink.objects.latest("pk").pk)
    assert mailoutbox[-1].to == ["borger@example.invalid"]


def test_used_and_expired_links_are_not_sent_anew(agreement, contact, mailoutbox) -> None:
    sent_secret(agreement, mailoutbox)
    SignedLink.objects.update(used_at=timezone.now())
    assert send_to_new_address(contact.public_id, now=timezone.now()) == 0
    SignedLink.objects.update(used_at=None, expires_at=timezone.now())
    assert send_to_new_address(contact.public_id, now=timezone.now()) == 0
