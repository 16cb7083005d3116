"""What stands above a wrong password or code: nothing there was to be saved."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.sign_in.security_key_forms import MOST_OF_A_CREDENTIAL, AddKeyForm, KeyAgainForm, KeyForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_earlier_attempts")]

PASSWORD = "correct horse battery"


def heading_after(client, name, **typed):
    page = client.post(reverse(name), typed).content.decode()
    assert "Formularen er ikke gemt endnu" not in page
    return page.partition('<h2 class="alert-heading">')[2].partition("</h2>")[0]


def test_a_wrong_password(client, mentor):
    typed = {"login": mentor.email, "password": "wrong"}
    assert heading_after(client, "account_login", **typed) == "Du er ikke logget ind"


def test_a_wrong_code_at_sign_in(client, mentor):
    TOTP.activate(mentor, generate_totp_secret())
    client.post(reverse("account_login"), {"login": mentor.email, "password": PASSWORD})
    assert heading_after(client, "mfa_authenticate", code="000000") == "Du er ikke logget ind"


def test_a_wrong_password_or_code_when_one_is_checked_again(client, mentor):
    TOTP.activate(mentor, generate_totp_secret())
    client.force_login(mentor)
    not_confirmed = "Det er ikke bekræftet endnu, at det er dig"
    assert heading_after(client, "account_reauthenticate", password="wrong") == not_confirmed
    assert heading_after(client, "mfa_reauthenticate", code="000000") == not_confirmed


def test_changes_of_the_password(client, mentor):
    assert heading_after(client, "account_reset_password", email="no address") == "Linket er ikke sendt"
    client.force_login(mentor)
    typed = {"oldpassword": "wrong", "password1": "a", "password2": "b"}
    assert heading_after(client, "account_change_password", **typed) == "Adgangskoden er ikke ændret"


def test_the_first_code_of_an_app(client, mentor):
    client.force_login(mentor)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert heading_after(client, "mfa_activate_totp", code="000000") == "Totrinslogin er ikke slået til"


@pytest.mark.parametrize("form_class", [KeyForm, KeyAgainForm, AddKeyForm])
def test_what_a_browser_sends_of_a_key_has_a_limit(form_class):
    field = form_class.base_fields["credential"]
    assert field.clean('{"id": "abc"}') == {"id": "abc"}
    with pytest.raises(ValidationError):
        field.clean('{"id": "' + MOST_OF_A_CREDENTIAL * "a" + '"}')


BROKEN = [
    "",
    "null",
    "[]",
    "{}",
    "no JSON",
    '{"id": "æ", "rawId": "!"}',
    '{"id": "YQ", "rawId": "YQ", "type": "x"}',
]
BROKEN += [
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"YQ","attestationObject":"YQ"}}'
]
BROKEN += [
    '{"id":"YQ","rawId":"YQ","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"YQ","signature":"YQ"}}'
]


@pytest.mark.parametrize("credential", BROKEN)
def test_a_broken_answer_of_a_key_is_refused_in_one_sentence(client, mentor, credential):
    refused = "Sikkerhedsnøglen blev ikke godkendt."
    TOTP.activate(mentor, generate_totp_secret())
    client.post(reverse("account_login"), {"login": mentor.email, "password": PASSWORD})
    form = client.post(reverse("mfa_authenticate"), {"credential": credential}).context["webauthn_form"]
    assert refused in form.non_field_errors()[0]
    assert list(form.errors) == ["__all__"]
    client.force_login(mentor)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.post(reverse("mfa_add_webauthn"), {"credential": credential}).content.decode()
    assert refused in page
    assert "#id_credential" not in page
