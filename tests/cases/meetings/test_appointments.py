"""The citizen's appointment message the day before, and the answer "cannot come" (D53)."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from audit.models import AccessRecord
from cases import actions
from cases.messaging import appointments, delivery
from cases.models import AppointmentMessage, CitizenContact, SendingState
from cases.tasks import send_meeting_messages
from jobfirst.messaging.transports import DeliveryError, SmsTransport
from reminders.models import Reminder
from tests.factories import UserFactory
from tests.sms_gateway import GatewayHandler, running_gateway

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

DAY = datetime.timedelta(days=1)


@pytest.fixture
def contact(course):
    return CitizenContact.objects.create(course=course, phone="+45 00 12 34 56", email="b@example.invalid")


@pytest.fixture
def tomorrow(course, holder, wednesday, at, contact):
    return actions.book_meeting(course, planned_at=at(wednesday + DAY), place="Psykiatrien", by=holder)


def on(day, hour=10):
    """The moment at which the task runs."""
    return time_machine.travel(datetime.datetime.combine(day, datetime.time(hour), datetime.UTC), tick=False)


def link_of(message):
    return reverse("cases:appointment", args=[appointments.token_of(message)])


@pytest.fixture
def gateway(settings):
    with running_gateway(settings) as server:
        yield server


def test_the_message_goes_the_day_before_and_once(tomorrow, wednesday):
    with on(wednesday - DAY):
        send_meeting_messages()
    assert mail.outbox == [], "two days before"
    with on(wednesday):
        send_meeting_messages()
        send_meeting_messages()
    (message,) = mail.outbox
    assert message.to == ["b@example.invalid"]
    assert "torsdag den 19. maj 2016 kl. 10.00" in message.body


def test_a_worker_that_was_down_sends_it_on_the_day_but_not_after_the_meeting(tomorrow, wednesday):
    with on(wednesday + DAY, hour=12):
        send_meeting_messages()
    assert not AppointmentMessage.objects.exists()
    with on(wednesday, hour=5):
        send_meeting_messages()
    assert not AppointmentMessage.objects.exists(), "not at night"


def test_the_message_names_nobody_and_no_place(tomorrow, course, wednesday):
    with on(wednesday):
        send_meeting_messages()
    text = mail.outbox[0].subject + mail.outbox[0].body
    for secret in ("Testborger", "Ågesen", course.citizen.cpr, "Psykiatrien", str(course.public_id)):
        assert secret not in text


@pytest.mark.parametrize(
    "fields", [{"declines_messages": True}, {"email": "", "phone": ""}, {"email": ""}], ids=str
)
def test_who_declines_or_cannot_be_reached_gets_none(tomorrow, contact, wednesday, fields):
    CitizenContact.objects.update(**fields)
    with on(wednesday):
        send_meeting_messages()
    assert not AppointmentMessage.objects.exists()


def test_a_meeting_moved_or_cancelled_meanwhile_is_not_told(tomorrow, wednesday, at):
    with on(wednesday):
        appointments.store_due_messages(timezone.now())
        actions.move_meeting(tomorrow, planned_at=at(wednesday + DAY, hour=13))
        send_meeting_messages()
    assert ["kl. 13.00" in message.body for message in mail.outbox] == [True]
    states = AppointmentMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [SendingState.DROPPED, SendingState.SENT]


def test_an_sms_goes_through_the_gateway_with_a_key_for_repetitions(tomorrow, wednesday, gateway):
    with on(wednesday):
        send_meeting_messages()
        message = AppointmentMessage.objects.get()
        link = link_of(message)
    ((headers, content),) = gateway.received
    assert (message.channel, message.state) == ("sms", SendingState.SENT)
    assert content["to"] == "+4500123456"
    assert headers["Idempotency-Key"] == content["reference"] == str(message.public_id)
    assert headers["Authorization"] == "Bearer a-token"
    assert content["text"].endswith(link)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("status", "state"),
    [(503, "pending"), (429, "pending"), (400, "dead"), (302, "pending")],
)
def test_a_gateway_that_refuses_is_asked_again_or_not(tomorrow, wednesday, gateway, status, state):
    gateway.status = status
    CitizenContact.objects.update(email="")
    with on(wednesday):
        send_meeting_messages()
        send_meeting_messages()
    message = AppointmentMessage.objects.get()
    assert (message.state, message.last_error) == (state, f"HTTP {status}")
    assert len(gateway.received) == 1
    gateway.status = 200
    with on(wednesday, hour=11):
        send_meeting_messages()
    assert len(gateway.received) == (2 if state == "pending" else 1)


def test_an_sms_that_is_refused_for_good_is_followed_by_one_mail(
    tomorrow, as_user, holder, course, wednesday, gateway
):
    gateway.status = 400
    with on(wednesday):
        for _minute in range(3):
            send_meeting_messages()
        page = as_user(holder).get(f"/forloeb/{course.public_id}/moeder-og-kontakter/").content.decode()
        meeting_page = as_user(holder).get(reverse("cases:meeting", args=[tomorrow.public_id]))
    states = AppointmentMessage.objects.order_by("pk").values_list("channel", "state")
    assert list(states) == [("sms", SendingState.DEAD), ("email", SendingState.SENT)]
    (message,) = mail.outbox
    assert message.to == ["b@example.invalid"]
    assert len(gateway.received) == 1
    for content in (page, meeting_page.content.decode()):
        assert "Borgeren fik en e-mail i stedet." in content
    assert not Reminder.objects.filter(kind="appointment_not_sent").exists()


def test_the_course_owner_is_told_when_no_message_reaches_the_citizen(
    tomorrow, as_user, holder, course, wednesday, gateway
):
    gateway.status = 400
    CitizenContact.objects.update(email="")
    with on(wednesday):
        send_meeting_messages()
        send_meeting_messages()
        page = as_user(holder).get(f"/forloeb/{course.public_id}/moeder-og-kontakter/").content.decode()
    assert Reminder.objects.get(kind="appointment_not_sent").recipient == holder
    assert "Ring til borgeren." in page


def test_a_gateway_that_is_down_all_day_is_given_up_in_time_for_a_mail(
    tomorrow, wednesday, settings, monkeypatch
):
    settings.JOBFIRST_SMS_URL = "http://127.0.0.1:9/"
    attempts = []

    def refuse(_transport, to, *_content):
        attempts.append(to)
        raise DeliveryError("ConnectionRefusedError", is_final=False)

    monkeypatch.setattr(SmsTransport, "send", refuse)
    for quarter in range(40):  # from 10 to 20 o'clock in Copenhagen
        moment = datetime.datetime.combine(wednesday, datetime.time(8), datetime.UTC)
        with time_machine.travel(moment + quarter * datetime.timedelta(minutes=15), tick=False):
            send_meeting_messages()
    assert [message.to for message in mail.outbox] == [["b@example.invalid"]]
    assert len(attempts) == 5


def test_who_has_answered_by_an_sms_that_seemed_lost_gets_no_mail(client, tomorrow, wednesday, gateway):
    gateway.status = 503
    with on(wednesday):
        send_meeting_messages()
        client.post(link_of(AppointmentMessage.objects.get()))
    gateway.status = 400
    with on(wednesday, hour=11):
        send_meeting_messages()
        send_meeting_messages()
    assert mail.outbox == []
    assert len(gateway.received) == 1
    assert not Reminder.objects.filter(kind="appointment_not_sent").exists()


def test_a_meeting_moved_away_and_back_is_told(tomorrow, wednesday, at):
    with on(wednesday):
        appointments.store_due_messages(timezone.now())
        actions.move_meeting(tomorrow, planned_at=at(wednesday + 5 * DAY))
        send_meeting_messages()
        assert AppointmentMessage.objects.get().state == SendingState.DROPPED
        actions.move_meeting(tomorrow, planned_at=at(wednesday + DAY))
        send_meeting_messages()
        send_meeting_messages()
    assert ["kl. 10.00" in message.body for message in mail.outbox] == [True]


def test_a_meeting_moved_back_after_another_time_was_told_is_to_be_told_by_phone(
    tomorrow, as_user, holder, wednesday, at
):
    words = "Den sidste besked til borgeren nævnte et andet tidspunkt. Ring til borgeren."
    pages = []
    with on(wednesday):
        for hour in (10, 13, 10):
            actions.move_meeting(tomorrow, planned_at=at(wednesday + DAY, hour=hour))
            send_meeting_messages()
            answer = as_user(holder).get(reverse("cases:meeting", args=[tomorrow.public_id]))
            pages.append(answer.content.decode())
    assert ["kl. 13.00" in message.body for message in mail.outbox] == [False, True]
    assert [words in page for page in pages] == [False, False, True]


def test_a_gateway_that_is_down_is_asked_again(tomorrow, wednesday, settings):
    settings.JOBFIRST_SMS_URL = "http://127.0.0.1:9/"
    with on(wednesday):
        send_meeting_messages()
    assert AppointmentMessage.objects.get().state == SendingState.PENDING


def test_a_gateway_that_answers_nonsense_is_asked_again(tomorrow, wednesday, gateway, monkeypatch):
    def answer(handler):
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.wfile.write(b"nonsense\r\n\r\n")

    monkeypatch.setattr(GatewayHandler, "do_POST", answer)
    with on(wednesday):
        send_meeting_messages()
    message = AppointmentMessage.objects.get()
    assert (message.state, message.attempts, message.last_error) == ("pending", 1, "BadStatusLine")


def test_what_could_not_be_sent_by_eight_waits_until_the_morning(tomorrow, wednesday, gateway):
    gateway.status = 503
    with on(wednesday, hour=17):
        send_meeting_messages()
    gateway.status = 202
    for hour in (18, 23):
        with on(wednesday, hour=hour):
            send_meeting_messages()
    assert len(gateway.received) == 1, "20 and 1 o'clock in Copenhagen"
    with on(wednesday + DAY, hour=6):
        send_meeting_messages()
    assert len(gateway.received) == 2


def sent_message(wednesday):
    appointments.store_due_messages(timezone.now())
    delivery.send_waiting(timezone.now())
    return AppointmentMessage.objects.get()


def test_opening_the_link_changes_nothing_and_the_button_tells_the_course_owner(
    client, tomorrow, holder, wednesday
):
    with on(wednesday):
        link = link_of(sent_message(wednesday))
        page = client.get(link).content.decode()
        assert "torsdag den 19. maj 2016" in page
        assert "Ågesen" not in page
        assert AccessRecord.objects.filter(action="course.appointment", user=None).count() == 1
        tomorrow.refresh_from_db()
        assert tomorrow.cannot_come_at is None
        for _ in range(2):
            page = client.post(link, follow=True).content.decode()
        assert "Tak for beskeden" in page
    tomorrow.refresh_from_db()
    assert tomorrow.cannot_come_at is not None
    assert AppointmentMessage.objects.get().cannot_come_at == tomorrow.cannot_come_at
    notice = Reminder.objects.get(kind="citizen_cannot_come")
    assert notice.recipient == holder


def test_the_answer_is_shown_until_the_meeting_is_moved(client, as_user, tomorrow, holder, wednesday, at):
    with on(wednesday):
        client.post(link_of(sent_message(wednesday)))
        page = as_user(holder).get(reverse("cases:meeting", args=[tomorrow.public_id])).content.decode()
        assert "kan ikke komme" in page
        meetings = client.get("/moeder/").content.decode()
        assert "Borgeren kan ikke komme" in meetings
        move = reverse("cases:move_meeting", args=[tomorrow.public_id])
        assert f'class="button button-primary" href="{move}"' in meetings
        actions.move_meeting(tomorrow, planned_at=at(wednesday + 5 * DAY))
        tomorrow.refresh_from_db()
        assert tomorrow.cannot_come_at is None


def test_a_link_ends_with_its_meeting_and_a_forged_one_never_works(client, tomorrow, wednesday, at):
    with on(wednesday):
        message = sent_message(wednesday)
        link = link_of(message)
        assert client.get(link).status_code == 200
        assert client.get(link[:-2] + "x/").status_code == 404
        actions.move_meeting(tomorrow, planned_at=at(wednesday + 3 * DAY))
        assert client.get(link).status_code == 404
        assert client.post(link).status_code == 404
        actions.move_meeting(tomorrow, planned_at=message.planned_at)
        assert client.get(link).status_code == 200
    with on(wednesday + DAY, hour=9):
        assert client.post(link).status_code == 404, "it has begun"
    tomorrow.refresh_from_db()
    assert tomorrow.cannot_come_at is None


def test_a_stand_in_for_the_course_owner_is_told_too(client, tomorrow, holder, project, wednesday):
    from accounts.models import Absence

    stand_in = UserFactory(project=project, roles=["course_owner"])
    Absence.objects.create(
        user=holder, project=project, first_on=wednesday, last_on=wednesday + DAY, stand_in=stand_in
    )
    with on(wednesday):
        client.post(link_of(sent_message(wednesday)))
    recipients = Reminder.objects.filter(kind="citizen_cannot_come").values_list("recipient", flat=True)
    assert set(recipients) == {holder.pk, stand_in.pk}
