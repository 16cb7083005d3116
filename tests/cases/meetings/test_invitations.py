"""Calendar invitations to staff: once, with every change, by initials and a link only (D18, D34)."""

import datetime
import smtplib

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from accounts.models import Membership
from cases import actions
from cases.messaging import delivery
from cases.models import FunctionHolding, MeetingInvitation, SendingState
from jobfirst.messaging import calendar_mail
from tests.concurrency import run_at_once
from tests.factories import UserFactory
from tests.loops import some

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def booked(course, holder, wednesday, at):
    return actions.book_meeting(
        course, planned_at=at(wednesday + 7 * DAY), place="Psykiatrien, stuen", invited=[holder], by=holder
    )


def send_waiting(after=datetime.timedelta()):
    delivery.send_waiting(timezone.now() + after)


def calendars():
    """Return the method and the event of every mail, read strictly."""
    events = []
    for message in some(mail.outbox):
        part = next(p for p in message.message().walk() if p.get_content_type() == "text/calendar")
        calendar = Calendar.from_ical(part.get_payload(decode=True))
        assert calendar.errors == []
        (event,) = calendar.walk("VEVENT")
        assert event.errors == []
        assert part.get_param("method") == calendar["METHOD"]
        events.append((str(calendar["METHOD"]), event))
    return events


def test_an_invitation_is_sent_once(booked, holder):
    send_waiting()
    send_waiting()
    ((method, event),) = calendars()
    assert method == "REQUEST"
    assert event["SEQUENCE"] == 0
    assert event.decoded("DTSTART") == booked.planned_at
    assert event.decoded("DTEND") - event.decoded("DTSTART") == datetime.timedelta(hours=1)
    assert event["ATTENDEE"] == f"mailto:{holder.email}"
    assert str(booked.public_id) in event["URL"]
    assert mail.outbox[0].to == [holder.email]


def test_the_mail_holds_initials_and_a_link_and_nothing_else_of_the_citizen(booked, course):
    send_waiting()
    message = mail.outbox[0].message()
    text = "".join(
        part.get_payload(decode=True).decode() for part in message.walk() if not part.is_multipart()
    )
    text += message["Subject"]
    assert "TÅ" in text
    for secret in ("Ågesen", course.citizen.cpr, "Psykiatrien"):
        assert secret not in text


def test_a_moved_meeting_has_the_same_uid_and_a_higher_sequence(booked, wednesday, at):
    send_waiting()
    actions.move_meeting(booked, planned_at=at(wednesday + 8 * DAY))
    send_waiting()
    (_first, before), (method, after) = calendars()
    assert method == "REQUEST"
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert after.decoded("DTSTART") == at(wednesday + 8 * DAY)


def test_a_cancelled_meeting_leaves_the_calendar_of_who_was_told(booked):
    send_waiting()
    actions.cancel_meeting(booked)
    send_waiting()
    method, event = calendars()[-1]
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)


def test_who_was_never_told_is_told_nothing_of_the_cancellation(booked):
    actions.cancel_meeting(booked)
    send_waiting()
    assert mail.outbox == []
    assert MeetingInvitation.objects.get().state == SendingState.DROPPED


def test_who_is_no_longer_invited_gets_a_cancellation_and_who_is_new_an_invitation(booked, holder, colleague):
    send_waiting()
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[colleague])
    send_waiting()
    sent = {
        (message.to[0], method) for message, (method, _event) in zip(mail.outbox, calendars(), strict=True)
    }
    assert sent == {
        (holder.email, "REQUEST"),
        (holder.email, "CANCEL"),
        (colleague.email, "REQUEST"),
    }


def test_the_form_proposes_the_team_and_takes_others_of_the_project(
    as_user, course, holder, colleague, agency
):
    client = as_user(holder)
    url = f"/forloeb/{course.public_id}/moede/"
    page = client.get(url).content.decode()
    team = page[page.index("id_invited_0") - 300 :][:600]
    assert "checked" in team
    assert "Kim Kollega" in page
    assert "Styrelsen" not in page
    data = {"planned_at": "2016-05-25T10:00", "invited": [holder.pk], "others": [colleague.pk]}
    assert client.post(url, data).status_code == 302
    assert set(course.meetings.get().invited.all()) == {holder, colleague}
    outsider = UserFactory()
    response = client.post(url, {**data, "planned_at": "2016-05-26T10:00", "others": [outsider.pk]})
    assert response.status_code == 200, "nobody outside the project is invited"


def test_the_form_of_a_booked_meeting_shows_who_is_invited(as_user, holder, booked, colleague):
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[holder, colleague])
    page = as_user(holder).get(f"/moeder/{booked.public_id}/flyt/").content.decode()
    assert f'<option value="{colleague.pk}" selected' in page


def test_the_end_of_the_course_takes_its_meetings_out_of_the_calendars(booked, course, wednesday):
    send_waiting()
    actions.end_course(course, ended_on=wednesday, reason="moved")
    send_waiting()
    booked.refresh_from_db()
    method, event = calendars()[-1]
    assert (booked.state, method, event["STATUS"], event["SEQUENCE"]) == (
        "cancelled",
        "CANCEL",
        "CANCELLED",
        1,
    )


