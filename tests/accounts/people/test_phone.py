"""A user's own phone number, on the account page."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory(roles=["agency"])


def test_everybody_enters_and_removes_their_own_phone_number(client, user):
    client.force_login(user)
    response = client.post(reverse("account_phone"), {"phone": "+45 00 12 34 56"})
    assert response.url == reverse("account")
    assert "+45 00 12 34 56" in client.get(reverse("account")).content.decode()
    client.post(reverse("account_phone"), {"phone": ""})
    assert User.objects.get(pk=user.pk).phone == ""


def test_what_is_no_phone_number_is_refused(client, user):
    client.force_login(user)
    response = client.post(reverse("account_phone"), {"phone": "ring til mig"})
    assert response.status_code == 200
    assert "Skriv et telefonnummer med cifre" in response.content.decode()
    assert User.objects.get(pk=user.pk).phone == ""
