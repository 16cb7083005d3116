"""Sign-in by e-mail, lock-out, password reset, two steps, and sessions that end when roles change."""

import logging
import re

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts.people.actions import deactivate_user, give_role, take_role
from accounts.roles import Role
from jobfirst import clock
from tests.factories import ProjectFactory, UserFactory

PASSWORD = "correct horse battery"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


@pytest.fixture
def mentor():
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="mentor@example.invalid")


def sign_in(client, email="mentor@example.invalid", password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_signs_in_with_the_address_in_any_case(client, mentor):
    assert sign_in(client, "Mentor@Example.invalid").status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page_and_back(client, mentor):
    answer = client.get(reverse("account"))
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={reverse('account')}"


def test_no_cache_keeps_what_a_signed_in_person_saw(client, mentor):
    sign_in(client)
    for path in (reverse("account"), "/nowhere/"):
        assert client.get(path)["Cache-Control"] == "private, no-store"


def test_nobody_can_sign_up(client):
    assert client.get("/konto/signup/").status_code in {302, 404}
    assert "signup" not in client.get(reverse("account_login")).content.decode()


def test_the_answer_does_not_say_whether_the_address_is_known(client, mentor):
    known = sign_in(client, password="wrong wrong wrong").content.decode()
    unknown = sign_in(client, email="nobody@example.invalid", password="wrong wrong wrong").content.decode()

    def without_token_and_address(page):
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
        return page.replace("nobody@example.invalid", "mentor@example.invalid")

    assert without_token_and_address(known) == without_token_and_address(unknown)


def test_five_failures_close_the_address_and_the_page_says_how_long(client, mentor):
    with time_machine.travel("2016-05-02 08:00:00+00:00", tick=False) as clock:
        for _attempt in range(4):
            assert sign_in(client, password="wrong wrong wrong").status_code == 200
        fifth = sign_in(client, password="wrong wrong wrong")
        assert fifth.status_code == 429
        assert "15 minutter" in fifth.content.decode()

        clock.shift(10 * 60)
        right_but_closed = sign_in(client)
        assert right_but_closed.status_code == 429
        assert "5 minutter" in right_but_closed.content.decode()
        assert right_but_closed["Retry-After"] == "300"

        clock.shift(5 * 60 + 1)
        assert sign_in(client).status_code == 302


def test_four_failures_do_not_close(client, mentor):
    for _attempt in range(4):
        sign_in(client, password="wrong wrong wrong")
    assert sign_in(client).status_code == 302


def test_one_closed_address_leaves_the_others_open(client, mentor):
    UserFactory(email="other@example.invalid")
    for _attempt in range(6):
        sign_in(client, password="wrong wrong wrong")
    assert sign_in(client, "other@example.invalid").status_code == 302


def test_failures_are_logged_without_persons(client, mentor, caplog):
    with caplog.at_level(logging.DEBUG):
        for _attempt in range(6):
            sign_in(client, password="wrong wrong wrong")
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.name in {"accounts.sign_in.adapter", "accounts.sign_in.lock_outs"}
    ]
    assert lines.count("sign-in failed") == 5
    assert any(line.startswith("sign-in closed for") for line in lines)
    assert "example.invalid" not in caplog.text
    assert "wrong wrong" not in caplog.text
    assert "127.0.0.1" not in caplog.text


def test_a_forgotten_password_is_replaced_and_opens_the_address(client, mentor):
    for _attempt in range(5):
        sign_in(client, password="wrong wrong wrong")
    client.post(reverse("account_reset_password"), {"email": "MENTOR@example.invalid"})
    (message,) = mail.outbox
    assert message.subject == "Øvelse: JobFirst: Vælg en ny adgangskode"
    assert mentor.name not in message.body
    path = re.search(r"https?://[^/]+(/\S+)", message.body)[1]
    form = client.get(path, follow=True)
    new = {"password1": "a new long password", "password2": "a new long password"}
    assert client.post(form.request["PATH_INFO"], new).status_code == 302
    assert sign_in(client, password="a new long password").status_code == 302


def test_no_mail_goes_to_an_unknown_address(client):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.invalid"})
    assert answer.status_code == 302
    assert mail.outbox == []


@pytest.fixture
def stopped_clock():
    """Stop the clock: the app's code changes every half minute."""
    with time_machine.travel("2026-05-04 08:00:10+00:00", tick=False):
        yield


def code_for(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def turn_on_two_steps(client):
    assert client.get(reverse("mfa_activate_totp")).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def test_two_steps_with_the_app_and_with_a_recovery_code(stopped_clock, client, mentor):
    sign_in(client)
    secret = turn_on_two_steps(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10

    client.post(reverse("account_logout"))
    assert sign_in(client).url == reverse("mfa_authenticate")
    assert client.get(reverse("account")).status_code == 302, "the password alone is not enough"
    cache.clear()  # a code is good once; the same half-minute gives the same one
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).url == "/"
    assert client.get(reverse("account")).status_code == 200

    client.post(reverse("account_logout"))
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": codes[0]}).url == "/"


def test_five_wrong_codes_close_the_second_step(stopped_clock, client, mentor):
    sign_in(client)
    turn_on_two_steps(client)
    client.post(reverse("account_logout"))
    sign_in(client)
    answers = [client.post(reverse("mfa_authenticate"), {"code": "000000"}) for _attempt in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "15 minutter" in answers[-1].content.decode()


def test_the_second_step_s_secret_is_not_readable_in_the_database(stopped_clock, client, mentor):
    from allauth.mfa.models import Authenticator

    sign_in(client)
    secret = turn_on_two_steps(client)
    assert secret not in str([a.data for a in Authenticator.objects.all()])


@pytest.mark.parametrize("change", ["give", "take", "close"])
def test_a_change_of_roles_ends_open_sessions_at_once(client, mentor, change):
    sign_in(client)
    assert client.get(reverse("account")).status_code == 200
    if change == "give":
        give_role(mentor, Role.COURSE_OWNER, mentor.memberships.get().project)
    elif change == "take":
        take_role(mentor.memberships.get(), clock.today())
    else:
        deactivate_user(mentor, clock.today())
    assert client.get(reverse("account")).status_code == 302


def test_giving_a_role_that_is_held_ends_no_session(client, mentor):
    sign_in(client)
    assert give_role(mentor, Role.MENTOR, mentor.memberships.get().project) is False
    assert client.get(reverse("account")).status_code == 200


def test_a_closed_account_does_not_sign_in(client, mentor):
    deactivate_user(mentor, clock.today())
    assert sign_in(client).url == reverse("account_inactive")
    assert client.get(reverse("account")).status_code == 302


def test_changing_the_password_ends_the_other_sessions(client, mentor):
    sign_in(client)
    elsewhere = client.__class__()
    sign_in(elsewhere)
    new = {"oldpassword": PASSWORD, "password1": "a new long password", "password2": "a new long password"}
    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert elsewhere.get(reverse("account")).status_code == 302
