"""Inviting, roles, closing: the administrators' pages and the invitation itself."""

import re
import smtplib
import threading

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Membership, User
from accounts.people import invitations
from accounts.people.actions import deactivate_user, invite_user, take_role
from accounts.roles import Role
from accounts.tasks import send_due_invitations
from audit.models import AccessRecord
from jobfirst import clock
from tests.factories import ProjectFactory, UserFactory

NEW_PASSWORD = {"new_password1": "a long new password", "new_password2": "a long new password"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_failures():
    cache.clear()


@pytest.fixture
def project():
    return ProjectFactory(name="Testby")


@pytest.fixture
def administrator(client):
    user = UserFactory(roles=[Role.ADMINISTRATOR], name="Admin Istrator")
    client.force_login(user)
    return user


@pytest.fixture
def invite(project, django_capture_on_commit_callbacks):
    def _invite(email="new@example.invalid", roles=(Role.MENTOR,)):
        with django_capture_on_commit_callbacks(execute=True):
            return invite_user(email, "Ny Bruger", project, roles)

    return _invite


def path_in(message):
    return re.search(r"https?://[^/\s]+(/invitation/\S+)", message.body)[1]


# --- the invitation ---------------------------------------------------------------------------------


def test_the_invitation_is_a_link_without_personal_data(invite):
    user = invite()
    (message,) = mail.outbox
    assert message.to == ["new@example.invalid"]
    assert message.subject == "Øvelse: Invitation til JobFirst"
    assert "14 dage" in message.body
    assert "Ny Bruger" not in message.body
    user.refresh_from_db()
    assert user.invited_at is not None
    assert not user.has_usable_password()


def test_nothing_is_sent_when_the_transaction_fails(project, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
        invite_user("new@example.invalid", "Ny Bruger", project, [Role.MENTOR, Role.AGENCY])
    assert mail.outbox == []
    assert not User.objects.filter(email="new@example.invalid").exists()


def test_the_link_sets_a_password_signs_in_and_is_then_used_up(client, invite):
    user = invite()
    path = path_in(mail.outbox[0])
    assert client.get(path).status_code == 200
    assert client.get(path).status_code == 200, "reading the page does not use the link"
    answer = client.post(path, NEW_PASSWORD)
    assert answer.status_code == 302
    assert client.get(reverse("account")).context["user"] == user
    again = client.__class__().get(path)
    assert again.status_code == 404
    assert "Invitationen kan ikke bruges" in again.content.decode()
    assert client.__class__().post(path, NEW_PASSWORD).status_code == 404


@pytest.mark.parametrize(
    ("password", "words"),
    [("short", "12"), ("1q2w3e4r5t6y", "almindelig"), ("new@example.invalid", "e-mail")],
)
def test_a_weak_password_is_refused_with_the_reason(client, invite, password, words):
    invite()
    answer = client.post(path_in(mail.outbox[0]), {"new_password1": password, "new_password2": password})
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors)


def test_the_link_expires(client, invite):
    with time_machine.travel("2016-05-02 08:00:00+00:00", tick=False) as clock:
        invite()
        path = path_in(mail.outbox[0])
        clock.shift(14 * 24 * 60 * 60 - 1)
        assert client.get(path).status_code == 200
        clock.shift(2)
        assert client.get(path).status_code == 404


def test_a_new_invitation_voids_the_old_one(
    client, administrator, invite, django_capture_on_commit_callbacks
):
    user = invite()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("user_invite_again", args=[user.public_id]))
    first, second = map(path_in, mail.outbox)
    stranger = client.__class__()
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200


def test_a_closed_account_s_link_is_void(client, invite):
    deactivate_user(invite(), clock.today())
    assert client.get(path_in(mail.outbox[0])).status_code == 404


@pytest.mark.parametrize("path", ["/invitation/x/y/", "/invitation/AAAAAAAAAAAAAAAAAAAAAA/a.b.c/"])
def test_a_made_up_link_answers_as_a_used_one(client, path):
    assert client.get(path).status_code == 404


def test_a_mail_server_that_is_away_loses_no_invitation(invite, monkeypatch, caplog):
    def disconnect(*args, **kwargs):
        raise smtplib.SMTPServerDisconnected("new@example.invalid is not heard")

    with monkeypatch.context() as patched:
        patched.setattr(invitations.EmailMessage, "send", disconnect)
        user = invite()
    user.refresh_from_db()
    assert user.invited_at is None
    assert "new@example.invalid" not in caplog.text
    send_due_invitations()
    send_due_invitations()
    assert len(mail.outbox) == 1


def test_the_first_administrator_comes_by_command(django_capture_on_commit_callbacks, capsys):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("invite_administrator", "Admin@example.invalid", "Ad Min")
    assert Membership.objects.get().role == Role.ADMINISTRATOR
    assert mail.outbox[0].to == ["admin@example.invalid"]
    with pytest.raises(CommandError):
        call_command("invite_administrator", "admin@example.invalid", "Ad Min")


# --- the pages --------------------------------------------------------------------------------------


