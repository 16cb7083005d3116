"""Links by mail and SMS: the text, the registered address, retries, and what did not arrive."""

import datetime
import uuid
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from accounts.links import delivery, purposes
from accounts.links.actions import last_links, open_link, take_link, use_link
from accounts.links.models import SignedLink
from accounts.links.purposes import LinkAddress
from accounts.tasks import send_waiting_links
from reminders import bounces
from reminders.rules.delivery_reports import read_report
from tests.accounts.links.answers import CITIZEN, again, secret_in
from tests.mail_server import AcceptedMails, running_mail_server
from tests.reminders.delivery_reports import report_about
from tests.sms_gateway import running_gateway

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2016, 5, 18, 8, tzinfo=datetime.UTC)


@pytest.fixture
def mail_server(settings):
    with running_mail_server(settings, AcceptedMails()) as server:
        yield server


@pytest.fixture
def gateway(settings):
    with running_gateway(settings) as server:
        yield server


def state_of(link):
    link.refresh_from_db()
    return link.state


def test_a_real_mail_server_gets_the_link_with_sender_jobcentre_and_last_day(issue, mail_server):
    with time_machine.travel(NOW, tick=False):
        link = issue()
        delivery.send_waiting(NOW)
        delivery.send_waiting(NOW)
    (mail,) = mail_server.mails
    assert mail["To"] == "anna@firma.example"
    assert mail["Subject"] == "Øvelse: We need your answer"
    text = mail.get_content()
    assert "Hej Anna Ås" in text
    assert "Karen Konsulent, Jobcenter Aalborg" in text
    assert "onsdag den 1. juni 2016 kl. 10.00" in text
    assert "https://jobfirst.example/prove/" in text
    assert str(link.public_id) in mail["Message-ID"]
    assert (state_of(link), link.channel) == ("sent", "email")


