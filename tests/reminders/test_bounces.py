"""Mails that come back (D52): from a real mail server through the mailbox to those who are to know."""

import datetime
import email
import email.policy
import mailbox
import uuid
from collections import Counter
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import User
from accounts.people import actions as account_actions
from accounts.people import addresses, invitations
from jobfirst.values.dates import DAY
from reminders import actions, bounces
from reminders.models import Digest, Reminder, ReturnedDigest
from reminders.rules.delivery_reports import FailedDelivery
from tests.factories import CourseFactory, ProjectFactory, UserFactory
from tests.mail_server import running_mail_server
from tests.reminders.delivery_reports import report_about
from tests.reminders.rounds import run_day

pytestmark = pytest.mark.django_db

THURSDAY = datetime.date(2016, 4, 7)
FRIDAY = datetime.date(2016, 4, 8)
MONDAY = datetime.date(2016, 4, 11)
FAR = datetime.date(2016, 12, 31)
NOW = datetime.datetime(2016, 4, 7, 9, tzinfo=datetime.UTC)
RETURN = "retur@jobfirst.example"


class MailServer:
    """Accepts every mail, and can report some of them to the return address as not delivered."""

    def __init__(self, folder):
        self.accepted = []
        self.returned = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.accepted.append((envelope.mail_from, envelope.rcpt_tos, mail))
        return "250 OK"

    def report_last(self, **how):
        """Deliver a report about the last mail into the mailbox of its envelope's sender."""
        sender, _recipients, mail = self.accepted[-1]
        assert sender == RETURN
        self.returned.add(report_about(mail, **how))


@pytest.fixture
def server(settings, tmp_path):
    settings.JOBFIRST_RETURN_ADDRESS = RETURN
    settings.JOBFIRST_RETURN_MAILBOX = f"maildir://{tmp_path / 'returned'}"
    with running_mail_server(settings, MailServer(tmp_path / "returned")) as handler:
        yield handler


@pytest.fixture
def mentor():
    return UserFactory(email="mentor@kommune.example", project=ProjectFactory(), roles=["mentor"])


def read(server):
    return dict(bounces.read_bounces(NOW)), len(server.returned)


@pytest.fixture
def returned(server, due_reminders, mentor):
    """Thursday's digest came back: there is no such address."""
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    server.report_last()
    assert read(server) == ({"recorded": 1}, 0)
    mentor.refresh_from_db()
    return server


