"""An attacker's guesses are bounded from anywhere; the owner still signs in from a browser used before."""

import ipaddress

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from accounts.sign_in import known_devices
from tests.factories import ProjectFactory, UserFactory

PASSWORD = "correct horse battery"
ADDRESS = "mentor@example.invalid"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel("2026-05-04 08:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture(autouse=True)
def mentor():
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email=ADDRESS)


def attempt(client, password="wrong wrong wrong", network="192.0.2.7", address=ADDRESS):
    return client.post(
        reverse("account_login"), {"login": address, "password": password}, REMOTE_ADDR=network
    ).status_code


@pytest.fixture
def known(client):
    """A browser that has signed in as the mentor before, and is signed out."""
    browser = client.__class__()
    assert attempt(browser, PASSWORD, "203.0.113.1") == 302
    browser.post(reverse("account_logout"))
    return browser


def networks(count):
    """Return addresses of as many networks."""
    return [str(ipaddress.ip_address("198.18.0.0") + number) for number in range(count)]


def guesses_let_through(client, places):
    """Guess once from each network, with a browser of its own; return how many guesses were tried."""
    return sum(attempt(client.__class__(), network=network) == 200 for network in places)


def test_many_guesses_from_one_network_are_five(client):
    assert sum(attempt(client) == 200 for _number in range(20)) < 5
    assert attempt(client, PASSWORD) == 429


def test_guesses_from_ever_new_networks_are_twenty_an_hour(client, clock):
    assert guesses_let_through(client, networks(50)) < 20
    clock.shift(60 * 60 + 1)
    assert guesses_let_through(client, networks(30)) < 20


def test_meanwhile_the_owner_signs_in_from_the_browser_used_before(client, known):
    guesses_let_through(client, networks(30))
    assert attempt(known, PASSWORD, "203.0.113.1") == 302


def test_in_a_network_of_the_attacker_s_as_well(client, known):
    for _number in range(10):
        attempt(client)
    assert attempt(known, PASSWORD) == 302


def test_a_browser_never_used_before_is_closed_meanwhile(client):
    guesses_let_through(client, networks(30))
    assert attempt(client, PASSWORD, "203.0.113.9") == 429


def test_a_network_closed_by_others_is_open_for_its_known_browsers(client, known):
    for number in range(110):
        attempt(client, address=f"nobody{number}@example.invalid")
    assert attempt(client, PASSWORD) == 429
    assert attempt(known, PASSWORD) == 302


def test_the_failures_of_one_network_do_not_close_another(client):
    for _number in range(10):
        attempt(client)
    assert attempt(client.__class__(), PASSWORD, "203.0.113.9") == 302


def test_a_stolen_browser_has_five_guesses(known):
    assert [attempt(known, network=network) for network in networks(7)] == [200] * 4 + [429] * 3
    assert attempt(known, PASSWORD, "203.0.113.1") == 429


def test_the_cookie_counts_for_its_own_address_only(client, known):
    UserFactory(email="other@example.invalid")
    for network in networks(30):
        attempt(client.__class__(), network=network, address="other@example.invalid")
    assert attempt(known, PASSWORD, "203.0.113.1", "other@example.invalid") == 429


def test_two_people_at_one_machine_are_both_known_there(client, known):
    UserFactory(email="other@example.invalid")
    attempt(known, PASSWORD, "203.0.113.1", "other@example.invalid")
    known.post(reverse("account_logout"))
    guesses_let_through(client, networks(30))
    assert attempt(known, PASSWORD, "203.0.113.1") == 302


def test_a_forged_cookie_is_none(client, known):
    cookie = known.cookies[known_devices.COOKIE].value
    client.cookies[known_devices.COOKIE] = cookie[:-1] + ("A" if cookie[-1] != "A" else "B")
    guesses_let_through(client, networks(30))
    assert attempt(client, PASSWORD, "203.0.113.1") == 429


def test_the_cookie_is_for_http_only_and_names_nobody(known):
    cookie = known.cookies[known_devices.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/konto/")
    assert "mentor" not in cookie.value


def test_it_is_secure_where_the_site_is(client, settings):
    settings.SESSION_COOKIE_SECURE = True
    attempt(client, PASSWORD)
    assert client.cookies[known_devices.COOKIE]["secure"]


def test_a_failed_attempt_gets_no_cookie(client):
    attempt(client)
    assert known_devices.COOKIE not in client.cookies