def test_a_link_is_sent_after_the_commit_only(issue, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        issue()
    assert mailoutbox == []
    assert len(callbacks) == 1


def test_a_link_whose_task_was_lost_is_sent_by_the_periodic_one(issue, mailoutbox):
    link = issue()
    send_waiting_links()
    send_waiting_links()
    assert len(mailoutbox) == 1
    assert state_of(link) == "sent"


def test_a_citizen_is_not_called_by_name(issue, registry, send, mailoutbox):
    citizen = uuid.uuid4()
    registry.addresses[citizen] = LinkAddress(email="b@mail.example", name="Bente Borger", language="en")
    send(issue(recipient=citizen, kind="citizen"))
    assert "Bente" not in mailoutbox[0].body + mailoutbox[0].subject
    assert mailoutbox[0].body.startswith("REHEARSAL")
    assert "Hello\n" in mailoutbox[0].body


def test_the_jobcentre_is_the_sender_when_nobody_is_named(issue, send, mailoutbox):
    send(issue(by=None))
    assert "Jobcenter Aalborg, Jobcenter Aalborg" in mailoutbox[0].body


def test_the_municipality_of_the_address_comes_before_the_projects_lead(issue, registry, send, mailoutbox):
    contact = uuid.uuid4()
    registry.addresses[contact] = LinkAddress(email="a@firma.example", municipality="Vesthimmerland")
    send(issue(recipient=contact))
    assert "Jobcenter Vesthimmerland" in mailoutbox[0].body


def test_it_goes_to_the_address_of_the_moment(issue, registry, send, mailoutbox):
    link = issue()
    registry.addresses[link.recipient] = LinkAddress(email="new@firma.example")
    send(link)
    assert mailoutbox[0].to == ["new@firma.example"]


def test_who_has_only_a_phone_gets_an_sms_of_the_text_alone(issue, registry, gateway, mailoutbox):
    contact = uuid.uuid4()
    registry.addresses[contact] = LinkAddress(phone="+45 00 12 34 56", name="Anna")
    link = issue(recipient=contact)
    delivery.send_waiting(timezone.now())
    ((_headers, content),) = gateway.received
    assert content["to"] == "+4500123456"
    assert "Anna" not in content["text"]
    assert open_link("test.answer", secret_in(content["text"]), now=timezone.now()) == link
    assert (state_of(link), link.channel, mailoutbox) == ("sent", "sms", [])


@pytest.mark.parametrize("address", [LinkAddress(), LinkAddress(phone="+45 00 12 34 56")], ids=str)
def test_who_cannot_be_reached_is_told_to_the_purpose_at_once(issue, registry, address):
    contact = uuid.uuid4()
    registry.addresses[contact] = address
    link = issue(recipient=contact)
    delivery.send_link(link.pk)
    assert (state_of(link), link.last_error) == ("dead", "no address")
    assert registry.failed == [link.pk]


def test_what_is_no_longer_wanted_is_not_sent(issue, registry, mailoutbox):
    link, revoked = issue(), issue()
    registry.addresses[link.recipient] = None
    again(revoked)
    for pk in (link.pk, revoked.pk):
        delivery.send_link(pk)
    assert [state_of(link), state_of(revoked)] == ["dropped", "dropped"]
    assert mailoutbox == []


@pytest.mark.parametrize(("answer", "state"), [("451 later", "pending"), ("550 no such user", "dead")])
def test_a_mail_server_that_refuses_is_asked_again_or_not(issue, registry, mail_server, answer, state):
    link = issue()
    mail_server.refusal = answer
    delivery.send_waiting(timezone.now())
    assert (state_of(link), link.attempts) == (state, 1)
    assert registry.failed == ([link.pk] if state == "dead" else [])
    mail_server.refusal = ""
    delivery.send_waiting(timezone.now() + datetime.timedelta(minutes=14))
    assert mail_server.mails == []
    delivery.send_waiting(timezone.now() + datetime.timedelta(minutes=16))
    assert len(mail_server.mails) == (1 if state == "pending" else 0)


def test_a_link_is_given_up_after_the_attempts_of_the_settings(issue, registry, settings, mail_server):
    mail_server.refusal = "451 later"
    link = issue()
    for number in range(settings.JOBFIRST_DIGEST_ATTEMPTS):
        delivery.send_waiting(timezone.now() + datetime.timedelta(hours=5 * number))
    assert (state_of(link), registry.failed) == ("dead", [link.pk])


def test_a_purpose_that_fails_does_not_hold_up_the_others(issue, registry, monkeypatch, mailoutbox):
    broken, fine = issue(), issue()

    def find(link, find=registry.find):
        return 1 / 0 if link.recipient == broken.recipient else find(link)

    purpose = replace(purposes.purpose_of("test.answer"), find_address=find)
    monkeypatch.setitem(purposes._purposes, "test.answer", purpose)
    delivery.send_waiting(timezone.now())
    assert [state_of(broken), state_of(fine)] == ["pending", "sent"]
    assert broken.last_error == "ZeroDivisionError"


@pytest.mark.django_db(transaction=True)
def test_a_link_works_whose_mail_was_accepted_while_the_commit_failed(issue, mailoutbox, monkeypatch):
    link = issue()

    def fail(*_args, **_options):
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(SignedLink, "save", fail)
        delivery.send_waiting(timezone.now())
    assert (state_of(link), link.attempts) == ("pending", 0)
    delivery.send_waiting(timezone.now())
    first, second = (secret_in(mail.body) for mail in mailoutbox)
    assert first != second
    for secret in (first, second):
        assert open_link("test.answer", secret, now=timezone.now()) == link
    use_link(link, now=timezone.now())
    for secret in (first, second):
        assert open_link("test.answer", secret, now=timezone.now()) is None


@pytest.mark.parametrize("repetitions", [1, 2])
def test_a_mail_that_comes_back_counts_as_not_arrived(issue, registry, mail_server, repetitions):
    link = issue()
    delivery.send_link(link.pk)
    report = read_report(report_about(mail_server.mails[0]))
    for _time in range(repetitions):
        assert bounces.record(report, timezone.now()) == bounces.ReportOutcome.RECORDED
    last = last_links("test.answer", [link.subject])[link.subject, link.recipient]
    assert (last.has_arrived, last.has_failed, last.link.return_status) == (False, True, "5.1.1")
    assert registry.failed == [link.pk]


def test_a_report_before_the_commit_is_read_again_later(issue, mail_server):
    link = issue()
    delivery.send_link(link.pk)
    report = read_report(report_about(mail_server.mails[0]))
    SignedLink.objects.update(state="pending", sent_at=None)
    assert bounces.record(report, timezone.now()) == bounces.ReportOutcome.TOO_EARLY


def test_the_mail_names_no_citizen(issue, send, mailoutbox):
    link = issue()
    secret = send(link)
    whole = mailoutbox[0].message().as_string().replace(secret, "")
    for name in (CITIZEN, link.subject, link.recipient):
        assert str(name) not in whole


def test_take_needs_a_link_that_was_sent(issue, send):
    link = issue()
    assert take_link("test.answer", send(link), now=timezone.now()) == link


class TestAnotherWay:
    """A mail that does not arrive is followed by an SMS when a phone is registered, else staff are told."""

    @pytest.fixture
    def link(self, issue, registry):
        contact = uuid.uuid4()
        registry.addresses[contact] = LinkAddress(email="a@firma.example", phone="00123456")
        return issue(recipient=contact)

    def come_back(self, link, mail_server):
        delivery.send_link(link.pk)
        report = read_report(report_about(mail_server.mails[-1]))
        assert bounces.record(report, timezone.now()) == bounces.ReportOutcome.RECORDED

    def test_after_a_mail_that_came_back(self, link, registry, mail_server, gateway):
        self.come_back(link, mail_server)
        assert state_of(link) == "pending"
        delivery.send_waiting(timezone.now())
        ((_headers, content),) = gateway.received
        assert open_link("test.answer", secret_in(content["text"]), now=timezone.now()) == link
        assert (state_of(link), link.channel, link.failed_channel) == ("sent", "sms", "email")
        last = last_links("test.answer", [link.subject])[link.subject, link.recipient]
        assert (last.has_arrived, last.has_failed) == (True, False)
        assert registry.failed == []

    def test_after_a_mail_that_was_refused(self, link, registry, mail_server, gateway):
        mail_server.refusal = "550 no such user"
        delivery.send_waiting(timezone.now())
        delivery.send_waiting(timezone.now())
        assert len(gateway.received) == 1
        assert (state_of(link), link.failed_channel, registry.failed) == ("sent", "email", [])

    def test_a_report_that_comes_twice_sends_one_sms(self, link, mail_server, gateway):
        self.come_back(link, mail_server)
        self.come_back(link, mail_server)
        delivery.send_waiting(timezone.now())
        self.come_back(link, mail_server)
        delivery.send_waiting(timezone.now())
        assert len(gateway.received) == 1

    def test_staff_are_told_when_the_sms_fails_too(self, link, registry, mail_server, gateway):
        gateway.status = 400
        self.come_back(link, mail_server)
        delivery.send_waiting(timezone.now())
        assert (state_of(link), registry.failed) == ("dead", [link.pk])

    def test_staff_are_told_without_a_gateway(self, link, registry, mail_server):
        self.come_back(link, mail_server)
        assert (state_of(link), registry.failed) == ("sent", [link.pk])

    def test_no_sms_follows_when_nothing_is_wanted_any_more(self, link, registry, mail_server, gateway):
        delivery.send_link(link.pk)
        use_link(link, now=timezone.now())
        self.come_back(link, mail_server)
        delivery.send_waiting(timezone.now())
        assert gateway.received == []
