"""The key of unsaved texts: one for each person, alike at each sign-in, on their own pages only."""

import base64
import uuid

import pytest

from jobfirst.encryption.draft_key import draft_key
from tests.factories import UserFactory

PERSON = uuid.UUID(int=1)


def key_on_the_page(client, address="/konto/"):
    text = client.get(address).content.decode()
    return text.partition('data-draft-key="')[2].partition('"')[0]


def test_each_person_has_one_of_256_bits():
    assert len(base64.b64decode(draft_key(PERSON))) == 32
    assert draft_key(PERSON) == draft_key(PERSON)
    assert draft_key(PERSON) != draft_key(uuid.UUID(int=2))


def test_with_another_secret_there_are_other_keys(settings):
    before = draft_key(PERSON)
    settings.SECRET_KEY = "another secret " * 5
    assert draft_key(PERSON) != before


@pytest.mark.django_db
def test_a_page_has_the_key_of_who_is_signed_in(client):
    user = UserFactory()
    client.force_login(user)
    first = key_on_the_page(client)
    client.logout()
    client.force_login(user)
    assert first == key_on_the_page(client) == draft_key(user.public_id)


@pytest.mark.django_db
def test_nobody_gets_one_before_the_sign_in_is_complete(client, settings):
    assert "data-draft-key" not in client.get("/konto/login/").content.decode()
    settings.JOBFIRST_REQUIRE_SECOND_STEP = True
    client.force_login(UserFactory())
    answer = client.get("/konto/", follow=True)
    assert 'data-draft-key=""' in answer.content.decode()
