"""Passwords are taken as they are typed, of any kind and length, and stored by a slow function."""

import re

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    validate_totp_code,
    yield_hotp_counters_from_time,
)
from django.conf import global_settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.people import invitations
from accounts.roles import Role
from tests.factories import ProjectFactory, UserFactory
from tests.loops import some

ROUNDS_OF_2025 = 600_000  # OWASP's least for PBKDF2 with SHA-256

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]


def sign_in(client, password, email="mentor@example.invalid"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def is_signed_in(client):
    return "_auth_user_id" in client.session


LONG = "En lang sætning, som ingen gætter: " * 3
TYPED = {
    "words alone": "fire ord uden tal",
    "digits alone": "83920174650291",
    "spaces around": "  plads foran og bagved  ",
    "capitals": "STORE BOGSTAVER OG små",
    "other letters": "ÆØÅ ß 日本語 пароль x",
    "105 characters": LONG,
}


@pytest.mark.parametrize("password", TYPED.values(), ids=TYPED)
def test_a_password_of_any_kind_is_taken(mentor, password):
    validate_password(password, mentor)


@pytest.mark.parametrize("password", TYPED.values(), ids=TYPED)
def test_a_password_is_checked_to_the_letter(client, mentor, password):
    mentor.set_password(password)
    mentor.save()
    for other in {password.swapcase(), password.strip(), password[:64], f"{password}x"} - {password}:
        sign_in(client, other)
        assert not is_signed_in(client)
        cache.clear()
    assert sign_in(client, password).status_code == 302
    assert is_signed_in(client)


def test_a_password_of_less_than_twelve_characters_is_refused(mentor):
    with pytest.raises(ValidationError):
        validate_password("kort ord 11", mentor)


def test_no_password_grows_old(client, mentor):
    mentor.set_password(LONG)
    mentor.save()
    with time_machine.travel("2036-01-01 08:00:00+00:00", tick=False):
        sign_in(client, LONG)
        assert is_signed_in(client)


def test_the_present_password_is_asked_for(client, mentor):
    client.force_login(mentor)
    page = client.get(reverse("account_change_password")).content.decode()
    assert 'name="oldpassword"' in page
    before = mentor.password
    client.post(
        reverse("account_change_password"),
        {"oldpassword": "not the present one", "password1": LONG, "password2": LONG},
    )
    mentor.refresh_from_db()
    assert mentor.password == before


def password_inputs(page):
    return re.findall(r'<input[^>]*name="[^"]*password[^"]*"[^>]*>', page)


def test_every_field_of_a_password_is_masked_and_may_be_filled_by_a_manager(client, mentor):
    invited = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR])
    invited.set_unusable_password()
    invited.save()
    pages = [client.get(reverse("account_login"))]
    pages.append(client.get(reverse("invitation", args=invitations.link_parts(invited))))
    client.force_login(mentor)
    pages += [client.get(reverse(name)) for name in ("account_change_password", "account_reauthenticate")]
    for page in pages:
        assert page.status_code == 200
        tags = password_inputs(page.content.decode())
        assert tags
        for tag in tags:
            assert 'type="password"' in tag
            assert re.search(r'autocomplete="(current|new)-password"', tag)
            assert not re.search(r"maxlength|onpaste|readonly", tag)


def test_a_forgotten_password_is_asked_for_by_the_address_alone(client):
    page = client.get(reverse("account_reset_password")).content.decode()
    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([^"]+)"', page))
    assert names - {"csrfmiddlewaretoken", "language", "next", "q"} == {"email"}


def test_a_new_password_does_not_pass_the_second_step(client, mentor):
    TOTP.activate(mentor, generate_totp_secret())
    client.post(reverse("account_reset_password"), {"email": mentor.email})
    path = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
    form = client.get(path, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": LONG, "password2": LONG})
    assert not is_signed_in(client)
    assert sign_in(client, LONG).url.startswith(reverse("mfa_authenticate"))
    assert not is_signed_in(client)


def test_a_code_of_the_app_is_good_for_its_half_minute_and_the_one_before_only():
    secret = generate_totp_secret()
    with time_machine.travel("2026-05-04 08:00:10+00:00", tick=False):
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        assert validate_totp_code(secret, code)
    with time_machine.travel("2026-05-04 08:02:10+00:00", tick=False):
        assert not validate_totp_code(secret, code)


def test_a_code_is_good_once(mentor):
    with time_machine.travel("2026-05-04 08:00:10+00:00", tick=False):
        secret = generate_totp_secret()
        totp = TOTP.activate(mentor, secret)
        code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
        assert [totp.validate_code(code), totp.validate_code(code)] == [True, False]
    codes = RecoveryCodes.activate(mentor)
    first = codes.get_unused_codes()[0]
    assert [codes.validate_code(first), codes.validate_code(first)] == [True, False]


def test_the_seeds_of_codes_lie_encrypted(mentor):
    codes = RecoveryCodes.activate(mentor)
    stored = codes.instance.data
    assert get_adapter().decrypt(stored["seed"]) not in str(stored)
    assert not set(codes.get_unused_codes()) & set(re.findall(r"\w+", str(stored)))


def test_passwords_are_stored_by_a_slow_function(settings):
    """With the hashers of a real system: the tests use a quick one (tests/conftest.py)."""
    files = some(list((settings.BASE_DIR / "jobfirst" / "settings").glob("*.py")))
    assert not any("PASSWORD_HASHERS" in file.read_text("utf-8") for file in files)
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    hasher = identify_hasher(make_password("x"))
    assert global_settings.PASSWORD_HASHERS[0].endswith(type(hasher).__name__)
    assert (hasher.algorithm, hasher.iterations >= ROUNDS_OF_2025) == ("pbkdf2_sha256", True)
