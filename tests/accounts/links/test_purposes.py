"""What every registered purpose of signed links must say and have."""

import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse
from django.utils import timezone, translation

from accounts.links.models import LinkSecret, SignedLink
from accounts.links.purposes import link_purposes
from accounts.links.secrets import new_secret
from jobfirst.values.dates import DAY
from tests.factories import ProjectFactory
from tests.loops import some

SECRET = "A" * 43
VALUES = {"url": "<url>", "sender": "<sender>", "jobcentre": "<jobcentre>", "last": "<last>"}


@pytest.mark.parametrize("language", ["da", "en"])
def test_each_message_names_the_link_the_sender_the_jobcentre_and_the_last_day(language):
    with translation.override(language):
        texts = {purpose.code: str(purpose.text) % VALUES for purpose in link_purposes()}
    missing = {
        code: [value for value in VALUES.values() if value not in text] for code, text in texts.items()
    }
    assert {code: values for code, values in missing.items() if values} == {}


def test_each_page_takes_a_secret_and_needs_no_session():
    for purpose in some(link_purposes()):
        view = resolve(reverse(purpose.url_name, args=[SECRET])).func
        assert view.login_required is False, purpose.code
        assert view.csrf_exempt, purpose.code


@pytest.mark.django_db
def test_each_page_answers_an_unknown_link_alike_and_after_the_same_queries(client):
    """Forged links: the same body for every purpose, after as many queries."""
    cache.clear()
    answers = set()
    for purpose in link_purposes():
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse(purpose.url_name, args=[SECRET]))
        answers.add((response.status_code, response.content, len(queries)))
    assert len(answers) == 1


@pytest.mark.django_db
def test_each_page_answers_a_link_of_another_purpose_as_an_unknown_one(client):
    """Foreign, expired, used and revoked links of every purpose: the forged one's body and queries."""
    cache.clear()
    project, now = ProjectFactory(), timezone.now()
    states = {
        "foreign": {},
        "expired": {"expires_at": now - DAY},
        "used": {"used_at": now},
        "revoked": {"revoked_at": now},
    }
    for purpose in some(link_purposes()):
        secrets = {"forged": new_secret()}
        for state, values in states.items():
            secrets[state] = new_secret()
            code = "test.other" if state == "foreign" else purpose.code
            link = SignedLink.objects.create(
                **{"purpose": code, "subject": uuid.uuid4(), "recipient": uuid.uuid4(), "project": project},
                **{"recipient_kind": "citizen", "expires_at": now + DAY, **values},
            )
            LinkSecret.objects.create(link=link, secret_hash=secrets[state].hash)
        answers = set()
        for secret in secrets.values():
            with CaptureQueriesContext(connection) as queries:
                response = client.get(reverse(purpose.url_name, args=[secret.text]))
            body = response.content.decode().replace(secret.text, "")
            answers.add((response.status_code, body, len(queries)))
        assert len(answers) == 1, purpose.code
