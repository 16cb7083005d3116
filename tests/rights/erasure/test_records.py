"""Messages, links, sign-ins and network addresses go by their day, all of a kind together."""

import datetime
import json
import uuid

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import LinkSecret, SignedLink
from audit.access import record_shown
from audit.chain.sealing import seal
from audit.models import AccessRecord, SecurityKind, SecurityRecord
from cases.models import AppointmentMessage, MeetingInvitation
from jobfirst.messaging.outgoing import Outgoing
from reminders.models import Deadline, Digest, DigestItem, Reminder
from rights.erasure.due import rules_on
from rights.erasure.lists import list_path
from rights.erasure.others.kinds import due_others, last_day_ended
from rights.erasure.others.records import HeldIds, held_ids, rows_upto
from rights.models import BULK_KINDS, Erasure, HoldKind, LegalHold, RetentionKind, RetentionRule
from tests.factories import CourseFactory, FollowUpMeetingFactory, ReferralFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.django_db(transaction=True)

LATER = datetime.date(2090, 1, 1)


def due(kind, on=LATER):
    return due_others(on, rules_on(on), [kind])


@pytest.fixture
def erase(approve, capsys):
    """Approve the list of no project, carry it out, and return the JSON."""

    def approve_and_erase():
        approve(LATER, None)
        capsys.readouterr()
        call_command("erase", on=LATER.isoformat())
        return json.loads(capsys.readouterr().out)

    return approve_and_erase


def signed_in(user, kind=SecurityKind.SIGNED_IN):
    return SecurityRecord.objects.create(kind=kind, user=user, subject=user, ip="192.0.2.7", session="abc")


def link_about(course, **fields):
    now = timezone.now()
    values = {"state": "sent", "sent_at": now, "expires_at": now, "used_at": now, **fields}
    link = SignedLink.objects.create(
        purpose="sign",
        subject=course.public_id,
        recipient_kind="citizen",
        recipient=uuid.uuid4(),
        project=course.project,
        **values,
    )
    LinkSecret.objects.create(link=link, secret_hash=uuid.uuid4().hex * 2)
    return link


def hold(citizen, leader):
    LegalHold.objects.create(citizen=citizen, kind=HoldKind.COMPLAINT, reason="Klage", placed_by=leader)


def test_sign_ins_go_and_changes_of_roles_stay_without_an_address(erase):
    user = UserFactory()
    signed_in(user)
    role = signed_in(user, SecurityKind.ROLE_GIVEN)
    erase()
    assert list(SecurityRecord.objects.values_list("pk", "user", "ip", "session")) == [
        (role.pk, user.pk, None, "")
    ]


def test_who_saw_whom_stays_without_the_address(project, erase):
    citizen, user = ReferralFactory(project=project).citizen, UserFactory()
    record = AccessRecord.objects.create(
        action="referral",
        outcome="shown",
        user=user,
        citizens=[citizen.public_id],
        ip="192.0.2.7",
        session="abc",
    )
    erase()
    record.refresh_from_db()
    assert (record.user, record.citizens) == (user, [citizen.public_id])
    assert (record.ip, record.session) == (None, "")


def test_the_audit_log_expects_what_is_gone_or_emptied(project, erase):
    record_shown(UserFactory(), "referral", [ReferralFactory(project=project).citizen.public_id])
    AccessRecord.objects.create(action="list", outcome="shown", ip="192.0.2.7")
    signed_in(UserFactory())
    signed_in(UserFactory(), SecurityKind.ROLE_GIVEN)
    seal()
    erase()
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_digests_go_and_a_reminder_of_what_is_still_owed_stays(project, erase):
    course, user = CourseFactory(project_for=project), UserFactory()
    Deadline.objects.all().delete()
    owed, settled = (
        Reminder.objects.create(
            kind=kind, subject_type="course", subject=course.public_id, recipient=user, due_on="2016-05-02"
        )
        for kind in ("weekly_contact_missing", "meeting_overdue")
    )
    Deadline.objects.create(
        kind=owed.kind,
        subject_type="course",
        subject=course.public_id,
        project=project,
        functions=[],
        due_on="2016-05-02",
        shown_from="2016-05-02",
    )
    digest = Digest.objects.create(recipient=user, on="2016-05-02", state="sent", sent_at=timezone.now())
    for reminder in (owed, settled):
        DigestItem.objects.create(digest=digest, reminder=reminder, is_new=True)
    erase()
    assert not Digest.objects.exists()
    assert list(Reminder.objects.all()) == [owed]


