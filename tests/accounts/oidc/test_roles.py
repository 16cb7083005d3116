"""Roles follow the claims of the identity provider; without the claim nobody loses one."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.models import Membership
from accounts.oidc import role_mapping
from accounts.roles import Role
from audit.models import SecurityRecord
from jobfirst import clock
from tests.accounts.oidc.test_sign_in import (
    assert_refused,
    is_signed_in,
    mapping,
    mentor,
    project,
    provider,
    sign_in,
)
from tests.factories import UserFactory

__all__ = ["mapping", "mentor", "project", "provider"]
pytestmark = pytest.mark.django_db


def roles_of(user):
    return set(Membership.objects.filter(user=user).values_list("role", flat=True))


def test_roles_that_only_the_userinfo_has_are_asked_for(client, provider, mentor, mapping):
    provider.userinfo = {"sub": "a1", "groups": ["Ejere"]}
    sign_in(client, provider)
    assert roles_of(mentor) == {Role.COURSE_OWNER}


def test_roles_follow_the_claims(client, provider, mentor, mapping):
    provider.claims["groups"] = ["Ejere", "Unknown"]
    sign_in(client, provider)
    assert roles_of(mentor) == {"course_owner"}
    assert is_signed_in(client)
    records = SecurityRecord.objects.filter(subject=mentor, kind__startswith="role_")
    assert set(records.values_list("kind", "detail")) >= {
        ("role_given", "course_owner aalborg"),
        ("role_taken", "mentor aalborg"),
    }


def test_roles_that_the_mapping_does_not_name_stay(client, provider, mentor, mapping):
    Membership.objects.create(user=mentor, role=Role.PROJECT_LEADER, project=mentor.memberships.get().project)
    provider.claims["groups"] = "Mentorer"
    sign_in(client, provider)
    assert roles_of(mentor) == {"mentor", "project_leader"}


def test_an_empty_list_ends_the_mapped_roles(client, provider, mentor, mapping):
    provider.claims["groups"] = []
    sign_in(client, provider)
    assert roles_of(mentor) == set()
    assert not SecurityRecord.objects.filter(kind="roles_not_stated").exists()


@pytest.mark.parametrize("claims", [{}, {"groups": None}, {"groups": {"of": "elsewhere"}}])
def test_without_the_claim_nothing_changes_and_it_is_recorded(client, provider, mentor, mapping, claims):
    provider.claims |= claims
    sign_in(client, provider)
    assert roles_of(mentor) == {"mentor"}
    assert is_signed_in(client)
    record = SecurityRecord.objects.get(kind="roles_not_stated")
    assert record.subject == mentor


WARNING = "Kommunens login oplyser ingen roller"


@pytest.fixture
def administrator(client):
    """Return a client of an administrator."""
    elsewhere = type(client)()
    elsewhere.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    return elsewhere


def names_listed(administrator):
    return [
        row.name for row in administrator.get("/brugere/", {"state": "unstated"}).context["table"].records
    ]


def seen_to(user):
    """Return who said that the user's roles are right."""
    return list(
        SecurityRecord.objects.filter(kind="roles_seen_to", subject=user).values_list("user", flat=True)
    )


def test_administrators_see_that_the_provider_states_no_roles(
    client, provider, mentor, mapping, administrator
):
    sign_in(client, provider)
    sign_in(client, provider)
    page = administrator.get(reverse("user_list")).content.decode()
    assert WARNING in page
    assert "for 1 person" in page
    assert names_listed(administrator) == [mentor.name]
    assert WARNING in administrator.get(reverse("user_detail", args=[mentor.public_id])).content.decode()


def test_the_warning_stands_after_weeks(client, provider, mentor, mapping, administrator):
    sign_in(client, provider)
    with time_machine.travel(clock.now() + datetime.timedelta(days=40)):
        administrator.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
        assert WARNING in administrator.get(reverse("user_list")).content.decode()


def test_the_warning_ends_when_the_roles_are_stated(client, provider, mentor, mapping, administrator):
    sign_in(client, provider)
    provider.claims["groups"] = ["Mentorer"]
    sign_in(client, provider)
    assert WARNING not in administrator.get(reverse("user_list")).content.decode()
    assert seen_to(mentor) == [], "no administrator has said anything"


def test_the_warning_ends_when_an_administrator_has_seen_to_it_and_begins_anew(
    client, provider, mentor, mapping, administrator
):
    sign_in(client, provider)
    administrator.post(reverse("user_roles_seen_to", args=[mentor.public_id]))
    assert WARNING not in administrator.get(reverse("user_list")).content.decode()
    assert names_listed(administrator) == []
    assert len(seen_to(mentor)) == 1
    administrator.post(reverse("user_roles_seen_to", args=[mentor.public_id]))
    assert len(seen_to(mentor)) == 1, "there was no warning any more"
    sign_in(client, provider)
    assert WARNING in administrator.get(reverse("user_list")).content.decode()


def test_nobody_is_warned_once_roles_are_given_here_alone(
    client, provider, mentor, mapping, administrator, settings
):
    sign_in(client, provider)
    settings.JOBFIRST_OIDC_ROLES_CLAIM = ""
    for page in (reverse("user_list"), reverse("user_detail", args=[mentor.public_id])):
        assert WARNING not in administrator.get(page).content.decode()
    assert names_listed(administrator) == []


def test_nobody_is_warned_of_a_closed_account(client, provider, mentor, mapping, administrator):
    sign_in(client, provider)
    mentor.is_active = False
    mentor.save()
    assert WARNING not in administrator.get(reverse("user_list")).content.decode()


def test_the_same_claims_again_change_nothing(client, provider, mentor, mapping):
    provider.claims["groups"] = ["Mentorer"]
    sign_in(client, provider)
    mentor.refresh_from_db()
    assert mentor.session_epoch == 0


@pytest.mark.parametrize(
    "line",
    ["Chefer;administrator;;", "Mentorer;mentor;;", "Mentorer;mentor;aalborg;0000", "Mentorer;mentor"],
    ids=["administrator", "no-project", "another-municipality", "short"],
)
def test_a_mapping_that_gives_what_it_may_not_is_refused(mapping, line):
    mapping.write_text(f"value;role;project;municipality\n{line}\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="line 2"):
        role_mapping.role_mapping()


def test_a_wrong_mapping_lets_nobody_in(client, provider, mentor, mapping):
    mapping.write_text("value;role;project;municipality\nChefer;administrator;;\n", encoding="utf-8")
    assert_refused(client, sign_in(client, provider), "provider")
    assert roles_of(mentor) == {"mentor"}
