"""The administrator's list of sign-ins and roles."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import SecurityRecord
from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return UserFactory(roles=[Role.ADMINISTRATOR], name="Anne Administrator")


def test_the_list_says_who_what_and_from_where(client, administrator):
    mentor = UserFactory(name="Mette Mentor")
    ProjectFactory(slug="aalborg", name="Aalborg og omegn")
    SecurityRecord.objects.create(kind="sign_in_failed", subject=mentor, detail="password", ip="192.0.2.7")
    SecurityRecord.objects.create(
        kind="role_given", user=administrator, subject=mentor, detail="mentor aalborg"
    )
    client.force_login(administrator)
    page = client.get(reverse("security_log")).content.decode()
    for words in (
        "Login mislykkedes",
        "med adgangskode",
        "192.0.2.7",
        "Rolle givet",
        "Mentor (Aalborg og omegn)",
    ):
        assert words in page


def test_the_list_is_searched_by_person_and_by_what_happened(client, administrator):
    mentor = UserFactory(name="Mette Mentor", email="mette@example.invalid")
    SecurityRecord.objects.create(kind="signed_in", user=mentor, subject=mentor, ip="192.0.2.7")
    SecurityRecord.objects.create(kind="signed_out", user=mentor, subject=mentor, ip="192.0.2.8")
    SecurityRecord.objects.create(kind="sign_in_failed", subject=UserFactory(), ip="192.0.2.9")
    client.force_login(administrator)

    of_mentor = client.get(reverse("security_log"), {"q": "mette@example.invalid"}).content.decode()
    assert "192.0.2.7" in of_mentor
    assert "192.0.2.8" in of_mentor
    assert "192.0.2.9" not in of_mentor

    failures = client.get(reverse("security_log"), {"kind": "sign_in_failed"}).content.decode()
    assert "192.0.2.9" in failures
    assert "192.0.2.7" not in failures


def test_the_list_keeps_to_its_queries(client, administrator, django_assert_max_num_queries):
    for _time in range(30):
        SecurityRecord.objects.create(kind="signed_in", user=administrator, subject=administrator)
    client.force_login(administrator)
    with django_assert_max_num_queries(6):
        client.get(reverse("security_log"))


def test_nobody_else_sees_it(client):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER]))
    assert client.get(reverse("security_log")).status_code == 403