def test_a_cancellation_that_waits_survives_the_next_change(booked, holder, colleague, wednesday, at):
    send_waiting()
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[colleague])
    actions.move_meeting(booked, planned_at=at(wednesday + 9 * DAY))
    send_waiting()
    to_holder = [
        (method, event["SEQUENCE"])
        for message, (method, event) in zip(mail.outbox, calendars(), strict=True)
        if message.to == [holder.email]
    ]
    assert to_holder == [("REQUEST", 0), ("CANCEL", 1)]


def test_who_is_invited_again_gets_no_cancellation_that_still_waits(booked, holder, colleague):
    send_waiting()
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[colleague])
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[holder])
    send_waiting()
    assert [(message.to, method) for message, (method, _) in zip(mail.outbox, calendars(), strict=True)] == [
        ([holder.email], "REQUEST"),
        ([holder.email], "REQUEST"),
    ]


def test_who_left_the_project_is_told_of_no_meeting_but_that_it_is_cancelled(booked, holder, wednesday, at):
    send_waiting()
    Membership.objects.filter(user=holder).delete()
    actions.move_meeting(booked, planned_at=at(wednesday + 8 * DAY))
    send_waiting()
    assert len(mail.outbox) == 1
    actions.cancel_meeting(booked)
    send_waiting()
    assert [method for method, _event in calendars()] == ["REQUEST", "CANCEL"]


def test_a_mail_that_cannot_be_made_hinders_no_other(
    booked, holder, colleague, course, wednesday, at, monkeypatch
):
    calendar = calendar_mail.calendar

    def fail_for_one(mail):
        if mail.key == booked.public_id:
            raise ValueError("unforeseen")
        return calendar(mail)

    actions.book_meeting(course, planned_at=at(wednesday + 9 * DAY), invited=[colleague], by=holder)
    monkeypatch.setattr(calendar_mail, "calendar", fail_for_one)
    send_waiting()
    assert [message.to for message in mail.outbox] == [[colleague.email]]
    failed = MeetingInvitation.objects.get(meeting=booked)
    assert (failed.state, failed.attempts, failed.last_error) == (SendingState.PENDING, 1, "ValueError")


def test_a_closed_account_gets_no_invitation(booked, holder):
    holder.is_active = False
    holder.save()
    send_waiting()
    assert mail.outbox == []
    assert MeetingInvitation.objects.get().state == SendingState.DROPPED


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no")}), SendingState.DEAD),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), SendingState.PENDING),
        (TimeoutError(), SendingState.PENDING),
    ],
)
def test_a_refusal_is_final_or_tried_again_later(booked, monkeypatch, error, state):
    attempts = []

    def refuse(message, **_options):
        attempts.append(message)
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    send_waiting()
    send_waiting()
    invitation = MeetingInvitation.objects.get()
    assert (invitation.state, len(attempts)) == (state, 1), "not twice within the pause"
    monkeypatch.undo()
    send_waiting(after=datetime.timedelta(minutes=16))
    assert len(mail.outbox) == (0 if state == SendingState.DEAD else 1)


def test_it_is_given_up_after_the_attempts_of_the_settings(booked, monkeypatch, settings):
    def refuse(_message, **_options):
        raise TimeoutError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    for number in range(settings.JOBFIRST_DIGEST_ATTEMPTS):
        send_waiting(after=datetime.timedelta(days=number))
    assert MeetingInvitation.objects.get().state == SendingState.DEAD


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail_through_a_real_server(booked, settings, free_port):
    received = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):  # aiosmtpd's name
            received.append(envelope)
            return "250 OK"

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    controller = Controller(Handler(), hostname="127.0.0.1", port=free_port)
    controller.start()
    try:
        assert run_at_once([send_waiting, send_waiting]) == [None, None]
    finally:
        controller.stop()
    (envelope,) = received
    assert b"METHOD:REQUEST" in envelope.content or b"method=REQUEST" in envelope.content
    assert MeetingInvitation.objects.get().state == SendingState.SENT


def test_a_stand_in_is_proposed_too(as_user, course, holder):
    assert FunctionHolding.objects.filter(course=course).count() == 4
    page = as_user(holder).get(f"/forloeb/{course.public_id}/moede/").content.decode()
    assert page.count('name="invited"') == 1, "one person with four functions is one choice"


def test_a_stale_change_names_the_people_of_both_versions(as_user, holder, colleague, booked):
    actions.move_meeting(booked, planned_at=booked.planned_at, invited=[colleague], version=1)
    data = {"planned_at": "2016-05-25T10:00", "invited": [holder.pk], "version": "1"}
    response = as_user(holder).post(f"/moeder/{booked.public_id}/flyt/", data)
    page = response.content.decode()
    assert response.status_code == 409
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert "Kim Kollega" in table
    assert "Mette Mentor" in table
