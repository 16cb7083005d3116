"""An administrator who changes how somebody signs in is checked anew some time after signing in.

That every form of theirs asks: tests/access/test_checked_again.py.
"""

from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Identity, User
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


def main_of(answer):
    return answer.content.decode().partition("<main")[2]


def test_the_page_names_the_act_and_where_giving_it_up_leads(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    asked = signed_in.post(reverse("user_end_sessions", args=[mentor.public_id]))
    page = main_of(signed_in.get(asked.url))
    assert "før du kan logge nogen ud overalt" in page
    assert f'href="{reverse("user_detail", args=[mentor.public_id])}">Annullér</a>' in page


def test_the_page_of_the_code_names_it_too(signed_in, travel, mentor, administrator):
    TOTP.activate(administrator, generate_totp_secret())
    travel.shift(15 * 60 + 1)
    for name in ("account_reauthenticate", "mfa_reauthenticate"):
        page = main_of(signed_in.get(reverse(name), {"next": address_of(mentor)}))
        assert "før du kan ændre en brugers e-mailadresse" in page
        assert f'href="{reverse("user_detail", args=[mentor.public_id])}">Annullér</a>' in page


@pytest.mark.parametrize("address", ["", "/brugere/", "/nowhere/", "https://elsewhere.invalid/brugere/ny/"])
def test_an_address_of_no_act_is_not_named_and_leads_home(signed_in, address):
    page = main_of(signed_in.get(reverse("account_reauthenticate"), {"next": address}))
    assert "før du kan" not in page
    assert f'href="{reverse("home")}">Annullér</a>' in page


def test_what_was_given_up_in_another_tab_is_sent_again_from_its_page(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    asked = signed_in.post(reverse("user_end_sessions", args=[mentor.public_id]))
    signed_in.get(reverse("user_new"))  # another tab asks, too: what was sent before is given up
    answer = confirm(signed_in, asked.url)
    assert answer.url == reverse("user_detail", args=[mentor.public_id])
    assert "Intet er gemt endnu" in signed_in.get(answer.url).content.decode()


def test_ending_sessions_asks_first_and_is_then_done(signed_in, travel, mentor):
    elsewhere = Client()
    elsewhere.force_login(mentor)
    travel.shift(15 * 60 + 1)
    asked = signed_in.post(reverse("user_end_sessions", args=[mentor.public_id]))
    assert elsewhere.get(reverse("account")).status_code == 200
    confirm(signed_in, asked.url)
    assert elsewhere.get(reverse("account")).status_code == 302


def test_what_was_sent_to_an_address_with_a_query_is_sent_again(signed_in, travel, mentor):
    travel.shift(15 * 60 + 1)
    page = reverse("user_take_role", args=[mentor.public_id]) + "?role=mentor"
    asked = signed_in.post(page, {"role": "mentor"}, HTTP_REFERER=f"http://testserver{page}")
    answer = confirm(signed_in, asked.url)
    assert "Intet er gemt endnu" in signed_in.get(answer.url, follow=True).content.decode()
