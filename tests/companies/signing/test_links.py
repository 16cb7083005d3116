"""Citizen and company sign, decline and read a work agreement by a link of their own (D37, D44)."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.links.actions import last_links
from accounts.links.delivery import send_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.requests import handle_requests, request_link
from accounts.models import User
from audit.models import AccessRecord
from cases.models import CitizenContact
from companies.actions.withdrawals import withdraw_as_no_show
from companies.models import AgreementSignature, CompanyContact, WorkAgreement
from companies.signing.links import READ, SIGN, linked_agreement
from reminders.models import Reminder
from tests.companies.annex.factories import secret_in
from tests.loops import some
from tests.pdf_text import pdf_text
from tests.scenarios.signing import fresh, sign
from tests.scenarios.work_agreements import CONTENT, save_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def reachable(agreement, course):
    """Both outside parties have an e-mail address."""
    CompanyContact.objects.filter(company=agreement.placement.company).update(email="karla@example.invalid")
    CitizenContact.objects.create(course=course, email="borger@example.invalid")
    return fresh(agreement)


@pytest.fixture
def secret_for(mailoutbox, holder: User, reachable):
    """Send a party its link from the agreement's page; return the secret that the mail has."""

    def send(party="company"):
        client = Client()
        client.force_login(holder)
        url = reverse("companies:send_agreement_link", args=[reachable.public_id, party])
        assert client.post(url).status_code == 302
        send_link(SignedLink.objects.latest("pk").pk)
        return secret_in(mailoutbox[-1].body)

    return send


def page_of(secret: str, name: str = "sign_by_link") -> str:
    return reverse(f"companies:{name}", args=[secret])


def form_on(page: str, **fields: str) -> dict[str, str]:
    hidden = dict(re.findall(r'<input type="hidden" name="(seen|submission)" value="([^"]+)"', page))
    assert set(hidden) == {"seen", "submission"}
    return {**hidden, "method": "name", "name": "Karla Kontakt", "has_read": "on", **fields}


def sign_on(secret: str, **fields: str):
    page = Client().get(page_of(secret)).content.decode()
    return Client().post(page_of(secret), form_on(page, **fields))


def test_the_company_signs_without_signing_in(secret_for, reachable) -> None:
    secret = secret_for("company")
    page = Client().get(page_of(secret)).content.decode()
    assert "Pakke brød og feje" in page
    answer = Client().post(page_of(secret), form_on(page), follow=True)
    assert "Tak, aftalen er underskrevet" in answer.content.decode()
    signature = AgreementSignature.objects.get()
    assert (signature.party, signature.is_by_link, signature.recorded_by) == ("company", True, None)


def test_the_link_is_gone_when_the_placement_is_withdrawn(secret_for, reachable, holder) -> None:
    secret = secret_for("company")
    withdraw_as_no_show(
        reachable.placement, reason="Kom ikke", by=holder, today=reachable.placement.starts_on
    )
    assert Client().get(page_of(secret)).status_code == 404


def test_the_citizen_signs_by_a_link_of_her_own(secret_for, reachable) -> None:
    sign_on(secret_for("citizen"), name="Testborger Ågesen")
    assert AgreementSignature.objects.get().party == "citizen"


@pytest.mark.parametrize("party", ["citizen", "company"])
def test_whoever_has_signed_reads_and_saves_what_was_signed(secret_for, reachable, party) -> None:
    name = "Testborger Ågesen" if party == "citizen" else "Karla Kontakt"
    answer = sign_on(secret_for(party), name=name)
    page = Client().get(answer["Location"]).content.decode()
    assert "Pakke brød og feje" in page
    assert "Jobcenteret: Ikke underskrevet" in page
    pdf = Client().get(re.search(r'href="([^"]+/pdf/)"', page)[1])
    assert "Pakke brød og feje" in pdf_text(pdf.content)
    assert name in pdf_text(pdf.content)


def test_the_link_after_signing_is_for_the_page_alone(secret_for, reachable, holder, mailoutbox) -> None:
    """It is no mail to the signer, staff see nothing of it, and asking anew sends nothing until the seal."""
    answer = sign_on(secret_for("company"))
    read = SignedLink.objects.get(purpose=READ)
    assert (read.state, read.created_by) == ("sent", None)
    assert last_links(READ, [reachable.public_id]) == {}
    request_link(answer["Location"].split("/")[-2])
    handle_requests(timezone.now())
    assert SignedLink.objects.filter(purpose=READ).count() == 1


def test_the_copy_takes_the_place_of_the_link_after_signing(secret_for, reachable, holder) -> None:
    answer = sign_on(secret_for("company"))
    sign(reachable, "citizen", holder)
    sign(reachable, "jobcentre", holder)
    assert Client().get(answer["Location"]).status_code == 404


