"""The citizen's signature by link in Chromium; the whole of it is in `tests/walk/test_agreement.py` (D37)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.links.delivery import send_link
from accounts.links.models import SignedLink
from cases.models import CitizenContact
from companies.signing.links import SIGN, send_link_to
from jobfirst.messaging.outgoing import SendingState
from tests.browser import PHONE, assert_axe_clean, screenshot
from tests.companies.annex.factories import secret_in
from tests.scenarios.signing import fresh, sign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wednesday"),
]


def secret_of_last_link(mailoutbox) -> str:
    """Send the links that wait; return the secret in the last mail."""
    for link in SignedLink.objects.filter(state=SendingState.PENDING):
        send_link(link.pk)
    return secret_in(mailoutbox[-1].body)


def draw(page) -> None:
    page.get_by_label("Jeg tegner min underskrift").check()
    box = page.locator("[data-sign-pad] canvas").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 60 + (20 if step % 2 else -20))
    page.mouse.up()


def test_the_citizen_draws_by_link_and_gets_the_copy(
    open_page, agreement, course, holder, mailoutbox
) -> None:
    CitizenContact.objects.create(course=course, email="borger@example.invalid")
    send_link_to(SIGN, fresh(agreement), "citizen", by=None, at=timezone.now())
    citizen = open_page(PHONE)
    citizen.goto(reverse("companies:sign_by_link", args=[secret_of_last_link(mailoutbox)]))
    assert_axe_clean(citizen)
    screenshot(citizen, "agreement-by-link")
    draw(citizen)
    citizen.get_by_label("Jeg har læst aftalen").check()
    citizen.get_by_role("button", name="Skriv under").click()
    citizen.get_by_role("heading", name="Tak, aftalen er underskrevet").wait_for()
    assert_axe_clean(citizen)
    screenshot(citizen, "agreement-signed-by-link")
    sign(agreement, "company", holder)
    sign(agreement, "jobcentre", holder)
    citizen.goto(reverse("companies:read_by_link", args=[secret_of_last_link(mailoutbox)]))
    citizen.get_by_role("heading", name="Den underskrevne arbejdsaftale").wait_for()
    assert fresh(agreement).seal.sha256 in citizen.content()
    assert_axe_clean(citizen)
    screenshot(citizen, "agreement-copy")
