"""Contact persons of companies whom nobody needs any more are removed; who is needed stays."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import SignedLink
from audit.chain.sealing import seal
from companies.models import CompanyCall, CompanyContact, Placement
from rights.erasure.due import rules_on
from rights.erasure.others.kinds import due_others
from rights.models import HoldKind, LegalHold, RetentionKind
from tests.companies.factories import CompanyCallFactory
from tests.factories import (
    CompanyContactFactory,
    CourseFactory,
    PlacementFactory,
    ProjectFactory,
    WorkAgreementFactory,
)
from tests.rights.erasure.test_erase import rows_with

pytestmark = pytest.mark.django_db(transaction=True)

LATER = datetime.date(2090, 1, 1)


def due(on=LATER):
    return due_others(on, rules_on(on), [RetentionKind.CONTACT])


def erase(capsys):
    capsys.readouterr()
    call_command("erase", on=LATER.isoformat())
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def contact(project):
    return CompanyContactFactory(
        project=project, name="Klara Kontakt", email="klara@firma.dk", phone="87654321"
    )


@pytest.fixture
def placement(project, contact):
    """A placement that ended in 2016 at the company of the contact person."""
    course = CourseFactory(project_for=project)
    return PlacementFactory(course=course, company=contact.company, ended_on=datetime.date(2016, 9, 1))


def test_whom_nobody_needs_is_found_nowhere_in_the_database(contact, project, approve, capsys):
    CompanyContact.objects.filter(pk=contact.pk).update(name="Klara Kontakt-Jensen")
    SignedLink.objects.create(
        purpose="annex",
        subject=uuid.uuid4(),
        recipient_kind="company_contact",
        recipient=contact.public_id,
        project=project,
        expires_at=timezone.now(),
        state="sent",
        sent_at=timezone.now(),
    )
    approve(LATER)
    assert erase(capsys)["erased"] == 1
    assert rows_with("Klara", "klara@", "87654321", str(contact.public_id)) == []


def test_a_call_to_the_company_stays_without_the_person(contact, project, approve, capsys):
    call = CompanyCallFactory(company=contact.company, project=project, contact=contact)
    approve(LATER)
    erase(capsys)
    assert CompanyCall.objects.get(pk=call.pk).contact is None


def test_the_audit_log_expects_the_rows_that_are_gone(contact, approve, capsys):
    seal()
    approve(LATER)
    erase(capsys)
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_a_contact_person_of_a_running_placement_is_not_due(contact, placement):
    Placement.objects.filter(pk=placement.pk).update(ended_on=None)
    assert due() == []


def test_a_running_placement_of_another_project_does_not_count(contact, placement):
    PlacementFactory(course=CourseFactory(project_for=ProjectFactory()), company=contact.company)
    assert [subject.pk for subject in due()] == [contact.pk]


def test_a_later_call_makes_the_period_begin_later(contact, project):
    called_on = datetime.date(2089, 1, 1)
    CompanyCallFactory(company=contact.company, project=project, contact=contact, called_on=called_on)
    assert due() == []
    assert due(datetime.date(2091, 1, 1))[0].begins_on == called_on


def test_who_stands_in_an_agreement_waits_for_the_participant(contact, placement):
    WorkAgreementFactory(placement=placement, company_contact=contact)
    assert [list(subject.blockers) for subject in due()] == [["in_agreement"]]


def test_the_place_of_a_citizen_whose_data_is_held_back_stays(contact, placement, leader):
    citizen = placement.course.citizen
    LegalHold.objects.create(citizen=citizen, kind=HoldKind.COMPLAINT, reason="Klage", placed_by=leader)
    assert [list(subject.blockers) for subject in due()] == [["legal_hold"]]


def test_a_contact_person_who_was_changed_since_the_list_was_made_is_left_out(contact, approve, capsys):
    approve(LATER)
    CompanyContact.objects.filter(pk=contact.pk).update(phone="11223344")
    assert erase(capsys)["left"] == {f"contact {contact.pk}": "changed"}


def test_a_list_shows_the_company_and_not_the_person(contact, approve, leader, client):
    run = approve(LATER)
    client.force_login(leader)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert contact.company.name in page
    assert "Klara" not in page


def test_another_projects_contact_person_stands_on_no_list_of_the_leader(leader, client):
    CompanyContactFactory(project=ProjectFactory())
    client.force_login(leader)
    page = client.get("/opbevaring/?from=2090-01-01")
    assert [row.due for row in page.context["kinds"] if "kontakt" in row.label] == [0]


def test_a_restored_backup_erases_the_person_again(contact, approve, tmp_path, capsys):
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    approve(LATER)
    erase(capsys)
    call_command("restore", tmp_path / "backup", replace=True)
    assert rows_with("Klara") == []
