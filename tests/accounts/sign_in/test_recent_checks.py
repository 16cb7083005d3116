"""An administrator who changes how somebody signs in is checked anew some time after signing in."""

from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import AccountRequest, Identity, User
from accounts.people import confirmations
from accounts.roles import Role
from tests.factories import UserFactory

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]


@pytest.fixture
def travel(settings):
    settings.JOBFIRST_RECHECK_MINUTES = 15
    with time_machine.travel("2026-05-04 08:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture
def administrator():
    return UserFactory(roles=[Role.ADMINISTRATOR], email="admin@example.invalid")


@pytest.fixture
def signed_in(client, travel, administrator):
    client.force_login(administrator)
    return client


def address_of(mentor):
    return reverse("user_change_address", args=[mentor.public_id])


def email_of(mentor):
    return User.objects.get(pk=mentor.pk).email


def confirm(client, url, password=PASSWORD):
    return client.post(url, {"password": password, "next": url.partition("next=")[2].replace("%2F", "/")})


def test_within_a_quarter_of_an_hour_nobody_is_asked(signed_in, travel, mentor):
    travel.shift(15 * 60)
    signed_in.post(address_of(mentor), {"email": "new@example.invalid"})
    assert email_of(mentor) == "new@example.invalid"


def test_later_the_password_is_asked_for_and_what_was_sent_is_saved(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    answer = signed_in.post(address_of(mentor), {"email": "new@example.invalid"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert email_of(mentor) == "mentor@example.invalid"
    confirm(signed_in, answer.url)
    assert email_of(mentor) == "new@example.invalid"


def test_a_wrong_password_changes_nothing(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    answer = signed_in.post(address_of(mentor), {"email": "new@example.invalid"})
    confirm(signed_in, answer.url, password="another one entirely")
    signed_in.post(address_of(mentor), {"email": "new@example.invalid"})
    assert email_of(mentor) == "mentor@example.invalid"


def test_the_check_counts_as_long_as_a_sign_in(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    answer = signed_in.get(address_of(mentor))
    assert confirm(signed_in, answer.url).url == address_of(mentor)
    travel.shift(15 * 60)
    assert signed_in.get(address_of(mentor)).status_code == 200
    travel.shift(1)
    assert signed_in.get(address_of(mentor)).status_code == 302


def test_who_has_a_second_step_does_that_too(signed_in, travel, mentor, administrator):
    TOTP.activate(administrator, generate_totp_secret())
    codes = RecoveryCodes.activate(administrator)
    (code, *_others) = codes.generate_codes()
    travel.shift(15 * 60 + 1)
    answer = signed_in.post(address_of(mentor), {"email": "new@example.invalid"})
    answer = confirm(signed_in, answer.url)
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert email_of(mentor) == "mentor@example.invalid"
    signed_in.post(answer.url, {"code": code, "next": address_of(mentor)})
    assert email_of(mentor) == "new@example.invalid"


def request_of(mentor):
    other = UserFactory(roles=[Role.ADMINISTRATOR])
    confirmations.give_or_ask(mentor, Role.ADMINISTRATOR, None, by=other)
    return AccountRequest.objects.get()


GUARDED = {
    "address": lambda mentor: ("user_change_address", mentor.public_id),
    "second step": lambda mentor: ("user_reset_second_step", mentor.public_id),
    "identity": lambda mentor: ("user_forget_identity", mentor.public_id),
    "a role given": lambda mentor: ("user_detail", mentor.public_id),
    "a role taken": lambda mentor: ("user_take_role", mentor.public_id),
    "an account opened": lambda mentor: ("user_reactivate", mentor.public_id),
    "a request confirmed": lambda mentor: ("user_request_confirm", request_of(mentor).public_id),
    "a new user": lambda mentor: ("user_new",),
}


@pytest.mark.parametrize("change", GUARDED)
def test_every_change_of_who_signs_in_as_what_asks_first(signed_in, travel, mentor, change):
    name, *args = GUARDED[change](mentor)
    travel.shift(15 * 60 + 1)
    answer = signed_in.post(reverse(name, args=args), {})
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_looking_at_a_person_asks_for_nothing(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    assert signed_in.get(reverse("user_detail", args=[mentor.public_id])).status_code == 200


def test_a_file_is_chosen_again(signed_in, travel):
    travel.shift(15 * 60 + 1)
    page = reverse("user_import")
    file = SimpleUploadedFile("users.csv", b"name;email")
    answer = signed_in.post(page, {"file": file}, HTTP_REFERER=f"http://testserver{page}")
    answer = confirm(signed_in, answer.url)
    assert answer.url == page
    assert "Intet er gemt endnu" in signed_in.get(page).content.decode()


def test_who_has_neither_password_nor_second_step_here_cannot(signed_in, travel, mentor, administrator):
    administrator.set_unusable_password()
    administrator.save()
    signed_in.force_login(administrator)
    travel.shift(15 * 60 + 1)
    assert signed_in.get(address_of(mentor)).status_code == 403


def test_what_was_sent_and_given_up_is_not_sent_by_a_later_check(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    signed_in.post(address_of(mentor), {"email": "new@example.invalid"})  # and then goes elsewhere
    answer = signed_in.get(address_of(mentor))
    assert confirm(signed_in, answer.url).url == address_of(mentor)
    assert email_of(mentor) == "mentor@example.invalid"


def test_a_check_in_one_session_counts_in_no_other(signed_in, travel, mentor, administrator):
    elsewhere = Client()
    elsewhere.force_login(administrator)
    travel.shift(15 * 60 + 1)
    answer = signed_in.get(address_of(mentor))
    confirm(signed_in, answer.url)
    assert signed_in.get(address_of(mentor)).status_code == 200
    assert elsewhere.get(address_of(mentor)).status_code == 302


def test_htmx_is_no_way_round(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    answer = signed_in.post(address_of(mentor), {"email": "new@example.invalid"}, HTTP_HX_REQUEST="true")
    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert email_of(mentor) == "mentor@example.invalid"


@pytest.mark.parametrize("has_password", [True, False])
def test_who_signs_in_by_the_provider_is_checked_there(
    signed_in, travel, mentor, administrator, has_password, settings
):
    """Before an account is changed, and before a second step of one's own is set up here."""
    settings.JOBFIRST_OIDC_URL = "https://login.example.invalid/.well-known/openid-configuration"
    Identity.objects.create(user=administrator, issuer="https://login.example.invalid", subject="a1")
    if not has_password:
        administrator.set_unusable_password()
        administrator.save()
        signed_in.force_login(administrator)
    travel.shift(15 * 60 + 1)
    for page in (address_of(mentor), reverse("mfa_activate_totp"), reverse("mfa_add_webauthn")):
        answer = signed_in.get(page)
        assert answer.url == f"{reverse('oidc_begin')}?{urlencode({'again': 1, 'next': page})}"
