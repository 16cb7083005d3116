"""Sign-ins, failures, sign-outs and changes of what somebody may do are recorded, with IP and session."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from accounts.people import actions
from accounts.roles import Role
from accounts.sign_in import lock_outs
from audit.models import AccessRecord, SecurityRecord
from audit.origin import session_mark
from jobfirst import clock
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "en-lang-adgangskode-2016"


@pytest.fixture(autouse=True)
def no_failures_yet():
    cache.clear()


@pytest.fixture
def mentor():
    user = UserFactory(project=ProjectFactory(slug="aalborg"), roles=[Role.MENTOR])
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, address, password=PASSWORD):
    return client.post(
        reverse("account_login"), {"login": address, "password": password}, REMOTE_ADDR="192.0.2.7"
    )


def kinds_since(pk):
    return list(SecurityRecord.objects.filter(pk__gt=pk).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def last_before(mentor):
    last = SecurityRecord.objects.first()
    return last.pk if last else 0


def test_a_session_is_recorded_from_sign_in_to_sign_out(client, mentor, last_before):
    sign_in(client, mentor.email)
    session = session_mark(client.cookies[settings.SESSION_COOKIE_NAME].value)
    client.get(reverse("cases:courses"), {"name": "Hansen"}, REMOTE_ADDR="192.0.2.7")
    client.post(reverse("account_logout"), REMOTE_ADDR="192.0.2.7")

    records = SecurityRecord.objects.filter(pk__gt=last_before).order_by("pk")
    assert [(record.kind, record.subject, record.ip, record.session) for record in records] == [
        ("signed_in", mentor, "192.0.2.7", session),
        ("signed_out", mentor, "192.0.2.7", session),
    ]
    page = AccessRecord.objects.get(action="courses")
    assert (page.ip, page.session, page.asked_for) == ("192.0.2.7", session, "?search")


def test_failures_are_recorded_without_the_address(client, mentor, last_before):
    sign_in(client, mentor.email, "forkert")
    sign_in(client, "ukendt@example.org", "forkert")

    known, unknown = SecurityRecord.objects.filter(pk__gt=last_before).order_by("pk")
    assert (known.kind, known.user, known.subject) == ("sign_in_failed", None, mentor)
    assert (unknown.kind, unknown.subject, unknown.ip) == ("sign_in_failed", None, "192.0.2.7")
    assert "ukendt" not in str(vars(unknown))


def test_a_lock_out_is_recorded_when_it_begins_and_not_with_every_attempt(client, mentor, last_before):
    """The records are kept for good, and anybody can attempt."""
    for _attempt in range(9):
        sign_in(client, mentor.email, "forkert")
    assert kinds_since(last_before) == ["sign_in_failed"] * 5 + ["locked_out"]


def test_attempts_that_go_on_are_recorded_again_later(client, mentor, last_before, monkeypatch):
    monkeypatch.setattr(lock_outs, "SECONDS_BETWEEN_RECORDS", 0)
    for _attempt in range(7):
        sign_in(client, mentor.email, "forkert")
    assert kinds_since(last_before) == ["sign_in_failed"] * 5 + ["locked_out"] * 3


def test_a_network_that_is_locked_out_is_recorded_once_whatever_the_address(client, settings, last_before):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key,3/15m/ip"}
    for number in range(9):
        sign_in(client, f"nobody{number}@example.invalid", "forkert")
    assert kinds_since(last_before) == ["sign_in_failed"] * 3 + ["locked_out"]


def test_roles_and_accounts_are_recorded(mentor, last_before):
    project = mentor.memberships.get().project
    actions.give_role(mentor, Role.COURSE_OWNER, project)
    actions.take_role(mentor.memberships.get(role=Role.MENTOR), clock.today())
    actions.deactivate_user(mentor, clock.today())
    actions.reactivate_user(mentor)

    records = SecurityRecord.objects.filter(pk__gt=last_before).order_by("pk")
    assert [(record.kind, record.detail) for record in records] == [
        ("role_given", "course_owner aalborg"),
        ("role_taken", "mentor aalborg"),
        ("account_closed", ""),
        ("account_opened", ""),
    ]
    assert {record.subject for record in records} == {mentor}


def test_the_administrator_who_gives_a_role_is_named(client, mentor):
    administrator = UserFactory(roles=[Role.ADMINISTRATOR])
    client.force_login(administrator)
    client.post(
        reverse("user_detail", args=[mentor.public_id]),
        {"role": Role.AGENCY, "project": ""},
    )
    record = SecurityRecord.objects.get(kind="role_given", detail="agency")
    assert (record.user, record.subject) == (administrator, mentor)