def test_opening_the_link_signs_nothing_and_is_recorded(secret_for, reachable) -> None:
    """Mail scanners open links."""
    secret = secret_for("company")
    for method in (Client().get, Client().head):
        assert method(page_of(secret)).status_code == 200
    assert not AgreementSignature.objects.exists()
    record = AccessRecord.objects.filter(action=f"link.{SIGN}").first()
    assert record.citizens == [reachable.course.citizen.public_id]


def test_a_used_link_signs_no_more(secret_for, reachable) -> None:
    secret = secret_for("company")
    page = Client().get(page_of(secret)).content.decode()
    form = form_on(page)
    assert Client().post(page_of(secret), form).status_code == 302
    assert Client().post(page_of(secret), form).status_code == 404
    assert Client().get(page_of(secret)).status_code == 404
    assert AgreementSignature.objects.count() == 1


def test_a_link_sent_again_revokes_the_one_before(secret_for) -> None:
    first, second = secret_for("company"), secret_for("company")
    assert Client().get(page_of(first)).status_code == 404
    assert Client().get(page_of(second)).status_code == 200


def test_the_link_of_one_purpose_opens_no_other_page(secret_for) -> None:
    secret = secret_for("company")
    assert Client().get(page_of(secret, "read_by_link")).status_code == 404
    assert Client().get(page_of(secret, "pdf_by_link")).status_code == 404


def test_the_mail_says_nothing_of_the_citizen(secret_for, mailoutbox) -> None:
    secret_for("company")
    text = mailoutbox[-1].subject + mailoutbox[-1].body
    assert not re.search("Testborger|Ågesen|Bageren", text)


def test_a_party_declines_by_link_and_the_job_consultant_hears(secret_for, reachable, holder) -> None:
    secret = secret_for("company")
    url = page_of(secret, "decline_by_link")
    page = Client().get(url).content.decode()
    token = re.search(r'name="submission" value="([^"]+)"', page)[1]
    answer = Client().post(url, {"submission": token, "reason": "Helst tirsdage"})
    assert "Tak, jobcenteret får dit svar" in answer.content.decode()
    decline = fresh(reachable).declines.get()
    assert (decline.reason, decline.is_by_link) == ("Helst tirsdage", True)
    assert Reminder.objects.filter(kind="agreement_declined", recipient=holder).exists()
    assert Client().get(page_of(secret)).status_code == 404


@pytest.mark.parametrize("kind", RecipientKind.values)
def test_a_link_of_somebody_else_opens_no_agreement(reachable, kind) -> None:
    link = SignedLink(purpose=SIGN, subject=reachable.public_id, recipient_kind=kind, recipient=uuid.uuid4())
    assert linked_agreement(link) is None


def test_an_edit_revokes_the_link_and_sends_one_to_the_next_version(
    secret_for, reachable, internship, mailoutbox
) -> None:
    secret = secret_for("company")
    save_agreement(internship, content={**CONTENT, "tasks": "Bage"})
    assert Client().get(page_of(secret)).status_code == 404
    link = SignedLink.objects.latest("pk")
    assert link.subject == WorkAgreement.objects.get(number=2).public_id
    send_link(link.pk)
    page = Client().get(page_of(secret_in(mailoutbox[-1].body))).content.decode()
    assert "Bage" in page


def test_the_outside_parties_get_their_copy_when_all_have_signed(reachable, holder, mailoutbox) -> None:
    for party in ("citizen", "company", "jobcentre"):
        sign(reachable, party, holder)
    for link in SignedLink.objects.filter(purpose=READ):
        send_link(link.pk)
    assert {mail.to[0] for mail in mailoutbox} == {"karla@example.invalid", "borger@example.invalid"}
    for mail in some(mailoutbox):
        secret = secret_in(mail.body)
        page = Client().get(page_of(secret, "read_by_link")).content.decode()
        assert reachable.seal.sha256 in page
        pdf = Client().get(page_of(secret, "pdf_by_link"))
        assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
        assert bytes(reachable.seal.pdf.content) == pdf.content


def test_who_cannot_be_reached_gets_no_link(as_user, agreement, holder) -> None:
    url = reverse("companies:send_agreement_link", args=[agreement.public_id, "citizen"])
    page = as_user(holder).post(url, follow=True).content.decode()
    assert "Der er ingen e-mail eller telefon registreret" in page
    assert not SignedLink.objects.exists()


def test_a_contact_person_who_is_not_the_agreements_any_more_signs_nothing(
    secret_for, reachable, internship
) -> None:
    secret = secret_for("company")
    other = CompanyContact.objects.create(
        company=internship.company, project=internship.course.project, name="Ny Kontakt"
    )
    save_agreement(internship, contact=other)
    assert Client().get(page_of(secret)).status_code == 404
