"""Signing out at the identity provider, and its word that somebody has signed out there."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.urls import reverse

from accounts.oidc.signing_out import EVENT
from audit.models import SecurityRecord
from tests.accounts.oidc.identity_provider import CLIENT, SECRET, new_key
from tests.accounts.oidc.test_sign_in import is_signed_in, provider, sign_in
from tests.factories import UserFactory

__all__ = ["provider"]
pytestmark = pytest.mark.django_db


def logout_claims(provider, **changed):
    now = int(time.time())
    claims = {
        "iss": provider.issuer,
        "aud": CLIENT,
        "iat": now,
        "exp": now + 120,
        "jti": "number 1",
        "sub": "a1",
        "events": {EVENT: {}},
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def send(client, token):
    return client.__class__(enforce_csrf_checks=True).post(
        reverse("oidc_back_channel"), {"logout_token": token}
    )


@pytest.fixture
def signed_in(client, provider, mentor):
    sign_in(client, provider)
    assert is_signed_in(client)
    return client


# --- told by the provider ---------------------------------------------------------------------------


def test_a_logout_token_ends_every_session_of_the_person(signed_in, provider, mentor):
    at_another_desk = signed_in.__class__()
    at_another_desk.force_login(mentor)
    answer = send(signed_in, provider.sign_with_key(logout_claims(provider)))
    assert (answer.status_code, answer["Cache-Control"].count("no-store")) == (200, 1)
    assert not is_signed_in(signed_in)
    assert not is_signed_in(at_another_desk)
    record = SecurityRecord.objects.get(kind="session_ended")
    assert (record.user, record.subject, record.detail) == (None, mentor, "identity_provider")


def test_nobody_else_is_signed_out(signed_in, provider):
    other = signed_in.__class__()
    other.force_login(UserFactory())
    assert send(signed_in, provider.sign_with_key(logout_claims(provider))).status_code == 200
    assert is_signed_in(other)


def test_somebody_who_was_never_here_is_no_fault(signed_in, provider):
    token = provider.sign_with_key(logout_claims(provider, sub="stranger"))
    assert send(signed_in, token).status_code == 200
    assert is_signed_in(signed_in)


WRONG = {
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "another client"},
    "expired": {"iat": 1_700_000_000, "exp": 1_700_000_120},
    "without an end": {"exp": None},
    "without a number": {"jti": None},
    "without a person": {"sub": None, "sid": "a session"},
    "without an event": {"events": None},
    "of another event": {"events": {"http://schemas.openid.net/event/other": {}}},
    "events in a list": {"events": [EVENT]},
    "with a nonce, as an id token": {"nonce": "abc"},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_token_that_is_no_logout_token_ends_nothing(signed_in, provider, wrong):
    answer = send(signed_in, provider.sign_with_key(logout_claims(provider, **WRONG[wrong])))
    assert answer.status_code == 400
    assert is_signed_in(signed_in)


def by_another_key(claims):
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": "first"})


def by_the_secret(claims):
    return jwt.encode(claims, SECRET.ljust(32, "x"), algorithm="HS256", headers={"kid": "first"})


def by_nobody(claims):
    return jwt.encode(claims, None, algorithm="none")


@pytest.mark.parametrize("sign", [by_another_key, by_the_secret, by_nobody, lambda claims: "abc"])
def test_a_token_that_the_provider_did_not_sign_ends_nothing(signed_in, provider, sign):
    assert send(signed_in, sign(logout_claims(provider))).status_code == 400
    assert is_signed_in(signed_in)


def test_a_token_is_good_once(signed_in, provider):
    token = provider.sign_with_key(logout_claims(provider))
    assert send(signed_in, token).status_code == 200
    sign_in(signed_in, provider)
    assert send(signed_in, token).status_code == 400
    assert is_signed_in(signed_in)


def test_after_sixty_tries_a_minute_no_more_are_looked_at(signed_in, provider):
    statuses = [send(signed_in, "abc").status_code for _number in range(61)]
    assert (statuses[0], statuses[-1]) == (400, 429)


# --- signing out there ------------------------------------------------------------------------------


def test_after_signing_out_the_page_offers_to_sign_out_there(signed_in, provider):
    answer = signed_in.post(reverse("account_logout"))
    assert answer.url == reverse("oidc_signed_out")
    assert reverse("oidc_leave") in signed_in.get(answer.url).content.decode()
    assert not is_signed_in(signed_in)


def test_the_way_there_names_us_and_the_way_back_and_nobody_else(signed_in, provider, settings):
    address = urlsplit(signed_in.get(reverse("oidc_leave")).url)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.issuer}/logout"
    back = f"{settings.JOBFIRST_BASE_URL}{reverse('account_login')}"
    assert parse_qs(address.query) == {"client_id": [CLIENT], "post_logout_redirect_uri": [back]}


@pytest.mark.parametrize("endpoint", [None, "", "http://elsewhere.example/logout", "javascript:alert(1)"])
def test_without_such_a_page_the_sign_in_is_shown(client, provider, endpoint, monkeypatch):
    configuration = {**provider.configuration(), "end_session_endpoint": endpoint}
    monkeypatch.setattr(provider, "configuration", lambda: configuration)
    assert client.get(reverse("oidc_leave")).url == reverse("account_login")


def test_a_provider_that_does_not_answer_holds_nobody_up(client, provider):
    provider.is_broken = True
    assert client.get(reverse("oidc_leave")).url == reverse("account_login")


def test_who_signs_in_with_a_password_signs_out_as_ever(client, provider, mentor):
    client.force_login(mentor)
    assert client.post(reverse("account_logout")).url == reverse("account_login")
