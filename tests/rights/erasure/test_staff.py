"""Staff who left long ago: the account stays under a number, and nothing leads to the person."""

import datetime
import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import CASCADE
from django.utils import timezone

from accounts.models import User
from accounts.people.actions import change_phone, give_role, invite_again, reactivate_user
from audit.access import record_shown
from audit.chain.sealing import seal
from audit.models import AccessRecord
from rights.erasure.due import rules_on
from rights.erasure.lists import list_path
from rights.erasure.others.kinds import due_others
from rights.erasure.others.staff import OWN, STAYS
from rights.models import Erasure, HoldKind, LegalHold, RetentionKind
from tests.factories import CourseFactory, ReferralFactory, UserFactory
from tests.rights.erasure.test_erase import rows_with

pytestmark = pytest.mark.django_db(transaction=True)

#: Five years after any day on which the tests are run.
LATER = datetime.date(2090, 1, 1)


def due(on=LATER):
    return due_others(on, rules_on(on), [RetentionKind.STAFF])


def erase(capsys, on=LATER):
    capsys.readouterr()
    call_command("erase", on=on.isoformat())
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def gone():
    """Somebody whose account was closed."""
    user = UserFactory(name="Gunnar Gået", email="gunnar@kommune.dk", phone="12345678")
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.refresh_from_db()
    return user


def test_whoever_left_long_ago_is_found_nowhere_in_the_database(gone, approve, project, capsys):
    record_shown(gone, "referral", [ReferralFactory(project=project).citizen.public_id])
    public_id = str(gone.public_id)
    approve(LATER, None)
    assert erase(capsys)["erased"] == 1
    assert rows_with("Gunnar", "gunnar@", "12345678", public_id) == []
    gone.refresh_from_db()
    assert (gone.name, gone.is_active) == (f"Tidligere medarbejder {gone.pk}", False)
    assert not gone.has_usable_password()


def test_the_access_log_still_tells_one_person_from_another(gone, approve, project, capsys):
    citizen = ReferralFactory(project=project).citizen
    record_shown(gone, "referral", [citizen.public_id])
    approve(LATER, None)
    erase(capsys)
    assert AccessRecord.objects.get(action="referral").user == gone


def test_the_audit_log_expects_the_rows_that_are_gone(gone, approve, capsys):
    seal()
    approve(LATER, None)
    erase(capsys)
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_the_period_begins_when_the_account_was_closed(gone):
    (subject,) = due()
    events = apps.get_model("accounts", "UserEvent").objects.filter(pgh_obj=gone, is_active=False)
    assert subject.begins_on == timezone.localdate(events.get().pgh_created_at)
    assert due(subject.due_on - datetime.timedelta(days=1)) == []


def test_who_works_here_or_holds_a_function_is_never_due(project):
    holder = UserFactory(is_active=False)
    CourseFactory(project_for=project, holders=holder)
    UserFactory()
    assert due() == []


def test_an_account_that_was_opened_again_is_left_out(gone, approve, capsys):
    approve(LATER, None)
    User.objects.filter(pk=gone.pk).update(is_active=True)
    assert list(erase(capsys)["left"].values()) == ["not_due"]
    gone.refresh_from_db()
    assert gone.name == "Gunnar Gået"


def test_an_account_that_was_changed_since_the_list_was_made_is_left_out(gone, approve, capsys):
    approve(LATER, None)
    User.objects.filter(pk=gone.pk).update(name="Gunnar Gået-Hansen")
    assert erase(capsys)["left"] == {f"staff {gone.pk}": "changed"}


def test_who_saw_a_citizen_whose_data_is_held_back_stays_named(gone, project, leader):
    citizen = ReferralFactory(project=project).citizen
    record_shown(gone, "referral", [citizen.public_id])
    LegalHold.objects.create(citizen=citizen, kind=HoldKind.COMPLAINT, reason="Klage", placed_by=leader)
    assert [list(subject.blockers) for subject in due()] == [["legal_hold"]]


def test_an_erased_account_is_not_due_again(gone, approve, capsys):
    approve(LATER, None)
    erase(capsys)
    assert due() == []


def test_a_leader_puts_no_account_on_a_list(gone, leader, client):
    client.force_login(leader)
    kinds = client.get("/opbevaring/?from=2090-01-01").context["kinds"]
    assert "Medarbejdere, der er stoppet" not in [row.label for row in kinds]


def test_the_list_names_the_account_to_administrators_alone(gone, approve, administrator, leader, client):
    run = approve(LATER, None)
    client.force_login(administrator)
    assert "Gunnar" in client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    client.force_login(leader)
    assert client.get(f"/opbevaring/forslag/{run.public_id}/").status_code == 404


def test_a_restored_backup_erases_the_person_again(gone, approve, tmp_path, capsys):
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    approve(LATER, None)
    erase(capsys)
    (line,) = [json.loads(text) for text in list_path().read_text().splitlines()]
    assert (line["kind"], "upto" in line) == ("staff", False)
    call_command("restore", tmp_path / "backup", replace=True)
    assert rows_with("Gunnar") == []
    assert Erasure.objects.count() == 1


def test_every_table_that_goes_with_an_account_is_named():
    """Recipe: a new table with a key to the user that cascades goes into `OWN` or, with a reason, `STAYS`."""
    cascading = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.related_model is User and field.remote_field.on_delete is CASCADE and not model._meta.proxy
    }
    named = {f"{label}.{key}" for label, key in OWN.items()}
    assert cascading - named == {name for name in cascading if name.rsplit(".", 1)[0] in STAYS}
    assert named <= cascading


def test_an_erased_account_stays_closed(gone, approve, administrator, client, capsys):
    approve(LATER, None)
    erase(capsys)
    gone.refresh_from_db()
    client.force_login(administrator)
    page = client.get(f"/brugere/{gone.public_id}/").content.decode()
    assert "Slettet efter opbevaringsreglerne" in page
    with pytest.raises(ValidationError):
        reactivate_user(gone)
    gone.refresh_from_db()
    assert not gone.is_active


def test_an_address_of_nobodys_domain_is_no_erasure(gone):
    """Whoever could choose the address would never be due."""
    User.objects.filter(pk=gone.pk).update(email="gunnar@erased.invalid")
    assert [subject.pk for subject in due()] == [gone.pk]


def test_nothing_is_written_to_an_erased_account_any_more(gone, approve, capsys):
    approve(LATER, None)
    erase(capsys)
    for act in (
        lambda: change_phone(gone, "87654321"),
        lambda: invite_again(gone),
        lambda: give_role(gone, "agency", None),
    ):
        with pytest.raises(ValidationError, match="slettet"):
            act()
    gone.refresh_from_db()
    assert (gone.phone, gone.erased_on) == ("", LATER)