def test_the_sender_of_the_envelope_is_the_return_address(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    ((sender, recipients, mail),) = server.accepted
    assert (sender, recipients) == (RETURN, ["mentor@kommune.example"])
    assert mail["From"] == "JobFirst <jobfirst@localhost>"


def test_a_digest_that_came_back_counts_as_not_delivered_and_its_address_is_marked(returned, mentor):
    digest = Digest.objects.get()
    assert (digest.state, digest.returned.status) == ("sent", "5.1.1")
    assert Reminder.objects.get().sent_at is None
    assert (mentor.mail_returned_at, mentor.mail_return_status) == (NOW, "5.1.1")


def test_no_digest_is_made_while_mails_come_back(returned, mentor):
    run_day(FRIDAY)
    run_day(MONDAY)
    assert len(returned.accepted) == 1


def test_what_came_back_is_told_again_when_the_address_works(returned, mentor):
    addresses.confirm_address(mentor)
    run_day(FRIDAY)
    assert len(returned.accepted) == 2
    assert returned.accepted[-1][2]["Message-ID"] != returned.accepted[0][2]["Message-ID"]
    digest = Digest.objects.get(on=FRIDAY)
    assert digest.items.get().is_new
    assert Reminder.objects.get().sent_at == digest.sent_at


def test_what_came_back_is_told_at_the_new_address(returned, mentor):
    addresses.change_address(mentor, "Ny@Kommune.example")
    run_day(FRIDAY)
    assert returned.accepted[-1][1] == ["ny@kommune.example"]


def test_a_digest_that_waits_is_not_sent_to_an_address_that_is_marked(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    actions.make_digests(THURSDAY)
    addresses.note_returned_mail(mentor, address=mentor.email, status="5.1.1", at=NOW)
    (pk,) = actions.waiting_digests(THURSDAY)
    assert actions.send_digest(pk) == "dropped"
    addresses.confirm_address(mentor)
    run_day(FRIDAY)
    assert len(server.accepted) == 1


def test_a_failure_that_is_not_final_is_told_again_by_the_next_digest(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    server.report_last(status="4.4.7")
    read(server)
    mentor.refresh_from_db()
    assert mentor.mail_returned_at is None
    run_day(FRIDAY)
    assert len(server.accepted) == 2


def test_what_a_returned_digest_repeated_is_told_again_too(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    run_day(MONDAY)
    assert not Digest.objects.get(on=MONDAY).items.get().is_new
    server.report_last(status="4.4.7")
    read(server)
    run_day(MONDAY + DAY)
    assert len(server.accepted) == 3
    assert Reminder.objects.get().sent_at == Digest.objects.get(on=MONDAY + DAY).sent_at


def test_the_same_report_twice_is_recorded_once(returned, mentor):
    addresses.confirm_address(mentor)
    returned.report_last()
    assert read(returned) == ({"recorded": 1}, 0)
    assert ReturnedDigest.objects.count() == 1
    assert User.objects.get(pk=mentor.pk).mail_returned_at is None


def test_a_report_about_an_old_address_does_not_mark_the_new_one(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    addresses.change_address(mentor, "ny@kommune.example")
    server.report_last()
    read(server)
    mentor.refresh_from_db()
    assert mentor.mail_returned_at is None
    assert Reminder.objects.get().sent_at is None


def test_a_failure_at_an_address_it_was_forwarded_to_does_not_mark_the_persons(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    server.report_last(recipient="privat@post.example")
    assert read(server) == ({"recorded": 1}, 0)
    mentor.refresh_from_db()
    assert mentor.mail_returned_at is None
    assert Reminder.objects.get().sent_at is None
    run_day(FRIDAY)
    assert len(server.accepted) == 2


def test_what_is_not_about_a_mail_of_ours_is_left_to_people(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    run_day(THURSDAY)
    sent = server.accepted[-1][2]
    server.returned.add(sent.as_bytes())  # an answer
    for message_id in (f"<{uuid.uuid4()}@jobfirst.example>", "<x@y>", "<invitation.x.y@jobfirst.example>"):
        sent.replace_header("Message-ID", message_id)
        server.returned.add(report_about(sent))
    assert read(server) == ({"unknown": 4}, 4)
    assert read(server) == ({}, 4)
    mentor.refresh_from_db()
    assert mentor.mail_returned_at is None


def test_a_mail_that_is_too_long_is_not_read(server, monkeypatch):
    monkeypatch.setattr("reminders.mailboxes.MOST_BYTES", 10)
    server.returned.add(b"Subject: x\n\n" + b"x" * 100)
    assert read(server) == ({"unknown": 1}, 1)


def test_a_report_that_is_faster_than_our_commit_waits(server, due_reminders, mentor):
    due_reminders.add(mentor, THURSDAY, FAR)
    actions.make_digests(THURSDAY)
    digest = Digest.objects.get()
    report = FailedDelivery(f"<{digest.public_id}@jobfirst.example>", {mentor.email: "5.1.1"})
    assert bounces.record(report, NOW) == "too_early"
    assert not ReturnedDigest.objects.exists()


def test_an_invitation_that_comes_back_marks_the_address_and_is_sent_anew_to_the_new_one(
    server, transactional_db
):
    user = account_actions.invite_user("tastefjl@kommune.example", "Ny Mentor", ProjectFactory(), ["mentor"])
    server.report_last()
    assert read(server) == ({"recorded": 1}, 0)
    user.refresh_from_db()
    assert user.mail_return_status == "5.1.1"
    addresses.change_address(user, "tastefejl@kommune.example")
    assert server.accepted[-1][1] == ["tastefejl@kommune.example"]
    user.refresh_from_db()
    assert (user.mail_returned_at, user.mail_return_status) == (None, "")


def test_an_old_invitation_that_comes_back_does_not_mark_a_user_who_has_accepted_it(server, transactional_db):
    user = account_actions.invite_user("ny@kommune.example", "Ny Mentor", ProjectFactory(), ["mentor"])
    assert account_actions.accept_invitation(user, "et langt kodeord 2016")
    server.report_last()
    assert read(server) == ({"recorded": 1}, 0)
    user.refresh_from_db()
    assert user.mail_returned_at is None


def test_only_this_system_makes_the_message_id_of_an_invitation(mentor):
    assert invitations.user_of_message(f"<invitation.{mentor.public_id.hex}.x@jobfirst.example>") is None
    assert invitations.user_of_message(f"<invitation.{mentor.public_id.hex}@jobfirst.example>") is None


def test_the_command_counts_and_says_when_there_is_no_mailbox(returned, settings):
    out = StringIO()
    returned.report_last()
    call_command("read_bounces", stdout=out)
    assert out.getvalue().split("\n")[:2] == ["recorded: 1", "unknown: 0"]
    settings.JOBFIRST_RETURN_MAILBOX = ""
    assert bounces.read_bounces() == Counter()
    with pytest.raises(CommandError, match="JOBFIRST_RETURN_MAILBOX"):
        call_command("read_bounces", stdout=out)


class TestWhereItIsSeen:
    @pytest.fixture(autouse=True)
    def thursday(self):
        with time_machine.travel(NOW, tick=False):
            yield

    @pytest.fixture
    def marked(self, mentor):
        addresses.note_returned_mail(mentor, address=mentor.email, status="5.1.1", at=NOW)
        mentor.refresh_from_db()
        return mentor

    def test_the_person_sees_a_banner_and_confirms_the_address(self, client, marked):
        client.force_login(marked)
        page = client.get(reverse("reminders:mine")).content.decode()
        assert "Dine e-mails kommer retur" in page
        assert marked.email in page
        client.post(reverse("reminders:confirm_address"))
        marked.refresh_from_db()
        assert marked.mail_returned_at is None
        assert "kommer retur" not in client.get(reverse("reminders:mine")).content.decode()

    def test_the_administrator_sees_it_in_the_list_and_corrects_the_address(self, client, marked):
        client.force_login(UserFactory(roles=["administrator"]))
        assert "E-mails kommer retur" in client.get(reverse("user_list")).content.decode()
        page = client.get(reverse("user_detail", args=[marked.public_id])).content.decode()
        assert "E-mails til adressen kommer retur" in page
        assert "5.1.1" in page
        address = reverse("user_change_address", args=[marked.public_id])
        taken = UserFactory(email="optaget@kommune.example")
        refused = client.post(address, {"email": taken.email.upper()}).content.decode()
        assert "Der er allerede en bruger med den adresse." in refused
        assert client.post(address, {"email": "ny@kommune.example"}).status_code == 302
        marked.refresh_from_db()
        assert (marked.email, marked.mail_returned_at) == ("ny@kommune.example", None)

    def test_the_administrator_confirms_the_address(self, client, marked):
        client.force_login(UserFactory(roles=["administrator"]))
        client.post(reverse("user_confirm_address", args=[marked.public_id]))
        marked.refresh_from_db()
        assert marked.mail_returned_at is None

    def test_the_leader_sees_it_on_the_dashboard_and_beside_the_function(self, client, marked):
        project = marked.memberships.get().project
        course = CourseFactory(project_for=project, holders=marked)
        client.force_login(UserFactory(project=project, roles=["project_leader"]))
        dashboard = client.get(reverse("evaluation:dashboard")).content.decode()
        assert f"E-mails til {marked.name} kommer retur" in dashboard
        course_page = client.get(reverse("cases:course", args=[course.public_id])).content.decode()
        assert course_page.count("E-mails kommer retur") == 4

    def test_another_projects_leader_does_not(self, client, marked):
        client.force_login(UserFactory(project=ProjectFactory(), roles=["project_leader"]))
        assert marked.name not in client.get(reverse("evaluation:dashboard")).content.decode()
