"""Sessions end when they are idle or old; their owner sees them and ends them."""

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse

from accounts.people.actions import deactivate_user
from accounts.roles import Role
from accounts.sign_in import sessions
from audit.models import SecurityRecord
from jobfirst import clock
from tests.factories import ProjectFactory, UserFactory

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _half_an_hour(settings):
    cache.clear()
    settings.JOBFIRST_IDLE_MINUTES = 30


@pytest.fixture
def travel():
    with time_machine.travel("2026-05-04 08:00:00+00:00", tick=False) as travelled:
        yield travelled


@pytest.fixture
def mentor():
    return UserFactory(project=ProjectFactory(), roles=[Role.MENTOR], email="mentor@example.invalid")


def sign_in(client, user_agent=FIREFOX, address="192.0.2.7"):
    client.defaults.update({"HTTP_USER_AGENT": user_agent, "REMOTE_ADDR": address})
    answer = client.post(reverse("account_login"), {"login": "mentor@example.invalid", "password": PASSWORD})
    assert answer.status_code == 302
    return client


@pytest.fixture
def elsewhere(client, mentor):
    return sign_in(client.__class__(), PHONE, "198.51.100.9")


def is_signed_in(client):
    return client.get(reverse("account")).status_code == 200


def test_half_an_hour_without_use_ends_the_session(client, mentor, travel):
    sign_in(client)
    travel.shift(30 * 60)
    assert is_signed_in(client)
    travel.shift(30 * 60 + 1)
    answer = client.get(reverse("cases:courses"), {"state": "running"})
    assert answer.url == f"{reverse('account_login')}?next=%2Fforloeb%2F%3Fstate%3Drunning&idle=1"
    page = client.get(answer.url).content.decode()
    assert "Du er blevet logget ud" in page
    assert "forloeb/?state=running" in page, "sign-in leads back"


def test_each_request_counts_as_use(client, mentor, travel):
    sign_in(client)
    for _number in range(4):
        travel.shift(20 * 60)
        assert is_signed_in(client)


def test_the_sign_of_life_of_a_page_counts_as_use(client, mentor, travel):
    sign_in(client)
    for _number in range(3):
        travel.shift(20 * 60)
        assert client.get(reverse("account_still_here")).status_code == 204
    assert is_signed_in(client)


def test_the_last_use_is_stored_without_a_cookie(client, mentor, travel, settings):
    sign_in(client)
    travel.shift(61)
    assert settings.SESSION_COOKIE_NAME not in client.get(reverse("account")).cookies
    (session,) = sessions.sessions_of(mentor, None)
    assert (session.last_seen - session.since).total_seconds() == 61


def test_the_limit_is_a_setting(client, mentor, travel, settings):
    settings.JOBFIRST_IDLE_MINUTES = 5
    sign_in(client)
    travel.shift(5 * 60 + 1)
    assert not is_signed_in(client)


def test_ten_hours_after_sign_in_it_ends_in_any_case(client, mentor, travel):
    sign_in(client)
    for _number in range(20):
        travel.shift(30 * 60)
        assert is_signed_in(client)
    travel.shift(60)
    assert not is_signed_in(client)


def test_a_form_sent_too_late_leads_back_to_the_form(client, mentor, travel):
    sign_in(client)
    travel.shift(31 * 60)
    answer = client.post(
        reverse("account_phone"), {"phone": "12345678"}, HTTP_REFERER="http://testserver/konto/telefon/"
    )
    assert answer.url == f"{reverse('account_login')}?next=%2Fkonto%2Ftelefon%2F&idle=1"
    mentor.refresh_from_db()
    assert mentor.phone == ""


@pytest.mark.parametrize(
    ("headers", "where"),
    [
        ({"Referer": "http://testserver/min-uge/"}, "Location"),
        ({"HX-Request": "true", "HX-Current-URL": "http://testserver/min-uge/"}, "HX-Redirect"),
    ],
    ids=["page", "htmx"],
)
def test_who_is_signed_out_is_told_that_what_was_sent_is_not_saved(client, mentor, headers, where):
    answer = client.post(reverse("account_phone"), {"phone": "12345678"}, headers=headers)
    assert answer[where] == f"{reverse('account_login')}?next=%2Fmin-uge%2F&sent=1"
    assert "Det, du sendte sidst, er ikke gemt" in client.get(answer[where]).content.decode()
    assert "er ikke gemt" not in client.get(reverse("account_login")).content.decode()


