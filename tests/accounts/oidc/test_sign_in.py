"""Sign-in by an OpenID provider that runs on loopback: who gets in, who does not, and what is recorded."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.urls import reverse

from accounts.models import AccountRequest, Identity, Membership
from accounts.oidc import role_mapping
from accounts.people import confirmations
from accounts.people.actions import deactivate_user
from accounts.roles import Role
from audit.models import SecurityRecord
from jobfirst import clock
from tests.accounts.oidc.identity_provider import CLIENT, SECRET, WELL_KNOWN, IdentityProvider, new_key
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    cache.clear()
    provider = IdentityProvider()
    settings.JOBFIRST_OIDC_URL = provider.issuer + WELL_KNOWN
    settings.JOBFIRST_OIDC_CLIENT_ID, settings.JOBFIRST_OIDC_CLIENT_SECRET = CLIENT, SECRET
    settings.JOBFIRST_OIDC_NAME = "Log ind med Testby Kommune"
    yield provider
    provider.close()


@pytest.fixture
def project():
    return ProjectFactory(slug="aalborg")


@pytest.fixture
def mentor(project):
    return UserFactory(project=project, roles=[Role.MENTOR], email="mentor@example.invalid")


@pytest.fixture
def mapping(settings, tmp_path, project):
    """The file by which the groups "Mentorer" and "Ejere" give roles in Aalborg."""
    code = project.places.get(is_lead=True).municipality_id
    file = tmp_path / "roles.csv"
    lines = ["value;role;project;municipality", f"Mentorer;mentor;aalborg;{code}"]
    file.write_text("\n".join([*lines, f"Ejere;course_owner;aalborg;{code}", ""]), encoding="utf-8")
    settings.JOBFIRST_OIDC_ROLES_CLAIM, settings.JOBFIRST_OIDC_ROLES_FILE = "groups", str(file)
    role_mapping._lines.cache_clear()
    yield file
    role_mapping._lines.cache_clear()


def go_there(client, **query):
    answer = client.get(reverse("oidc_begin"), query)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def come_back(client, address):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(client, provider, **query):
    """Go to the provider and come back, as a browser does."""
    return come_back(client, provider.authorize(go_there(client, **query)))


def is_signed_in(client):
    return client.get(reverse("account")).status_code == 200


def assert_refused(client, answer, code):
    assert answer.status_code == 403
    assert not is_signed_in(client)
    record = SecurityRecord.objects.order_by("-pk").first()
    assert (record.kind, record.detail) == ("sign_in_failed", f"oidc_{code}")


def test_the_button_is_there_only_when_a_provider_is_set(client, provider, settings):
    assert "Log ind med Testby Kommune" in client.get(reverse("account_login")).content.decode()
    settings.JOBFIRST_OIDC_URL = ""
    assert "Testby Kommune" not in client.get(reverse("account_login")).content.decode()
    assert client.get(reverse("oidc_begin")).status_code == 404


def test_an_invited_person_signs_in_by_the_verified_address(client, provider, mentor):
    answer = sign_in(client, provider, next="/konto/")
    assert answer.url == "/konto/"
    assert is_signed_in(client)
    assert Identity.objects.get().subject == "a1"
    kinds = SecurityRecord.objects.filter(subject=mentor).values_list("kind", flat=True)
    assert {"identity_linked", "signed_in"} <= set(kinds)


def test_afterwards_the_subject_names_the_person_whatever_the_address(client, provider, mentor):
    sign_in(client, provider)
    client.post(reverse("account_logout"))
    provider.claims = {"sub": "a1", "email": "new.name@example.invalid", "email_verified": False}
    sign_in(client, provider)
    assert is_signed_in(client)


def test_another_subject_with_the_same_address_is_somebody_else(client, provider, mentor):
    sign_in(client, provider)
    client.post(reverse("account_logout"))
    provider.claims["sub"] = "another"
    assert_refused(client, sign_in(client, provider), "other")


def test_administrators_remove_an_identity_that_the_person_has_no_more(client, provider, mentor):
    sign_in(client, provider)
    administrator = client.__class__()
    administrator.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    administrator.post(reverse("user_forget_identity", args=[mentor.public_id]))
    request = AccountRequest.objects.get(person=mentor)
    confirmations.confirm(request.public_id, by=UserFactory(roles=[Role.ADMINISTRATOR]))
    client.post(reverse("account_logout"))
    provider.claims["sub"] = "another"
    sign_in(client, provider)
    assert is_signed_in(client)
    assert SecurityRecord.objects.filter(kind="identity_removed", subject=mentor).exists()


def test_an_unknown_address_makes_no_account(client, provider, mentor):
    provider.claims["email"] = "stranger@example.invalid"
    assert_refused(client, sign_in(client, provider), "unknown")


@pytest.mark.parametrize("verified", [False, None, "false", 1], ids=["no", "missing", "text", "number"])
def test_an_address_that_is_not_verified_names_nobody(client, provider, mentor, verified):
    provider.claims["email_verified"] = verified
    if verified is None:
        del provider.claims["email_verified"]
    assert_refused(client, sign_in(client, provider), "unverified")
    assert not Identity.objects.exists()


def test_a_closed_account_stays_closed(client, provider, mentor):
    deactivate_user(mentor, clock.today())
    assert_refused(client, sign_in(client, provider), "closed")


WRONG_CLAIMS = {
    "issuer": {"iss": "https://elsewhere.example"},
    "audience": {"aud": "another client"},
    "nonce": {"nonce": "another"},
    "no-nonce": {"nonce": None},
    "no-subject": {"sub": None},
    "expired": {"exp": 1_700_000_000},
    "from-the-future": {"iat": 4_000_000_000},
    "authorized-party": {"aud": [CLIENT, "another client"], "azp": "another client"},
}


@pytest.mark.parametrize("wrong", WRONG_CLAIMS)
def test_a_token_with_a_wrong_claim_is_refused(client, provider, mentor, wrong):
    provider.change = lambda claims: {
        name: value for name, value in {**claims, **WRONG_CLAIMS[wrong]}.items() if value is not None
    }
    assert_refused(client, sign_in(client, provider), "token")


def unsigned(claims):
    return jwt.encode(claims, None, algorithm="none")


def signed_with_the_client_s_secret(claims):
    return jwt.encode(claims, SECRET.ljust(32, "x"), algorithm="HS256", headers={"kid": "first"})


def signed_with_another_key(claims):
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": "first"})


def with_an_unknown_key(claims):
    return jwt.encode(claims, new_key(), algorithm="RS256", headers={"kid": "second"})


def no_token(claims):
    return None


def no_jwt(claims):
    return "abc"


@pytest.mark.parametrize(
    "sign",
    [
        unsigned,
        signed_with_the_client_s_secret,
        signed_with_another_key,
        with_an_unknown_key,
        no_token,
        no_jwt,
    ],
)
def test_a_token_that_the_provider_did_not_sign_is_refused(client, provider, mentor, sign):
    provider.sign = sign
    assert_refused(client, sign_in(client, provider), "token")


def test_an_answer_with_another_state_is_refused(client, provider, mentor):
    address = provider.authorize(go_there(client))
    assert_refused(client, come_back(client, address[:-1] + ("A" if address[-1] != "A" else "B")), "state")


def test_an_answer_in_another_browser_is_refused(client, provider, mentor):
    address = provider.authorize(go_there(client.__class__()))
    assert_refused(client, come_back(client, address), "state")


def test_an_answer_is_good_once(client, provider, mentor):
    address = provider.authorize(go_there(client))
    come_back(client, address)
    client.post(reverse("account_logout"))
    assert_refused(client, come_back(client, address), "state")


def test_an_answer_after_ten_minutes_is_refused(client, provider, mentor, monkeypatch):
    address = provider.authorize(go_there(client))
    session = client.session
    session["oidc"] = {**session["oidc"], "at": time.time() - 601}
    session.save()
    assert_refused(client, come_back(client, address), "state")


def test_a_code_of_another_sign_in_is_refused(client, provider, mentor):
    """The code of a victim put into the attacker's answer: the PKCE verifier does not match."""
    victim = parse_qs(urlsplit(provider.authorize(go_there(client.__class__()))).query)["code"][0]
    state = parse_qs(urlsplit(go_there(client)).query)["state"][0]
    answer = client.get(reverse("oidc_callback"), {"code": victim, "state": state})
    assert_refused(client, answer, "provider")


