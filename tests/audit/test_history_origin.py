"""The contexts of the history say from where somebody changed something."""

import pytest
from django.conf import settings
from django.urls import reverse
from pghistory.models import Context

from audit.origin import session_mark
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_a_change_on_a_page_has_the_address_and_the_session(client):
    user = UserFactory()
    client.force_login(user)
    session = session_mark(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.post(reverse("account_phone"), {"phone": "12 34 56 78"}, REMOTE_ADDR="192.0.2.7")
    context = Context.objects.get(metadata__url=reverse("account_phone"))
    assert context.metadata == {
        "user": user.pk,
        "url": reverse("account_phone"),
        "ip": "192.0.2.7",
        "session": session,
    }
    assert client.cookies[settings.SESSION_COOKIE_NAME].value not in str(context.metadata)
