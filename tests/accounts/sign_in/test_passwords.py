"""Which passwords are taken: long ones that are not easy to guess, whatever characters they have."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User


def is_taken(password, **person):
    try:
        validate_password(password, User(**person))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "en lang adgangskode",
        "blå tog spiser grus",
        "aaaaaaaaaaaaaaaaaaaa kvist mos pande",
        "只有中文的密码也可以用的啊",
        "vq" * 3 + "mzkwpxtr" * 15,
    ],
    ids=["english", "spaces", "danish", "repeats", "chinese", "long"],
)
def test_long_and_unpredictable_is_enough(password):
    assert is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "Sommer2026!!!!",
        "Aalborg-Vinter-2025",
        "JobFirst123456",
        "J0bF1rst!2026!",
        "Velkommen2026!",
        "MetteJensen1975",
        "Kodeord12345678",
        "adgangskode2026",
        "qwertyuiopasdf",
        "123456789012",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "FredagJuni2026",
        "Københavnkommune1",
    ],
)
def test_what_comes_to_mind_is_refused(password):
    assert not is_taken(password)


@pytest.mark.parametrize(("length", "expected"), [(11, False), (12, True), (128, True), (129, False)])
def test_twelve_to_128_characters(length, expected):
    assert is_taken(("vqmzkwpxtrgh" * 11)[:length]) is expected


def test_neither_the_name_nor_the_address():
    person = {"name": "Xantippe Quistorff", "email": "xantippe.quistorff@example.invalid"}
    assert not is_taken("xantippequistorff", **person)
    assert not is_taken("xantippe.quistorff1", **person)


def test_a_password_with_letters_only_needs_nothing_more():
    assert is_taken("vandmelonkaktusfløjte")


@pytest.mark.django_db
def test_the_field_takes_what_a_password_manager_pastes(client):
    page = client.get(reverse("account_login")).content.decode()
    assert "onpaste" not in page
    assert 'autocomplete="current-password"' in page
