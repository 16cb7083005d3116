"""Invitations to the steering group: a row first, then one mail for each member, with every change (D34)."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from evaluation.steering import mails
from evaluation.steering.actions import meetings
from evaluation.steering.actions import members as member_actions
from evaluation.steering.areas import all_members
from evaluation.steering.models import SteeringArea, SteeringInvitation
from evaluation.steering.presentation.invitations import invitations_of
from jobfirst.values.dates import DAY
from reminders import bounces
from reminders.rules.delivery_reports import FailedDelivery, ReportOutcome
from tests.evaluation.steering_factories import SteeringMemberFactory, at
from tests.loops import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(project, members, leader, today):
    return meetings.plan_meeting(project, planned_at=at(today + 7 * DAY), place="Rådhuset", by=leader)


def send_waiting():
    mails.send_waiting(timezone.now() + datetime.timedelta(hours=5))


def calendars():
    """The method, the day and the recipient of every mail."""
    events = []
    for message in some(mail.outbox):
        part = next(p for p in message.message().walk() if p.get_content_type() == "text/calendar")
        document = Calendar.from_ical(part.get_payload(decode=True))
        (event,) = document.walk("VEVENT")
        events.append((str(document["METHOD"]), event.decoded("dtstart").date(), message.to[0]))
    return events


def test_each_member_with_an_address_gets_one(ahead, members, leader, project, today):
    SteeringMemberFactory(project=project, email="")
    send_waiting()
    send_waiting()
    addresses = {member.email for member in members.values()}
    assert set(calendars()) == {("REQUEST", today + 7 * DAY, address) for address in addresses}
    assert len(mail.outbox) == len(addresses)


def test_the_mail_names_time_place_and_agenda_and_answers_go_to_the_leader(ahead, leader):
    send_waiting()
    message = mail.outbox[0]
    assert "Rådhuset" in message.body
    assert "1. Optag" in message.body
    assert message.reply_to == [leader.email]


def test_a_moved_meeting_is_told_and_what_waited_is_dropped(ahead, members, today):
    send_waiting()
    meetings.move_meeting(ahead, planned_at=at(today + 8 * DAY), place="Rådhuset")
    meetings.move_meeting(ahead, planned_at=at(today + 9 * DAY), place="Rådhuset")
    mail.outbox.clear()
    send_waiting()
    assert {(method, day) for method, day, _to in calendars()} == {("REQUEST", today + 9 * DAY)}
    assert len(mail.outbox) == len(members)


def test_a_cancelled_meeting_is_told_to_those_who_were_invited(ahead, leader, members):
    send_waiting()
    mail.outbox.clear()
    meetings.cancel_meeting(ahead, reason="Sygdom", by=leader)
    send_waiting()
    assert [method for method, _day, _to in calendars()] == ["CANCEL"] * len(members)


def test_a_meeting_cancelled_before_a_mail_was_sent_is_told_to_nobody(ahead, leader):
    meetings.cancel_meeting(ahead, reason="Sygdom", by=leader)
    send_waiting()
    assert mail.outbox == []


def test_who_joins_is_invited_and_who_leaves_is_told(ahead, members, leader, project, today):
    send_waiting()
    mail.outbox.clear()
    content = {
        "name": "Karen Prøvelund",
        "area": SteeringArea.HEALTH_MANAGEMENT,
        "email": "karen@region.invalid",
        "joined_on": today,
    }
    member_actions.add_member(project, content, by=leader)
    leaving = members[SteeringArea.SOCIAL_MANAGEMENT]
    member_actions.change_member(leaving, {"left_on": today})
    send_waiting()
    assert {(method, to) for method, _day, to in calendars()} == {
        ("REQUEST", "karen@region.invalid"),
        ("CANCEL", leaving.email),
    }


def report_returned(member, status="5.1.1"):
    """The mail server reports that the member's last invitation was not delivered."""
    invitation = SteeringInvitation.objects.filter(member=member).latest("pk")
    report = FailedDelivery(f"<{invitation.public_id}@jobfirst.invalid>", {member.email: status})
    return bounces.record(report, timezone.now())


def words_of(meeting, member):
    (words,) = [
        sent.words for sent in invitations_of(meeting, all_members(meeting.project)) if sent.member == member
    ]
    return words


def test_an_invitation_that_comes_back_is_marked_on_the_meeting(ahead, members):
    send_waiting()
    member = members[SteeringArea.SOCIAL_MANAGEMENT]
    assert report_returned(member) is ReportOutcome.RECORDED
    assert report_returned(member) is ReportOutcome.RECORDED
    assert words_of(ahead, member) == "Invitationen kom retur den 8. juni"
    assert [sent.member for sent in invitations_of(ahead, all_members(ahead.project)) if sent.is_missed] == [
        member
    ]


def test_a_report_before_the_sending_is_stored_is_read_again(ahead, members):
    assert report_returned(members[SteeringArea.SOCIAL_MANAGEMENT]) is ReportOutcome.TOO_EARLY


def test_a_new_address_gets_the_invitation_and_is_told_no_change(ahead, members):
    send_waiting()
    member = members[SteeringArea.SOCIAL_MANAGEMENT]
    report_returned(member)
    mail.outbox.clear()
    member_actions.change_member(member, {"title": "Socialchef"})
    send_waiting()
    assert mail.outbox == []
    member_actions.change_member(member, {"email": "ny@kommune.invalid"})
    send_waiting()
    (message,) = mail.outbox
    assert message.to == ["ny@kommune.invalid"]
    assert "Du er inviteret" in message.body
    assert words_of(ahead, member) == "Inviteret den 8. juni"
