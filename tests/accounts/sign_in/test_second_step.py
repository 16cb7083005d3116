"""The second step of sign-in is required: without it nothing opens but the pages that set it up."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from accounts.roles import Role
from tests.factories import ProjectFactory, UserFactory

PASSWORD = "correct horse battery"
SET_UP = "mfa_index"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings, monkeypatch):
    cache.clear()
    # allauth tells of a new second step after the commit, within the request; a test's comes too late.
    monkeypatch.setattr(transaction, "on_commit", lambda call, *args, **options: call())
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True
    with time_machine.travel("2026-05-04 08:00:10+00:00", tick=False):
        yield


@pytest.fixture
def mentor():
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="mentor@example.invalid")


def sign_in(client, email="mentor@example.invalid"):
    return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def turn_on(client):
    """Set up the app; return its secret and the recovery codes."""
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret, client.get(answer.url).context["unused_codes"]


@pytest.mark.parametrize(
    "page", ["home", "account", "cases:courses", "reminders:mine", "account_change_password"]
)
def test_without_a_second_step_every_page_leads_to_its_set_up(client, mentor, page):
    sign_in(client)
    answer = client.get(reverse(page))
    assert (answer.status_code, answer.url) == (302, reverse(SET_UP))


def test_a_request_of_htmx_is_led_there_too(client, mentor):
    sign_in(client)
    answer = client.get(reverse("cases:courses"), HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"] == reverse(SET_UP)


@pytest.mark.parametrize("role", [Role.AGENCY, Role.ADMINISTRATOR, Role.PROJECT_LEADER])
def test_no_role_does_without(client, role):
    project = ProjectFactory() if role == Role.PROJECT_LEADER else None
    UserFactory(project=project, roles=[role], email="other@example.invalid")
    sign_in(client, "other@example.invalid")
    assert client.get(reverse("account")).url == reverse(SET_UP)


def test_the_set_up_page_says_why_and_has_no_menu(client, mentor):
    sign_in(client)
    page = client.get(reverse(SET_UP)).content.decode()
    assert "Slå totrinslogin til for at komme videre" in page
    assert reverse("cases:courses") not in page


def test_once_it_is_set_up_the_pages_open(client, mentor):
    sign_in(client)
    turn_on(client)
    assert client.get(reverse("account")).status_code == 200


def test_the_next_sign_in_asks_for_the_code_and_opens(client, mentor):
    sign_in(client)
    secret, _codes = turn_on(client)
    client.post(reverse("account_logout"))
    assert sign_in(client).url == reverse("mfa_authenticate")
    cache.clear()  # a code is good once; the clock stands still
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert client.get(reverse("account")).status_code == 200


def test_a_recovery_code_works_once_and_is_shown_once(client, mentor):
    sign_in(client)
    _secret, codes = turn_on(client)
    assert set(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == {"****"}
    assert client.get(reverse("mfa_download_recovery_codes")).status_code == 403
    for expected in (302, 200):
        client.post(reverse("account_logout"))
        sign_in(client)
        answer = client.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert answer.status_code == expected


def test_whoever_turns_it_off_must_set_it_up_again_in_the_same_session(client, mentor):
    sign_in(client)
    turn_on(client)
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert client.get(reverse("account")).url == reverse(SET_UP)


def test_setting_it_up_ends_the_other_sessions(client, mentor):
    elsewhere = client.__class__()
    sign_in(elsewhere)
    sign_in(client)
    turn_on(client)
    assert elsewhere.get(reverse(SET_UP)).url.startswith(reverse("account_login"))
    assert client.get(reverse("account")).status_code == 200


def test_a_rehearsal_may_do_without_and_every_page_says_so(client, mentor, settings):
    settings.JOBFIRST_REQUIRE_SECOND_STEP = False
    sign_in(client)
    page = client.get(reverse("account"))
    assert page.status_code == 200
    assert "Totrinslogin kræves ikke her." in page.content.decode()
    assert "Totrinslogin kræves ikke her." in client.get(reverse("new_link")).content.decode()


def test_the_notice_is_not_there_when_it_is_required(client, mentor):
    assert "Totrinslogin kræves ikke her." not in client.get(reverse("account_login")).content.decode()
