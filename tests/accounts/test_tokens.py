"""Signed tokens: changed, of another kind or of another installation they open nothing."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.signing import TimestampSigner
from django.urls import reverse

from accounts.people import invitations
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited():
    user = UserFactory(project=ProjectFactory())
    user.set_unusable_password()
    user.save()
    return user


def test_a_token_is_taken_as_it_was_made(invited):
    assert invitations.invited_user(*invitations.link_parts(invited)) == invited


def test_an_altered_token_is_refused(invited):
    name, token = invitations.link_parts(invited)
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert invitations.invited_user(name, other) is None, place
    state, moment, signature = token.split(".")
    for other in (state, f"{state}.{moment}", f"{state}.{moment}.", f"{state}.zzzzzz.{signature}", ""):
        assert invitations.invited_user(name, other) is None


def test_a_token_of_another_kind_is_refused(invited):
    name, token = invitations.link_parts(invited)
    value = token.split(".")[0]
    assert invitations.invited_user(name, TimestampSigner(sep=".", salt="other").sign(value)) is None
    assert invitations.invited_user(name, default_token_generator.make_token(invited)) is None
    assert invitations.user_of_message(f"<invitation.{token}@jobfirst.example>") is None


def test_a_token_of_another_installation_is_refused(invited):
    name, token = invitations.link_parts(invited)
    other = TimestampSigner(key="another installation " * 3, sep=".", salt=invitations.SALT)
    assert invitations.invited_user(name, other.sign(token.split(".")[0])) is None


def test_a_token_of_somebody_else_is_refused(client, invited):
    somebody = UserFactory(project=ProjectFactory())
    somebody.set_unusable_password()
    somebody.save()
    name, _token = invitations.link_parts(somebody)
    _name, token = invitations.link_parts(invited)
    assert client.get(reverse("invitation", args=[name, token])).status_code == 404
