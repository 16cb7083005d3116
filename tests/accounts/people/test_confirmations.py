"""Roles of one's own, new administrators and resets of the second step need two administrators."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.exchange import USER_COLUMNS, import_users
from accounts.models import AccountRequest, Membership, User
from accounts.people import confirmations
from accounts.people.confirmations import RoleAnswer
from accounts.roles import Role
from audit.models import SecurityRecord
from jobfirst import clock
from jobfirst.exchange import read_table
from tests.factories import ProjectFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return ProjectFactory(slug="aalborg", name="Testby")


def roles_of(user):
    return set(user.memberships.values_list("role", flat=True))


def ask_for_ones_own(user, project, role=Role.PROJECT_LEADER):
    assert confirmations.give_or_ask(user, role, project, by=user) == RoleAnswer.WAITING
    return AccountRequest.objects.get(person=user, outcome="")


def with_second_step(user):
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "x"})
    return user


def test_a_role_of_ones_own_waits(client, anna, project):
    client.force_login(anna)
    page = client.post(
        reverse("user_detail", args=[anna.public_id]), {"role": "mentor", "project": project.pk}, follow=True
    )
    assert roles_of(anna) == {"administrator"}
    assert "En anden administrator skal bekræfte rollen" in page.content.decode()
    assert SecurityRecord.objects.filter(kind="role_asked", detail="mentor aalborg", subject=anna).exists()


def test_the_other_administrators_are_mailed(anna, bo, project, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_ones_own(anna, project)
    (message,) = mail.outbox
    assert message.to == ["bo@example.invalid"]
    assert "Anna Admin" in message.body
    assert reverse("user_requests") in message.body


def test_another_administrator_confirms(client, anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    client.force_login(bo)
    assert "Anna Admin" in client.get(reverse("user_requests")).content.decode()
    client.post(reverse("user_request_confirm", args=[entry.public_id]))
    assert roles_of(anna) == {"administrator", "project_leader"}
    record = SecurityRecord.objects.get(kind="role_given", subject=anna, detail="project_leader aalborg")
    assert record.user == bo


def test_nobody_confirms_their_own(client, anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    client.force_login(anna)
    page = client.post(reverse("user_request_confirm", args=[entry.public_id]), follow=True)
    assert "En anden administrator skal bekræfte det" in page.content.decode()
    assert roles_of(anna) == {"administrator"}


def test_the_database_refuses_it_too(anna, project):
    entry = ask_for_ones_own(anna, project)
    with pytest.raises(IntegrityError, match="accounts_request_by_another"), transaction.atomic():
        AccountRequest.objects.filter(pk=entry.pk).update(
            outcome="confirmed", decided_by=anna, decided_at=timezone.now()
        )


def test_a_request_turned_down_gives_nothing_and_is_recorded(anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    confirmations.refuse(entry.public_id, by=bo)
    with pytest.raises(ValidationError):
        confirmations.confirm(entry.public_id, by=bo)
    assert roles_of(anna) == {"administrator"}
    assert SecurityRecord.objects.filter(kind="role_refused", subject=anna).exists()


def test_a_request_runs_out(anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    AccountRequest.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError):
        confirmations.confirm(entry.public_id, by=bo)
    assert confirmations.expire_lapsed(timezone.now()) == 1
    assert ask_for_ones_own(anna, project).pk != entry.pk, "it may be asked for again"


def test_asking_twice_is_one_request(anna, project):
    assert ask_for_ones_own(anna, project) == ask_for_ones_own(anna, project)


def test_a_former_administrator_confirms_nothing(anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    bo.memberships.all().delete()
    with pytest.raises(ValidationError):
        confirmations.confirm(entry.public_id, by=bo)


def test_what_a_former_administrator_asked_for_is_not_confirmed(anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    anna.memberships.all().delete()
    with pytest.raises(ValidationError, match="ikke længere"):
        confirmations.confirm(entry.public_id, by=bo)
    assert roles_of(anna) == set()


def test_a_new_administrator_waits_too_so_that_nobody_makes_a_helper(client, anna, bo):
    client.force_login(anna)
    data = {"name": "Ny Admin", "email": "new@example.invalid", "role": "administrator", "project": ""}
    client.post(reverse("user_new"), data)
    invited = User.objects.get(email="new@example.invalid")
    assert roles_of(invited) == set()
    entry = AccountRequest.objects.get(person=invited)
    with pytest.raises(ValidationError):
        confirmations.confirm(entry.public_id, by=anna)
    confirmations.confirm(entry.public_id, by=bo)
    assert roles_of(invited) == {"administrator"}


def test_a_colleague_s_role_is_given_at_once_and_leaders_and_administrators_hear_of_it(
    anna, bo, project, django_capture_on_commit_callbacks
):
    UserFactory(project=project, roles=[Role.PROJECT_LEADER], email="leader@example.invalid")
    person = UserFactory(name="Mette Mentor")
    with django_capture_on_commit_callbacks(execute=True):
        answer = confirmations.give_or_ask(person, Role.MENTOR, project, by=anna)
    assert answer == RoleAnswer.GIVEN
    assert {message.to[0] for message in mail.outbox} == {"bo@example.invalid", "leader@example.invalid"}
    assert all("Mette Mentor" in message.body for message in some(mail.outbox))


def test_a_file_does_not_give_a_role_to_whoever_loads_it(anna, project):
    rows = f"email;name;project;roles\n{anna.email};{anna.name};aalborg;mentor\n"
    rows += "new@example.invalid;Ny Mentor;aalborg;mentor\n"
    table = read_table(BytesIO(rows.encode()), USER_COLUMNS)
    import_users(table, clock.today(), by=anna)
    assert roles_of(anna) == {"administrator"}
    assert AccountRequest.objects.get().person == anna
    assert roles_of(User.objects.get(email="new@example.invalid")) == {"mentor"}


def test_where_there_is_one_administrator_the_server_confirms(anna, project, capsys):
    entry = ask_for_ones_own(anna, project)
    call_command("confirm_request")
    assert str(entry.public_id) in capsys.readouterr().out
    call_command("confirm_request", str(entry.public_id))
    assert roles_of(anna) == {"administrator", "project_leader"}
    record = SecurityRecord.objects.get(kind="role_given", subject=anna, detail="project_leader aalborg")
    assert record.user is None
    with pytest.raises(CommandError):
        call_command("confirm_request", str(entry.public_id))


def test_two_administrators_reset_a_second_step(client, anna, bo, django_capture_on_commit_callbacks):
    person = with_second_step(UserFactory(email="person@example.invalid"))
    epoch = person.session_epoch
    client.force_login(anna)
    client.post(reverse("user_reset_second_step", args=[person.public_id]), {"reason": "Telefonen er væk"})
    entry = AccountRequest.objects.get()
    client.post(reverse("user_request_confirm", args=[entry.public_id]))
    assert Authenticator.objects.filter(user=person).count() == 2, "one administrator is not enough"

    client.force_login(bo)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("user_request_confirm", args=[entry.public_id]))
    assert not Authenticator.objects.filter(user=person).exists()
    person.refresh_from_db()
    assert person.session_epoch > epoch
    assert [message.to for message in mail.outbox] == [["person@example.invalid"]]
    kinds = SecurityRecord.objects.filter(subject=person).order_by("pk").values_list("kind", "user")
    assert list(kinds) == [("reset_asked", anna.pk), ("second_step_removed", bo.pk)]


def test_nobody_asks_to_reset_their_own_or_confirms_it(anna, bo):
    with pytest.raises(ValidationError):
        confirmations.ask_for_reset(with_second_step(anna), "Telefonen er væk", by=anna)
    entry = confirmations.ask_for_reset(anna, "Telefonen er væk", by=bo)
    with pytest.raises(ValidationError):
        confirmations.confirm(entry.public_id, by=anna)
    assert Authenticator.objects.filter(user=anna).exists()


def test_whoever_has_no_second_step_needs_no_reset(anna):
    with pytest.raises(ValidationError, match="totrinslogin"):
        confirmations.ask_for_reset(UserFactory(), "Telefonen er væk", by=anna)


def test_what_became_of_a_change_stands_below_those_that_wait(client, anna, bo, project):
    entry = ask_for_ones_own(anna, project)
    client.force_login(anna)
    assert "Afgjort for nylig" not in client.get(reverse("user_requests")).content.decode()
    confirmations.refuse(entry.public_id, by=bo)
    page = client.get(reverse("user_requests")).content.decode()
    assert "Intet venter" in page
    assert "Afgjort for nylig" in page
    assert "Bo Admin" in page


def test_the_persons_page_says_which_second_steps_there_are_and_offers_a_reset_only_then(client, anna):
    person = UserFactory(email="person@example.invalid")
    client.force_login(anna)
    address = reverse("user_detail", args=[person.public_id])
    reset = reverse("user_reset_second_step", args=[person.public_id])
    page = client.get(address).content.decode()
    assert "Ikke sat op endnu" in page
    assert reset not in page
    with_second_step(person)
    page = client.get(address).content.decode()
    assert "Godkendelsesapp, Genoprettelseskoder" in page
    assert reset in page
    assert f"{reverse('security_log')}?q=person%40example.invalid" in page or "?q=person@" in page


def test_the_list_of_users_says_that_something_waits(client, anna, bo, project):
    client.force_login(bo)
    assert "Venter på en anden administrator" not in client.get(reverse("user_list")).content.decode()
    ask_for_ones_own(anna, project)
    assert "Venter på en anden administrator" in client.get(reverse("user_list")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_at_once_give_one_role():
    project = ProjectFactory()
    anna, *others = (UserFactory(roles=[Role.ADMINISTRATOR]) for _number in range(3))
    entry = ask_for_ones_own(anna, project)
    answers = []

    def confirm(by):
        try:
            confirmations.confirm(entry.public_id, by=by)
            answers.append("confirmed")
        except ValidationError:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[by]) for by in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["confirmed", "refused"]
    assert Membership.objects.filter(user=anna, role="project_leader").count() == 1
