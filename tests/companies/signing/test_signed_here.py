"""Who has signed on the phone of somebody of the team gets a copy at once, also without an address (D37)."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.links.actions import last_links
from accounts.links.models import SignedLink
from companies.signing.links import READ
from tests.pdf_text import pdf_text
from tests.scenarios.signing import sign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


@pytest.fixture
def codes(monkeypatch) -> list[str]:
    """The addresses that were shown as a code."""
    addresses: list[str] = []
    monkeypatch.setattr("companies.signing.views.qr_svg", lambda text: addresses.append(text) or "KODE")
    return addresses


def url(agreement, name: str = "agreement_signed_here", party: str = "citizen") -> str:
    return reverse(f"companies:{name}", args=[agreement.public_id, party])


def test_signing_here_leads_to_the_thanks_which_lead_nowhere_else(as_user, holder, agreement) -> None:
    client = as_user(holder)
    form = client.get(url(agreement, "sign_agreement")).context["form"]
    data = {
        "seen": form["seen"].value(),
        "submission": form["submission"].value(),
        "method": "name",
        "has_read": "on",
    }
    answer = client.post(url(agreement, "sign_agreement"), {**data, "name": "Testborger Ågesen"}, follow=True)
    assert answer.redirect_chain == [(url(agreement), 302)]
    page = answer.content.decode()
    assert "Tak, Testborger Ågesen" in page
    assert "<nav" not in page
    assert reverse("companies:agreement_pdf", args=[agreement.public_id]) in page


def test_the_code_opens_the_copy_on_another_phone_without_signing_in(
    as_user, holder, agreement, codes
) -> None:
    sign(agreement, "citizen", holder)
    page = as_user(holder).post(url(agreement)).content.decode()
    assert "KODE" in page
    address = codes[0].split("/", 3)[3]
    copy = Client().get(f"/{address}").content.decode()
    assert "Pakke brød og feje" in copy
    assert last_links(READ, [agreement.public_id]) == {}


def test_the_same_code_shows_the_finished_agreement_to_a_citizen_without_address(
    as_user, holder, agreement, codes
) -> None:
    sign(agreement, "citizen", holder)
    as_user(holder).post(url(agreement))
    sign(agreement, "company", holder)
    sign(agreement, "jobcentre", holder)
    address = codes[0].split("/", 3)[3]
    assert "Den underskrevne arbejdsaftale" in Client().get(f"/{address}").content.decode()
    pdf = Client().get(f"/{address}pdf/")
    assert "Pakke brød og feje" in pdf_text(pdf.content)


def test_opening_the_page_makes_no_link(as_user, holder, agreement) -> None:
    sign(agreement, "citizen", holder)
    as_user(holder).get(url(agreement))
    assert not SignedLink.objects.exists()


def test_who_has_not_signed_gets_no_code(as_user, holder, agreement, codes) -> None:
    page = as_user(holder).post(url(agreement)).content.decode()
    assert not codes
    assert "Denne part har ikke skrevet under" in page
    assert not SignedLink.objects.exists()