def test_messages_of_meetings_go_and_the_citizens_answer_stays(project, erase):
    meeting = FollowUpMeetingFactory(course=CourseFactory(project_for=project))
    MeetingInvitation.objects.all().delete()
    moment = timezone.now()
    sent = {"meeting": meeting, "planned_at": moment, "state": "sent", "sent_at": moment}
    MeetingInvitation.objects.create(recipient=UserFactory(), method="REQUEST", sequence=0, **sent)
    AppointmentMessage.objects.create(channel="sms", **sent)
    answered = AppointmentMessage.objects.create(channel="email", cannot_come_at=moment, **sent)
    erase()
    assert not MeetingInvitation.objects.exists()
    assert list(AppointmentMessage.objects.all()) == [answered]


def test_a_message_that_waits_is_not_due(project):
    Digest.objects.create(recipient=UserFactory(), on="2016-05-02")
    assert due(RetentionKind.MESSAGE) == []


def test_a_used_link_goes_with_its_secrets_and_an_open_one_stays(project, erase):
    course = CourseFactory(project_for=project)
    link_about(course)
    open_link = link_about(course, used_at=None, expires_at=timezone.now() + datetime.timedelta(days=50000))
    erase()
    assert list(SignedLink.objects.all()) == [open_link]
    assert LinkSecret.objects.count() == 1


def test_nothing_of_a_citizen_whose_data_is_held_back_goes(project, leader, erase):
    course = CourseFactory(project_for=project)
    link = link_about(course)
    digest = Digest.objects.create(
        recipient=UserFactory(), on="2016-05-02", state="sent", sent_at=timezone.now()
    )
    reminder = Reminder.objects.create(
        kind="x",
        subject_type="course",
        subject=course.public_id,
        recipient=digest.recipient,
        due_on="2016-05-02",
    )
    DigestItem.objects.create(digest=digest, reminder=reminder, is_new=True)
    record = AccessRecord.objects.create(
        action="course", outcome="shown", citizens=[course.citizen.public_id], ip="192.0.2.7"
    )
    hold(course.citizen, leader)
    signed_in(UserFactory())
    erase()
    record.refresh_from_db()
    assert record.ip == "192.0.2.7"
    assert list(SignedLink.objects.all()) == [link]
    assert list(Digest.objects.all()) == [digest]
    assert list(Reminder.objects.all()) == [reminder]


def test_what_is_on_hold_is_gathered_once_for_all_kinds(project, leader):
    """It looks up each row of each citizen on hold: the pages of retention would wait four times as long."""
    hold(ReferralFactory(project=project).citizen, leader)
    with CaptureQueriesContext(connection) as once:
        held_ids(LATER)
    with CaptureQueriesContext(connection) as queries:
        due_others(LATER, rules_on(LATER), list(RetentionKind))
    gathering = [query["sql"] for query in once]
    assert [query["sql"] for query in queries].count(gathering[-1]) == gathering.count(gathering[-1])


def test_a_kind_stands_on_one_list_at_a_time(approve, administrator):
    from rights.erasure import runs

    signed_in(UserFactory())
    approve(LATER, None)
    assert runs.proposable(administrator, LATER) == {}


