"""A security key as second step, in a browser with a virtual one."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from accounts.roles import Role
from audit.models import SecurityRecord
from tests.browser import DESKTOP, PHONE, assert_axe_clean
from tests.factories import ProjectFactory, UserFactory

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _required(settings):
    cache.clear()
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True


@pytest.fixture
def mentor():
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="mentor@example.invalid")


def plug_in_key(page):
    """Give the browser a virtual security key that is touched at once."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasResidentKey": False,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page):
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail").fill("mentor@example.invalid")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log ind").click()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_key_is_set_up_and_signs_in(open_page, mentor, width):
    page = open_page(width)
    plug_in_key(page)
    sign_in(page)
    page.wait_for_url(f"**{reverse('mfa_index')}")
    assert_axe_clean(page)

    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Adgangskode").fill(PASSWORD)  # asked for again before a second step is set up
    page.get_by_role("main").get_by_role("button", name="Fortsæt").click()
    page.get_by_role("button", name="Tilføj nøglen").wait_for()
    assert_axe_clean(page)
    page.get_by_role("button", name="Tilføj nøglen").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    assert Authenticator.objects.filter(user=mentor, type="webauthn").count() == 1

    page.goto(reverse("mfa_list_webauthn"))
    assert_axe_clean(page)
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Log ud").click()
    page.wait_for_url(f"**{reverse('account_login')}")
    sign_in(page)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    assert_axe_clean(page)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    page.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)
    page.goto(reverse("account"))
    expect(page.get_by_role("heading", name="Din konto")).to_be_visible()
    assert SecurityRecord.objects.filter(subject=mentor, kind="second_step_added", detail="webauthn").exists()
