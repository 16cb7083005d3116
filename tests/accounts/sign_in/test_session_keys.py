"""Keys of sessions: random, new at every sign-in, and useless once the session has ended."""

import math

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.urls import reverse

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]


def sign_in(client):
    client.post(reverse("account_login"), {"login": "mentor@example.invalid", "password": PASSWORD})
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def answer_with(client, key):
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client.get(reverse("account")).status_code


def test_signing_in_changes_the_key(client, mentor):
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert sign_in(client) != planted
    assert answer_with(client, planted) == 302


def test_a_key_has_more_than_128_bits(client, mentor):
    key = sign_in(client)
    assert set(key) <= set(VALID_KEY_CHARS)
    assert len(key) * math.log2(len(VALID_KEY_CHARS)) > 128


def test_a_session_that_was_ended_does_not_come_back(client, mentor):
    key = sign_in(client)
    assert answer_with(client, key) == 200
    client.post(reverse("account_logout"))
    assert answer_with(client, key) == 302


def test_a_session_ends_when_its_longest_life_is_over(client, mentor):
    with time_machine.travel("2026-05-04 06:00:00+00:00", tick=False) as stopped:
        key = sign_in(client)
        stopped.shift(settings.SESSION_COOKIE_AGE + 1)
        assert answer_with(client, key) == 302


def test_a_made_up_key_opens_nothing(client, mentor):
    assert answer_with(client, "a" * 32) == 302


def test_every_page_offers_to_sign_out(client, mentor):
    client.force_login(mentor)
    for name in ("account", "reminders:mine", "cases:my_week", "companies:companies"):
        page = client.get(reverse(name), follow=True).content.decode()
        assert f'action="{reverse("account_logout")}"' in page, name


def test_no_page_holds_the_key(client, mentor):
    key = sign_in(client)
    assert key not in client.get(reverse("account")).content.decode()
