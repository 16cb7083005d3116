"""Members of steering groups who left are emptied; minutes and decisions, the project's papers, stay."""

import datetime
import importlib
import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from audit.chain.sealing import seal
from evaluation.steering.actions.members import change_member, restore_member, withdraw_member
from evaluation.steering.frozen import attendee_copies
from evaluation.steering.models import SteeringDecision, SteeringInvitation, SteeringMeeting, SteeringMember
from jobfirst.database.owner import as_owner, let_owner_erase
from rights.erasure.due import rules_on
from rights.erasure.others.kinds import due_others
from rights.models import RetentionKind
from tests.evaluation.steering_factories import (
    SteeringDecisionFactory,
    SteeringMeetingFactory,
    SteeringMemberFactory,
)
from tests.factories import ProjectFactory
from tests.rights.erasure.conftest import LONG_AFTER
from tests.rights.erasure.test_erase import rows_with

pytestmark = pytest.mark.django_db(transaction=True)

LEFT_ON = datetime.date(2016, 10, 31)


def due(on=LONG_AFTER):
    return due_others(on, rules_on(on), [RetentionKind.MEMBER])


def erase(capsys):
    capsys.readouterr()
    call_command("erase", on=LONG_AFTER.isoformat())
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def member(project):
    return SteeringMemberFactory(
        project=project,
        name="Merete Medlem",
        title="Socialchef",
        organisation="Afdeling Merete",
        email="merete@kommune.dk",
        left_on=LEFT_ON,
    )


def test_the_person_is_found_nowhere_in_the_database_and_the_seat_stays(member, project, approve, capsys):
    SteeringMember.everybody.filter(pk=member.pk).update(name="Merete Medlem-Jensen")
    SteeringInvitation.objects.create(
        meeting=SteeringMeetingFactory(project=project),
        member=member,
        method="REQUEST",
        sequence=1,
        planned_at=timezone.now(),
        sent_to="merete@kommune.dk",
    )
    approve()
    assert erase(capsys)["erased"] == 1
    assert rows_with("Merete", "merete@", "Socialchef") == []
    seat = SteeringMember.everybody.get(pk=member.pk)
    assert (seat.area, seat.joined_on, seat.left_on) == (member.area, member.joined_on, LEFT_ON)


def test_minutes_and_decisions_keep_the_name(member, project, approve, capsys):
    meeting = SteeringMeetingFactory(project=project)
    decision = SteeringDecisionFactory(meeting=meeting, owner=member)
    attendees = attendee_copies([member])
    SteeringMeeting.objects.filter(pk=meeting.pk).update(
        state="held", held_on=LEFT_ON, agenda=[], attendees=attendees, closed_at=timezone.now()
    )
    approve()
    erase(capsys)
    assert SteeringMeeting.objects.get(pk=meeting.pk).attendees[0]["name"] == "Merete Medlem"
    assert SteeringDecision.objects.get(pk=decision.pk).owner_name == "Merete Medlem"


def test_who_was_erased_is_not_due_again(member, approve, capsys):
    approve()
    erase(capsys)
    assert due() == []


def test_the_audit_log_expects_the_rows_that_are_gone(member, approve, capsys):
    seal()
    approve()
    erase(capsys)
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_two_years_after_the_member_left(member):
    assert due(datetime.date(2018, 10, 30)) == []
    assert [subject.pk for subject in due(datetime.date(2018, 10, 31))] == [member.pk]


def test_a_member_who_stayed_goes_by_the_end_of_the_project(project):
    member = SteeringMemberFactory(project=project)
    (subject,) = due()
    assert (subject.pk, subject.begins_on) == (member.pk, project.ends_on)


def test_a_member_who_was_changed_since_the_list_was_made_is_left_out(member, approve, capsys):
    approve()
    SteeringMember.everybody.filter(pk=member.pk).update(title="Direktør")
    assert erase(capsys)["left"] == {f"member {member.pk}": "changed"}


def test_a_list_shows_the_area_and_not_the_person(member, approve, leader, client):
    run = approve()
    client.force_login(leader)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert "Medlem af indsatsgruppen: Ledelse fra jobcenteret" in page
    assert "Merete" not in page


def test_another_projects_member_stands_on_no_list_of_the_leader(leader, client):
    SteeringMemberFactory(project=ProjectFactory(), left_on=LEFT_ON)
    client.force_login(leader)
    page = client.get("/opbevaring/?from=2026-01-01")
    assert [row.due for row in page.context["kinds"] if "Indsatsgruppen" in row.label] == [0]


def test_a_restored_backup_erases_the_person_again(member, approve, tmp_path, capsys):
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    approve()
    erase(capsys)
    call_command("restore", tmp_path / "backup", replace=True)
    assert rows_with("Merete") == []


def test_a_member_whose_name_is_a_dash_is_due_like_everybody(project):
    """That somebody was erased is a day, not what stands where the name was."""
    member = SteeringMemberFactory(project=project, name="–", left_on=LEFT_ON)
    assert [subject.pk for subject in due()] == [member.pk]


def test_why_a_member_was_taken_out_goes_with_the_person(member, project, leader, approve, capsys):
    withdraw_member(member, by=leader, reason="Merete er flyttet til Lilleputten", version=member.version)
    approve()
    assert erase(capsys)["erased"] == 1
    assert rows_with("Merete", "Lilleputten") == []


def test_nothing_is_written_to_an_erased_member_any_more(member, leader, approve, client, capsys):
    approve()
    erase(capsys)
    for act in (
        lambda: change_member(member, {"name": "Merete Medlem"}, version=None),
        lambda: withdraw_member(member, by=leader, reason="Fejl"),
        lambda: restore_member(member, by=leader, reason="Fejl"),
    ):
        with pytest.raises(ValidationError, match="slettet"):
            act()
    client.force_login(leader)
    for page in ("change_member", "withdraw_member", "restore_member"):
        assert client.get(reverse(f"evaluation:{page}", args=[member.public_id])).status_code == 404
    group = client.get(reverse("evaluation:steering"), follow=True).content.decode()
    assert "Slettet efter opbevaringsreglerne" in group
    assert f"{member.public_id}" not in group


def test_members_who_were_erased_before_get_the_day_from_the_list_of_erasures(member, approve, capsys):
    approve()
    erase(capsys)
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        let_owner_erase(cursor)
        SteeringMember.everybody.filter(pk=member.pk).update(erased_on=None)
    other = SteeringMemberFactory(project=member.project, name="–")
    migration = importlib.import_module("rights.migrations.0012_days_of_earlier_erasures")
    with as_owner(), transaction.atomic(), connection.schema_editor() as editor:
        migration.give_days(apps, editor)
    days = SteeringMember.everybody.values_list("pk", "erased_on")
    assert dict(days) == {member.pk: LONG_AFTER, other.pk: None}
