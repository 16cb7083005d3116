"""What one administrator alone might try to get into the account of somebody else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AccountRequest, Identity
from accounts.people import addresses, confirmations, invitations
from accounts.roles import Role
from audit.models import SecurityRecord
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "koral banan trommer 81"


@pytest.fixture
def person():
    """A mentor with a password, who signs in at the municipality, too."""
    mentor = UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="person@example.invalid")
    mentor.set_password(PASSWORD)
    mentor.save()
    Identity.objects.create(user=mentor, issuer="https://login.example.invalid", subject="person-1")
    return mentor


def with_second_step(user):
    TOTP.activate(user, generate_totp_secret())
    return user


def sign_in(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, follow=True)


def accept_invitation(client, user):
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    return client.post(reverse("invitation", args=invitations.link_parts(user)), passwords, follow=True)


def is_signed_in(client):
    return client.get(reverse("account")).status_code == 200


def test_a_password_is_no_way_round_the_second_factor_of_the_municipality(client, person):
    answer = sign_in(client, person)
    assert not is_signed_in(client)
    assert "kommunens login" in answer.content.decode()


def test_with_a_second_step_of_ones_own_the_password_is_a_way_in(client, person):
    answer = sign_in(client, with_second_step(person))
    assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")


def test_an_invitation_is_no_way_round_the_second_factor_of_the_municipality(client, person):
    person.set_unusable_password()
    person.save()
    addresses.change_address(person, "anna.privat@example.invalid")
    accept_invitation(client, person)
    assert not is_signed_in(client)


def test_an_invitation_asks_for_the_second_step_that_is_there(client, person):
    person.identities.all().delete()
    with_second_step(person).set_unusable_password()
    person.save()
    answer = accept_invitation(client, person)
    assert answer.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_an_identity_without_a_second_step_here_is_removed_by_two_administrators(client, person, anna, bo):
    client.force_login(anna)
    client.post(reverse("user_forget_identity", args=[person.public_id]))
    assert Identity.objects.filter(user=person).exists(), "one administrator is not enough"

    confirmations.confirm(AccountRequest.objects.get(person=person).public_id, by=bo)
    assert not Identity.objects.filter(user=person).exists()
    kinds = SecurityRecord.objects.filter(subject=person).values_list("kind", flat=True)
    assert {"reset_asked", "identity_removed"} <= set(kinds)


def test_an_identity_with_a_second_step_here_is_removed_by_one(client, person, anna):
    client.force_login(anna)
    client.post(reverse("user_forget_identity", args=[with_second_step(person).public_id]))
    assert not Identity.objects.filter(user=person).exists()
    assert Authenticator.objects.filter(user=person).exists()


def test_an_administrator_without_a_second_step_gets_no_other_address(anna, bo):
    with pytest.raises(ValidationError, match="administrator"):
        addresses.change_address(bo, "anna.privat@example.invalid", by=anna)
    addresses.change_address(with_second_step(bo), "bo.ny@example.invalid", by=anna)


def test_whose_role_waits_gets_no_other_address(anna, bo, person):
    """The second administrator confirms for the address that the list shows."""
    confirmations.give_or_ask(with_second_step(person), Role.ADMINISTRATOR, None, by=bo)
    with pytest.raises(ValidationError):
        addresses.change_address(person, "anna.privat@example.invalid", by=anna)


def test_a_changed_address_is_recorded_and_told_to_the_former_address(
    anna, bo, person, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        addresses.change_address(person, "person.ny@example.invalid", by=anna)
    assert SecurityRecord.objects.filter(kind="address_changed", subject=person).count() == 1
    assert sorted(message.to for message in mail.outbox) == [[bo.email], ["person@example.invalid"]]
    assert "person.ny@" not in "".join(message.body for message in mail.outbox)
