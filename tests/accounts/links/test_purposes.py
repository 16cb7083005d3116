"""What every registered purpose of signed links must say and have."""

import pytest
from django.urls import resolve, reverse
from django.utils import translation

from accounts.links.purposes import link_purposes

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
    for purpose in link_purposes():
        view = resolve(reverse(purpose.url_name, args=[SECRET])).func
        assert view.login_required is False, purpose.code
        assert view.csrf_exempt, purpose.code