def test_a_longer_period_that_was_entered_meanwhile_holds(approve, capsys):
    record = signed_in(UserFactory())
    approve(LATER, None)
    RetentionRule.objects.create(
        kind="sign_in", valid_from=datetime.date(2089, 1, 1), months=1200, reason="x"
    )
    capsys.readouterr()
    call_command("erase", on=LATER.isoformat())
    assert json.loads(capsys.readouterr().out)["left"] == {"sign_in": "not_due"}
    assert SecurityRecord.objects.filter(pk=record.pk).exists()


def test_the_rows_of_the_day_before_the_period_began_go_alone():
    signed_in(UserFactory())
    today = timezone.localdate()
    rule = rules_on(today)[RetentionKind.SIGN_IN]
    (subject,) = due(RetentionKind.SIGN_IN)
    assert subject.begins_on == last_day_ended(LATER, rule.months)
    assert due(RetentionKind.SIGN_IN, today) == []


@pytest.mark.parametrize(
    ("on", "months", "day"),
    [
        (datetime.date(2018, 3, 1), 24, datetime.date(2016, 3, 1)),
        (datetime.date(2017, 3, 1), 12, datetime.date(2016, 3, 1)),
        (datetime.date(2017, 2, 28), 12, datetime.date(2016, 2, 28)),
        (datetime.date(2016, 3, 30), 1, datetime.date(2016, 2, 29)),
    ],
)
def test_the_last_day_that_may_go(on, months, day):
    assert last_day_ended(on, months) == day


def test_a_restored_backup_erases_the_records_again(tmp_path, erase, capsys):
    signed_in(UserFactory())
    call_command("verify_stored", repair=True)
    call_command("backup", output=tmp_path / "backup")
    erase()
    (line,) = [json.loads(text) for text in list_path().read_text().splitlines()]
    assert (line["kind"], line["upto"]) == ("sign_in", last_day_ended(LATER, 24).isoformat())
    call_command("restore", tmp_path / "backup", replace=True)
    assert not SecurityRecord.objects.filter(kind=SecurityKind.SIGNED_IN).exists()
    assert Erasure.objects.count() == 1


def test_every_kind_has_a_rule_with_a_day_and_a_reason():
    rules = rules_on(LATER)
    assert set(rules) == set(RetentionKind)
    assert all(rule.months and rule.reason for rule in some(rules.values()))
    assert set(RetentionKind) > BULK_KINDS


def test_a_dry_run_lists_the_kind_with_its_rows_and_removes_nothing(approve, capsys):
    records = [signed_in(UserFactory()) for _ in range(3)]
    approve(LATER, None)
    capsys.readouterr()
    call_command("erase", on=LATER.isoformat(), dry_run=True)
    document = json.loads(capsys.readouterr().out)
    (line,) = document["others"]
    assert (line["what"], line["rows"], line["approved"]) == ("sign_in", 3, True)
    assert [kind["due"] for kind in document["kinds"] if kind["kind"] == "sign_in"] == [3]
    assert SecurityRecord.objects.count() == len(records)


def test_a_list_shows_how_many_rows_go_up_to_which_day(approve, administrator, client):
    signed_in(UserFactory())
    run = approve(LATER, None)
    client.force_login(administrator)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    counts = SecurityRecord.objects.filter(kind=SecurityKind.SIGNED_IN).count()
    assert f"{counts} i alt, til og med dagen" in page
    assert f"{last_day_ended(LATER, 24):%d.%m.%Y}" in page


def test_every_table_of_messages_that_are_sent_has_a_rule():
    """Recipe: a new table of outgoing messages goes into `rows_upto` (rights/erasure/others/records.py)."""
    sending = {model for model in apps.get_models() if issubclass(model, Outgoing)}
    kinds = (RetentionKind.MESSAGE, RetentionKind.LINK)
    ruled = {rows.model for kind in kinds for rows in rows_upto(kind, LATER, HeldIds())}
    assert sending
    assert sending - ruled == set()
