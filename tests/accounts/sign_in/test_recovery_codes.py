"""Recovery codes that were shown are stored as slow hashes, and nothing stored gives them away."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import check_password, identify_hasher
from django.urls import reverse

from accounts.sign_in.recovery_codes import strike_off
from audit.models import SecurityRecord
from tests.concurrency import run_at_once

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]


@pytest.fixture
def codes(client, mentor):
    """The codes of the mentor, whom the page has just shown them."""
    client.force_login(mentor)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    TOTP.activate(mentor, generate_totp_secret())
    RecoveryCodes.activate(mentor)
    shown_codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    client.post(reverse("account_logout"))
    return shown_codes


def stored(mentor):
    return Authenticator.objects.get(user=mentor, type="recovery_codes")


def sign_in(client, code):
    client.post(reverse("account_login"), {"login": "mentor@example.invalid", "password": PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_shown_codes_are_hashed_by_the_function_of_passwords(codes, mentor):
    row = stored(mentor)
    hashes = row.data["hashes"]
    assert [check_password(code, text) for code, text in zip(codes, hashes, strict=True)] == [True] * 10
    assert {type(identify_hasher(text)).__name__ for text in hashes} == {"MD5PasswordHasher"}, (
        "quick in tests"
    )
    assert len({text.split("$")[1] for text in hashes}) == 10, "a salt for each"


def test_nothing_stored_gives_the_codes(codes, mentor):
    row = stored(mentor)
    assert not set(codes) & set(re.findall(r"\d{8}", str(row.data)))
    assert not set(codes) & set(RecoveryCodes(row).generate_codes())


def test_codes_that_were_not_shown_yet_are_no_hashes(client, mentor):
    RecoveryCodes.activate(mentor)
    assert "hashes" not in stored(mentor).data


@pytest.mark.parametrize("between", ["", " ", "-"], ids=["nothing", "a space", "a dash"])
def test_a_code_signs_in_once(client, codes, between):
    code = f"{codes[3][:4]}{between}{codes[3][4:]}"
    assert sign_in(client, code).status_code == 302
    assert is_signed_in(client)
    client.post(reverse("account_logout"))
    assert sign_in(client, codes[3]).status_code == 200
    assert not is_signed_in(client)
    assert sign_in(client, codes[4]).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_code_typed_twice_at_once_counts_once(codes, mentor):
    authenticator = stored(mentor)
    outcomes = run_at_once([lambda: strike_off(authenticator, codes[3])] * 4)
    assert sorted(outcomes) == [False, False, False, True]
    assert stored(mentor).data["used_mask"].bit_count() == 1


def test_the_codes_of_the_exchanged_seed_open_nothing(client, codes, mentor):
    (other, *_rest) = RecoveryCodes(stored(mentor)).generate_codes()
    for code in (other, f"{other[:2]}.{other[2:]}"):
        assert sign_in(client, code).status_code == 200
        assert not is_signed_in(client)


def test_a_wrong_code_is_recorded(client, codes, mentor):
    sign_in(client, str((int(codes[0]) + 1) % 10**8).zfill(8))
    record = SecurityRecord.objects.filter(kind="sign_in_failed").get()
    assert (record.subject, record.detail) == (mentor, "code")


def test_five_wrong_codes_close_the_second_step(client, codes):
    wrong = str((int(codes[0]) + 1) % 10**8).zfill(8)
    statuses = [sign_in(client, wrong).status_code for _number in range(5)]
    assert statuses[:4] == [200] * 4
    sign_in(client, codes[0])
    assert not is_signed_in(client)


def test_what_is_left_is_counted(client, codes, mentor):
    sign_in(client, codes[0])
    assert len(RecoveryCodes(stored(mentor)).get_unused_codes()) == 9


def test_a_code_used_before_they_were_shown_stays_used(client, mentor):
    client.force_login(mentor)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    TOTP.activate(mentor, generate_totp_secret())
    codes = RecoveryCodes.activate(mentor)
    (first, *_rest) = codes.get_unused_codes()
    assert codes.validate_code(first)
    client.get(reverse("mfa_view_recovery_codes"))
    hashes = stored(mentor).data["hashes"]
    assert (hashes[0], all(hashes[1:])) == ("", True)


def test_codes_shown_by_an_earlier_version_are_hashed_when_they_are_stored_next(mentor):
    codes = RecoveryCodes.activate(mentor)
    row = Authenticator.objects.filter(pk=codes.instance.pk)
    row.update(data={**codes.instance.data, "viewed_at": 1_700_000_000.0})
    stored(mentor).save(update_fields=["data"])  # as by `rotate_keys`
    assert len(stored(mentor).data["hashes"]) == 10
