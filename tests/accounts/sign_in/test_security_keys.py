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
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def unplug(key):
    """Take the virtual key out, as if it were at home."""
    session, number = key
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": number})


def sign_in(page):
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail").fill("mentor@example.invalid")
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log ind").click()


def add_key(page):
    """Set up the key that is plugged in, in the session of a signed-in person."""
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Adgangskode").fill(PASSWORD)  # asked for again before a second step is set up
    page.get_by_role("main").get_by_role("button", name="Fortsæt").click()
    page.get_by_role("button", name="Tilføj nøglen").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")


def sign_in_anew(page):
    page.goto(reverse("account_logout"))
    page.get_by_role("main").get_by_role("button", name="Log ud").click()
    page.wait_for_url(f"**{reverse('account_login')}")
    sign_in(page)
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")


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
    sign_in_anew(page)
    assert_axe_clean(page)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    page.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)
    page.goto(reverse("account"))
    expect(page.get_by_role("heading", name="Din konto")).to_be_visible()
    assert SecurityRecord.objects.filter(subject=mentor, kind="second_step_added", detail="webauthn").exists()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_key_that_does_not_answer_is_told_of(open_page, mentor, width):
    page = open_page(width)
    key = plug_in_key(page)
    sign_in(page)
    add_key(page)
    sign_in_anew(page)
    unplug(key)
    plug_in_key(page)  # another one, that is not added here
    not_used = page.get_by_role("alert").filter(has_text="Sikkerhedsnøglen blev ikke brugt")
    expect(not_used).to_be_hidden()
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    expect(not_used).to_be_visible()
    assert_axe_clean(page)


def test_an_answer_that_the_server_refuses_is_told_of(open_page, mentor):
    """Here the page was opened before another tab asked the key: the challenge is not the latest."""
    page = open_page()
    plug_in_key(page)
    sign_in(page)
    add_key(page)
    sign_in_anew(page)
    page.request.get(page.url)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    refused = page.get_by_text("Sikkerhedsnøglen blev ikke godkendt")
    expect(refused).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    page.wait_for_url(lambda url: reverse("mfa_authenticate") not in url)


def test_the_key_once_more_names_the_act_and_says_what_fails(open_page, mentor):
    page = open_page()
    plug_in_key(page)
    sign_in(page)
    add_key(page)
    page.goto(f"{reverse('mfa_reauthenticate_webauthn')}?next={reverse('mfa_generate_recovery_codes')}")
    expect(page.get_by_text("før du kan lave nye genoprettelseskoder")).to_be_visible()
    expect(page.get_by_role("link", name="Annullér")).to_have_attribute("href", reverse("mfa_index"))
    page.request.get(page.url)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    expect(page.get_by_text("Sikkerhedsnøglen blev ikke godkendt")).to_be_visible()
    expect(page.get_by_text("før du kan lave nye genoprettelseskoder")).to_be_visible()
    assert_axe_clean(page)
    page.get_by_role("button", name="Brug en sikkerhedsnøgle").click()
    page.wait_for_url(f"**{reverse('mfa_generate_recovery_codes')}")