def test_a_person_who_cancels_there_is_told(client, provider, mentor):
    state = parse_qs(urlsplit(go_there(client)).query)["state"][0]
    answer = client.get(reverse("oidc_callback"), {"error": "access_denied", "state": state})
    assert_refused(client, answer, "denied")


def test_a_provider_that_fails_is_no_failure_here(client, provider, mentor):
    address = provider.authorize(go_there(client))
    provider.is_broken = True
    assert_refused(client, come_back(client, address), "provider")
    assert client.get(reverse("oidc_begin")).status_code == 403


def test_a_configuration_of_another_issuer_is_refused(client, provider, mentor):
    provider.issuer = "https://elsewhere.example"
    assert client.get(reverse("oidc_begin")).status_code == 403


def test_afterwards_nobody_is_led_to_another_host(client, provider, mentor):
    assert sign_in(client, provider, next="https://elsewhere.example/").url == reverse("home")


def test_claims_that_the_token_lacks_are_asked_for(client, provider, mentor):
    provider.claims = {"sub": "a1"}
    provider.userinfo = {"sub": "a1", "email": "mentor@example.invalid", "email_verified": True}
    sign_in(client, provider)
    assert is_signed_in(client)


def test_claims_of_another_subject_are_refused(client, provider, mentor):
    provider.claims = {"sub": "a1"}
    provider.userinfo = {"sub": "b2", "email": "mentor@example.invalid", "email_verified": True}
    assert_refused(client, sign_in(client, provider), "token")


