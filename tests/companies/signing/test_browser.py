"""A work agreement from the form to the seal in Chromium: three people at three phones (D15, D37)."""

import re

import pytest
from django.urls import reverse

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from cases.models import CitizenContact
from companies.models import CompanyContact, WorkAgreement
from jobfirst.messaging.outgoing import SendingState
from tests.browser import PHONE, assert_axe_clean, draw_signature, screenshot
from tests.companies.annex.factories import secret_in
from tests.scenarios.signing import sign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


@pytest.fixture
def reachable(internship, course):
    """The citizen and the contact person have e-mail addresses."""
    CompanyContact.objects.filter(company=internship.company).update(email="karla@example.invalid")
    CitizenContact.objects.create(course=course, email="borger@example.invalid")
    return internship


def links_in(mailoutbox, to: str) -> str:
    """Send what waits, and return the secret of the newest mail to the address."""
    for link in SignedLink.objects.filter(state=SendingState.PENDING):
        send_link(link.pk)
    return secret_in(next(mail for mail in reversed(mailoutbox) if mail.to == [to]).body)


def write_agreement(page, internship) -> None:
    page.goto(reverse("companies:agreement", args=[internship.public_id]))
    page.get_by_label("Arbejdsopgaver").fill("Pakke brød")
    page.get_by_label("Mål for progressionen").fill("Møde hver dag")
    page.get_by_role("button", name="Gem arbejdsaftalen").click()
    page.wait_for_url("**/arbejdsaftaler/*/")


def test_three_people_sign_at_three_phones(open_page, reachable, holder, mailoutbox) -> None:
    consultant = open_page(PHONE, user=holder)
    write_agreement(consultant, reachable)
    assert_axe_clean(consultant)
    screenshot(consultant, "agreement-page")
    for party in ("Borgeren", "Virksomheden"):
        consultant.get_by_role("button", name=re.compile(f"Send link til underskrift ?: {party}")).click()
        consultant.wait_for_load_state()
    citizen, company = open_page(PHONE), open_page(PHONE, javascript=False)
    citizen.goto(reverse("companies:sign_by_link", args=[links_in(mailoutbox, "borger@example.invalid")]))
    assert_axe_clean(citizen)
    screenshot(citizen, "agreement-by-link")
    draw_signature(citizen)
    citizen.get_by_label("Jeg har læst aftalen").check()
    citizen.get_by_role("button", name="Skriv under").click()
    citizen.get_by_role("heading", name="Tak, aftalen er underskrevet").wait_for()
    screenshot(citizen, "agreement-thanks")
    company.goto(reverse("companies:sign_by_link", args=[links_in(mailoutbox, "karla@example.invalid")]))
    company.get_by_label("Jeg skriver mit navn").check()
    company.get_by_label("Dit navn, som det står i dokumentet").fill("Karla Kontakt")
    company.get_by_label("Jeg har læst aftalen").check()
    company.get_by_role("button", name="Skriv under").click()
    company.get_by_role("heading", name="Tak, aftalen er underskrevet").wait_for()
    consultant.reload()
    consultant.get_by_role("link", name=re.compile("Læs og skriv under ?: Jobcenteret")).click()
    consultant.get_by_label("Jeg har læst aftalen").check()
    screenshot(consultant, "agreement-sign")
    consultant.get_by_role("button", name="Skriv under").click()
    consultant.wait_for_url("**/arbejdsaftaler/*/")
    assert_axe_clean(consultant)
    screenshot(consultant, "agreement-sealed")
    agreement = WorkAgreement.objects.get()
    assert agreement.state == "signed"
    company.goto(reverse("companies:read_by_link", args=[links_in(mailoutbox, "karla@example.invalid")]))
    assert agreement.seal.sha256 in company.content()
    screenshot(company, "agreement-copy")
    company.goto(reverse("companies:check_agreement"))
    company.get_by_label("Seglet, som står på aftalen").fill(agreement.seal.sha256)
    company.get_by_role("button", name="Tjek aftalen").click()
    company.get_by_text("Aftalen er ægte").first.wait_for()
    screenshot(company, "agreement-check")


def test_the_warning_comes_before_the_copy_of_a_protected_citizen(
    open_page, agreement, course, holder
) -> None:
    CitizenContact.objects.create(course=course, has_protected_address=True)
    sign(agreement, "citizen", holder)
    page = open_page(PHONE, user=holder)
    page.goto(reverse("companies:agreement_signed_here", args=[agreement.public_id, "citizen"]))
    page.get_by_role("link", name="Gem eller udskriv den som PDF").click()
    page.get_by_role("heading", name="Borgeren er beskyttet", level=1).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Fortsæt alligevel").click()
    assert download.value.suggested_filename.endswith(".pdf")
