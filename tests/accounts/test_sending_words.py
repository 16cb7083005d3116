"""What staff read after they have ordered a link: it is on its way, or a muted system sends nothing."""

import pathlib

import pytest
from django.conf import settings as django_settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage

from accounts.links.sending_words import say_link_is_sent
from jobfirst.messaging.mute import set_muted
from tests.loops import some

ON_ITS_WAY = "The link is on its way to the registered address."


@pytest.mark.django_db
@pytest.mark.parametrize(("muted", "words"), [(False, "Linket er på vej"), (True, "Der sendes ikke noget")])
def test_a_muted_system_says_that_nothing_is_sent(rf, muted, words):
    set_muted(muted)
    request = rf.get("/")
    request._messages = CookieStorage(request)
    say_link_is_sent(request)
    (message,) = get_messages(request)
    assert str(message).startswith(words)


def test_no_view_says_on_its_own_that_a_link_is_on_its_way():
    apps = ("accounts", "cases", "companies", "plans", "progression", "grants")
    files = [path for app in apps for path in (pathlib.Path(django_settings.BASE_DIR) / app).rglob("*.py")]
    places = [path.name for path in some(files) if ON_ITS_WAY in path.read_text("utf-8")]
    assert places == ["sending_words.py"]