# --- the second step --------------------------------------------------------------------------------


def test_without_a_second_factor_there_it_is_set_up_here(client, provider, mentor, settings):
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True
    sign_in(client, provider)
    assert client.get(reverse("account")).url == reverse("mfa_index")


@pytest.mark.parametrize("claims", [{"amr": ["pwd", "mfa"]}, {"acr": "mfa"}], ids=["amr", "acr"])
def test_a_second_factor_that_the_provider_states_counts(client, provider, mentor, settings, claims):
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True
    settings.JOBFIRST_OIDC_SECOND_STEP = ["mfa"]
    provider.claims |= claims
    sign_in(client, provider)
    assert is_signed_in(client)


def test_a_second_step_of_ones_own_is_asked_for_before_an_identity_is_linked(
    client, provider, mentor, settings, mapping
):
    """Whoever has changed the address of an account does not get into it by an identity of their own."""
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True
    settings.JOBFIRST_OIDC_SECOND_STEP = ["mfa"]
    provider.claims |= {"amr": ["mfa"], "groups": ["Ejere"]}
    secret = generate_totp_secret()
    TOTP.activate(mentor, secret)
    answer = sign_in(client, provider, next="/konto/")
    assert answer.url == reverse("mfa_authenticate")
    assert not Identity.objects.exists()
    assert roles_of(mentor) == {Role.MENTOR}, "nor does it change the roles"

    code = totp_code(secret)
    answer = client.post(reverse("mfa_authenticate"), {"code": code})
    assert urlsplit(answer.url).path == reverse("oidc_begin")
    answer = come_back(client, provider.authorize(client.get(answer.url).url))
    assert answer.url == "/konto/"
    assert Identity.objects.get().user == mentor
    assert roles_of(mentor) == {Role.COURSE_OWNER}

    client.post(reverse("account_logout"))
    sign_in(client, provider)
    assert is_signed_in(client), "once linked, the provider's second step counts"


def totp_code(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def roles_of(user):
    return set(Membership.objects.filter(user=user).values_list("role", flat=True))