def test_a_part_asked_for_too_late_sends_the_whole_page_to_sign_in(client, mentor, travel):
    sign_in(client)
    travel.shift(31 * 60)
    answer = client.get(
        reverse("cases:courses"),
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://testserver/forloeb/?page=2",
    )
    assert answer["HX-Redirect"] == f"{reverse('account_login')}?next=%2Fforloeb%2F%3Fpage%3D2&idle=1"


def test_within_a_minute_nothing_more_is_written(client, mentor, travel, django_assert_num_queries):
    sign_in(client)
    with django_assert_num_queries(3):  # the session, the user and the projects of the user
        client.get(reverse("account_still_here"))


def test_the_page_lists_where_one_is_signed_in(client, mentor, elsewhere):
    sign_in(client)
    page = client.get(reverse("account_sessions")).content.decode()
    assert page.index("Firefox, Windows") > 0
    assert page.index("Safari, iPhone") > 0
    assert "192.0.2.7" in page
    assert "198.51.100.9" in page
    assert page.count("Denne her") == 1


def test_somebody_else_s_sessions_are_neither_listed_nor_ended(client, mentor, elsewhere):
    other = client.__class__()
    other.force_login(UserFactory())
    assert "198.51.100.9" not in other.get(reverse("account_sessions")).content.decode()
    (session,) = sessions.sessions_of(mentor, None)
    other.post(reverse("account_session_end"), {"mark": session.mark})
    other.post(reverse("account_session_end"))
    assert is_signed_in(elsewhere)


def test_the_owner_ends_a_session(client, mentor, elsewhere):
    sign_in(client)
    third = sign_in(client.__class__(), address="203.0.113.4")
    mark = next(s.mark for s in sessions.sessions_of(mentor, None) if s.ip == "198.51.100.9")
    client.post(reverse("account_session_end"), {"mark": mark})
    assert not is_signed_in(elsewhere)
    assert is_signed_in(third)
    assert is_signed_in(client)
    assert SecurityRecord.objects.filter(kind="session_ended", subject=mentor).count() == 1


def test_the_owner_ends_all_other_sessions(client, mentor, elsewhere):
    sign_in(client)
    third = sign_in(client.__class__(), address="203.0.113.4")
    client.post(reverse("account_session_end"))
    assert [is_signed_in(browser) for browser in (client, elsewhere, third)] == [True, False, False]
    assert "198.51.100.9" not in client.get(reverse("account_sessions")).content.decode()


def test_an_administrator_ends_all_sessions_of_a_person(client, mentor, elsewhere):
    not_in_the_list = client.__class__()
    not_in_the_list.force_login(mentor)
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    client.force_login(administrator)
    page = client.post(reverse("user_end_sessions", args=[mentor.public_id]), follow=True).content.decode()
    assert "er logget ud" in page
    assert not is_signed_in(elsewhere)
    assert not is_signed_in(not_in_the_list)
    assert is_signed_in(client)
    record = SecurityRecord.objects.get(kind="session_ended")
    assert (record.user, record.subject, record.detail) == (administrator, mentor, "administrator")


def test_the_button_of_an_administrator_is_on_others_pages_only(client, mentor):
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    client.force_login(administrator)
    for person, count in ((mentor, 1), (administrator, 0)):
        page = client.get(reverse("user_detail", args=[person.public_id])).content.decode()
        assert page.count(reverse("user_end_sessions", args=[person.public_id])) == count


def test_a_closed_account_has_no_session_left(mentor, elsewhere):
    deactivate_user(mentor, clock.today())
    assert not is_signed_in(elsewhere)
    mentor.refresh_from_db()
    assert sessions.sessions_of(mentor, None) == []


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox, Windows"),
        (PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge, Mac"),
        ("", "Ukendt enhed"),
    ],
    ids=["firefox", "iphone", "android", "edge", "nothing"],
)
def test_a_device_in_words(user_agent, device):
    assert sessions.device_in_words(user_agent) == device
