"""Who signs in at the municipality only, is asked there again before changing somebody's account."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import Identity, User
from accounts.roles import Role
from audit.models import SecurityRecord
from tests.accounts.oidc.test_sign_in import come_back, go_there, provider, sign_in
from tests.factories import UserFactory

__all__ = ["provider"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(provider, settings):
    """An administrator without a password here, known at the provider."""
    settings.JOBFIRST_RECHECK_MINUTES = 15
    person = UserFactory(roles=[Role.ADMINISTRATOR])
    person.set_unusable_password()
    person.save()
    Identity.objects.create(user=person, issuer=provider.issuer, subject="a1")
    return person


@pytest.fixture
def address_page(mentor):
    return reverse("user_change_address", args=[mentor.public_id])


def test_a_sign_in_by_somebody_who_was_known_there_is_no_check(client, provider, administrator, address_page):
    sign_in(client, provider)
    answer = client.get(address_page)
    assert answer.url.startswith(reverse("oidc_begin"))


def test_asked_again_there_the_administrator_goes_on(client, provider, administrator, address_page, mentor):
    sign_in(client, provider)
    there = client.get(client.get(address_page).url).url
    query = parse_qs(urlsplit(there).query)
    assert (query["prompt"], query["max_age"]) == (["login"], ["0"])
    assert come_back(client, provider.authorize(there)).url == address_page
    client.post(address_page, {"email": "new@example.invalid"})
    assert User.objects.get(pk=mentor.pk).email == "new@example.invalid"


@pytest.mark.parametrize("asked_at", [None, 1_700_000_000, "today"], ids=["not said", "long ago", "no time"])
def test_a_provider_that_did_not_ask_is_refused(client, provider, administrator, asked_at):
    sign_in(client, provider)
    provider.change = lambda claims: {**claims, "auth_time": asked_at}
    answer = come_back(client, provider.authorize(go_there(client, again="1")))
    assert answer.status_code == 403
    assert SecurityRecord.objects.first().detail == "oidc_token"


def test_a_check_there_some_minutes_ago_counts(client, provider, administrator, address_page):
    provider.change = lambda claims: {**claims, "auth_time": int(time.time()) - 60}
    sign_in(client, provider)
    assert client.get(address_page).status_code == 200


def test_what_was_sent_before_the_check_is_sent_again(client, provider, administrator, address_page, mentor):
    sign_in(client, provider)
    origin = f"http://testserver{address_page}"
    answer = client.post(address_page, {"email": "new@example.invalid"}, HTTP_REFERER=origin)
    assert parse_qs(urlsplit(answer.url).query)["next"] == [address_page]
    assert User.objects.get(pk=mentor.pk).email == "mentor@example.invalid"