def test_an_administrator_invites_from_the_page(
    client, administrator, project, django_capture_on_commit_callbacks
):
    data = {"name": "Ny Bruger", "email": "New@Example.invalid", "role": "mentor", "project": project.pk}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("user_new"), data)
    user = User.objects.get(email="new@example.invalid")
    assert answer.url == reverse("user_detail", args=[user.public_id])
    assert user.has_role(Role.MENTOR, project_id=project.pk)
    assert len(mail.outbox) == 1
    twice = client.post(reverse("user_new"), data)
    assert twice.status_code == 200
    assert twice.context["form"].errors["email"]


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_twice_at_once_invites_once(client, administrator, project):
    data = {"name": "Ny Bruger", "email": "new@example.invalid", "role": "mentor", "project": project.pk}
    start, answers = threading.Barrier(2), []

    def send():
        browser = client.__class__()
        browser.force_login(administrator)
        start.wait()
        answers.append(browser.post(reverse("user_new"), data).status_code)
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    assert User.objects.filter(email="new@example.invalid").count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(("role", "with_project"), [("agency", True), ("mentor", False)])
def test_role_and_project_go_together(client, administrator, project, role, with_project):
    data = {"name": "N", "email": "n@example.invalid", "role": role}
    if with_project:
        data["project"] = project.pk
    answer = client.post(reverse("user_new"), data)
    assert answer.context["form"].errors["project"]
    assert 'value="n@example.invalid"' in answer.content.decode(), "nothing typed is lost"


def test_roles_are_given_and_taken(client, administrator, project):
    user = UserFactory()
    page = reverse("user_detail", args=[user.public_id])
    client.post(page, {"role": "mentor", "project": project.pk})
    client.post(page, {"role": "agency"})
    assert set(Membership.objects.filter(user=user).values_list("role", flat=True)) == {"mentor", "agency"}
    client.post(reverse("user_take_role", args=[user.public_id]), {"role": "mentor", "project": project.slug})
    client.post(reverse("user_take_role", args=[user.public_id]), {"role": "agency", "project": ""})
    again = client.post(reverse("user_take_role", args=[user.public_id]), {"role": "agency"}, follow=True)
    assert not Membership.objects.filter(user=user).exists()
    assert "har ikke længere rollen" in again.content.decode()


def test_the_last_administrator_stays(client, administrator):
    page = client.post(reverse("user_deactivate", args=[administrator.public_id]), follow=True)
    assert "eneste administrator" in page.content.decode()
    with pytest.raises(ValidationError):
        take_role(administrator.memberships.get(), clock.today())
    UserFactory(roles=[Role.ADMINISTRATOR])
    deactivate_user(administrator, clock.today())
    administrator.refresh_from_db()
    assert not administrator.is_active


def test_closing_and_opening_again(client, administrator, project):
    user = UserFactory(project=project, roles=[Role.MENTOR])
    client.post(reverse("user_deactivate", args=[user.public_id]))
    user.refresh_from_db()
    assert not user.is_active
    client.post(reverse("user_reactivate", args=[user.public_id]))
    user.refresh_from_db()
    assert user.is_active
    assert user.has_role(Role.MENTOR)


def test_the_list_pages_searches_and_filters_in_the_address(client, administrator, project):
    for number in range(30):
        UserFactory(name=f"Person {number:02}", project=project, roles=[Role.MENTOR])
    other = UserFactory(name="Zenia Zeth", project=ProjectFactory(), roles=[Role.JOB_CONSULTANT])
    deactivate_user(other, clock.today())

    def names(**query):
        return [row.name for row in client.get(reverse("user_list"), query).context["table"].records]

    assert len(names()) == 25
    assert len(names(page=2)) == 7
    assert names(q="zenia") == ["Zenia Zeth"]
    assert names(q="person 07") == ["Person 07"]
    assert names(role="job_consultant") == ["Zenia Zeth"]
    assert names(role="administrator") == ["Admin Istrator"]
    assert len(names(project=project.slug)) == 25
    assert names(state="closed") == ["Zenia Zeth"]
    assert names(sort="-name")[0] == "Zenia Zeth"


def test_the_list_keeps_to_eight_queries(client, administrator, project, django_assert_max_num_queries):
    for _number in range(30):
        UserFactory(project=project, roles=[Role.MENTOR, Role.COURSE_OWNER])
    with django_assert_max_num_queries(8):
        client.get(reverse("user_list"))


def test_a_refusal_is_recorded(client, project):
    mentor = UserFactory(project=project, roles=[Role.MENTOR])
    client.force_login(mentor)
    assert client.get(reverse("user_list")).status_code == 403
    record = AccessRecord.objects.get()
    assert (record.user, record.outcome, record.asked_for) == (mentor, "refused", "/brugere/")


def test_nobody_is_a_superuser():
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        UserFactory(is_superuser=True)


# --- where one lands --------------------------------------------------------------------------------


def test_an_administrator_lands_on_the_users(client, administrator):
    assert client.get(reverse("home")).url == reverse("user_list")


def test_somebody_without_a_role_is_told_what_to_do(client):
    client.force_login(UserFactory())
    page = client.get(reverse("home"))
    assert page.status_code == 200
    assert "administrator" in page.content.decode()


def test_the_account_page_shows_the_roles(client, project):
    client.force_login(UserFactory(project=project, roles=[Role.MENTOR]))
    page = client.get(reverse("account")).content.decode()
    assert "Mentor (Testby)" in page
    assert reverse("mfa_index") in page
