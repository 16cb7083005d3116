"""A restored copy sends nothing, says so, and sends again after `unmute`."""

import ast
import datetime
import json
import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.people import invitations
from accounts.roles import Role
from accounts.tasks import send_waiting_links
from devservices.layout import PROJECT
from jobfirst.messaging import mute
from jobfirst.messaging.outgoing import MessageChannel
from jobfirst.messaging.transports import TRANSPORTS, DeliveryError
from jobfirst.models import MuteChange
from randomization.ledger.head_mail import send_heads
from reminders import actions, bounces, tasks
from reminders.models import Digest
from tests.factories import AllocationFactory, FollowUpMeetingFactory, UserFactory
from tests.loops import some
from tests.mail_server import AcceptedMails, running_mail_server
from tests.reminders.rounds import FAR, TUE
from tests.sms_gateway import running_gateway

pytestmark = pytest.mark.django_db
REFERENCE = uuid.UUID("6d55c71e-c29f-469c-b77b-cb76f5fc7dcf")


@pytest.fixture
def mails(settings):
    """Return the mails that a real mail server took."""
    with running_mail_server(settings, AcceptedMails()) as server:
        yield server.mails


@pytest.fixture
def restored_copy():
    """Make the database look as if it had been set up in another server."""
    MuteChange.objects.create(is_muted=False, database="7000000000000000001/16384")


@pytest.fixture
def pages_ask(monkeypatch):
    """Let pages ask for the state, as in a process that has just started."""
    monkeypatch.setattr(mute, "shown_state", mute.ShownState())


def invited_user():
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    return user


def test_a_database_sends_where_it_was_set_up():
    assert not mute.is_muted()


def test_a_database_that_was_set_up_elsewhere_is_muted(restored_copy):
    assert mute.is_muted()


def test_the_name_of_the_database_is_that_of_this_one():
    assert MuteChange.objects.first().database == mute.database_name()


def test_a_restored_copy_sends_no_digest_and_counts_no_attempt(restored_copy, due_reminders, mails):
    due_reminders.add(UserFactory(), TUE, FAR)
    actions.make_digests(TUE)
    digest = Digest.objects.get()
    assert actions.send_digest(digest.pk) is actions.DeliveryOutcome.MUTED
    digest.refresh_from_db()
    assert (digest.state, digest.attempts, mails) == ("pending", 0, [])


def test_after_unmute_the_digest_that_waited_is_sent(restored_copy, due_reminders, mails):
    due_reminders.add(UserFactory(email="mentor@kommune.example"), TUE, FAR)
    actions.make_digests(TUE)
    call_command("unmute", reason="the server burnt")
    actions.send_digest(Digest.objects.get().pk)
    assert [mail["To"] for mail in mails] == ["mentor@kommune.example"]


def test_the_command_that_sends_says_that_it_sent_nothing(restored_copy, due_reminders, mails, capsys):
    due_reminders.add(UserFactory(), TUE, FAR)
    call_command("send_reminders", on=str(TUE), format="json")
    captured = capsys.readouterr()
    assert '"digests": []' in captured.out
    assert "This system is muted" in captured.err
    assert mails == []


def test_the_morning_queues_nothing_in_a_muted_system(due_reminders, monkeypatch, restored_copy):
    due_reminders.add(UserFactory(), TUE, FAR)
    queued = []
    monkeypatch.setattr(tasks.send_digest, "delay", queued.append)
    with time_machine.travel(datetime.datetime(2016, 4, 5, 8, tzinfo=datetime.UTC)):
        tasks.tick()
    assert Digest.objects.count() == 1
    assert queued == []


def test_an_invitation_waits_until_unmute(restored_copy, mails):
    user = invited_user()
    assert invitations.send_due() == (0, 0)
    assert mails == []
    call_command("unmute")
    assert invitations.send_due() == (1, 0)
    assert [mail["To"] for mail in mails] == [user.email]


def test_a_forgotten_password_is_answered_but_not_mailed(restored_copy, mails, client):
    user = UserFactory()
    client.post("/konto/password/reset/", {"email": user.email}, follow=True)
    assert mails == []
    call_command("unmute")
    client.post("/konto/password/reset/", {"email": user.email}, follow=True)
    assert [mail["To"] for mail in mails] == [user.email]


def test_the_ledgers_head_is_not_mailed(restored_copy, mails):
    AllocationFactory()
    UserFactory(roles=[Role.AGENCY])
    assert send_heads(TUE) == 0
    assert mails == []


def test_meeting_messages_wait_without_an_attempt(restored_copy, mails):
    from cases.messaging import delivery
    from cases.models import MeetingInvitation

    meeting = FollowUpMeetingFactory()
    invitation = MeetingInvitation.objects.create(
        meeting=meeting,
        recipient=UserFactory(project=meeting.course.project, roles=[Role.MENTOR]),
        method="REQUEST",
        sequence=meeting.sequence,
        planned_at=meeting.planned_at,
    )
    delivery.send_waiting(timezone.now())
    invitation.refresh_from_db()
    assert (invitation.state, invitation.attempts, mails) == ("pending", 0, [])
    call_command("unmute")
    delivery.send_waiting(timezone.now())
    assert len(mails) == 1


@pytest.mark.parametrize("channel", list(MessageChannel))
def test_whoever_forgets_to_ask_is_refused_by_the_transport(restored_copy, mails, settings, channel):
    with running_gateway(settings) as gateway, pytest.raises(DeliveryError) as refused:
        TRANSPORTS[channel].send("12 34 56 78", "Subject", "Text", REFERENCE)
    assert (refused.value.code, refused.value.is_final) == ("Muted", False)
    assert (gateway.received, mails) == ([], [])


def test_a_copy_does_not_read_the_originals_returned_mail(restored_copy, monkeypatch):
    monkeypatch.setattr("reminders.mailboxes.open_return_mailbox", lambda: pytest.fail("opened"))
    assert bounces.read_bounces() == {}


def test_requests_for_links_wait_in_a_muted_system(restored_copy, monkeypatch):
    monkeypatch.setattr("accounts.links.requests.handle_requests", lambda _now: pytest.fail("handled"))
    send_waiting_links()


def test_mute_and_unmute_are_kept_with_their_reasons():
    call_command("mute", reason="moving")
    assert mute.is_muted()
    call_command("unmute", reason="moved")
    assert not mute.is_muted()
    assert [(row.is_muted, row.reason) for row in MuteChange.objects.all()[:2]] == [
        (False, "moved"),
        (True, "moving"),
    ]


@pytest.mark.parametrize(("command", "is_muted"), [("mute", True), ("unmute", False)])
def test_the_switch_answers_with_json(command, is_muted, capsys):
    call_command(command, format="json")
    assert json.loads(capsys.readouterr().out) == {"muted": is_muted}
    assert mute.is_muted() is is_muted


def test_the_environment_mutes_whatever_is_stored(settings):
    settings.JOBFIRST_MUTED = True
    assert mute.is_muted()
    with pytest.raises(CommandError, match="JOBFIRST_MUTED"):
        call_command("unmute")


@pytest.mark.parametrize("address", ["/konto/login/", "/nyt-link/", "/hjaelp/"])
def test_every_page_says_that_nothing_is_sent(restored_copy, pages_ask, client, address):
    client.force_login(UserFactory())
    text = client.get(address, follow=True).content.decode()
    assert "Systemet her sender ingen e-mails" in text


def test_a_system_that_sends_says_nothing_of_it(pages_ask, client):
    assert "Systemet her sender ingen" not in client.get("/konto/login/").content.decode()


def test_pages_ask_again_after_some_seconds(pages_ask, monkeypatch, django_assert_num_queries):
    moments = [3600]
    monkeypatch.setattr("jobfirst.messaging.mute.time.monotonic", lambda: moments[-1])
    state = mute.ShownState()
    with django_assert_num_queries(1):
        assert [state.ask(), state.ask()] == [False, False]
    mute.set_muted(True)
    moments.append(3600 + mute.ShownState.SECONDS)
    assert state.ask()


def test_the_page_of_operations_says_what_to_do(restored_copy, client):
    client.force_login(UserFactory(roles=[Role.ADMINISTRATOR]))
    assert "unmute" in client.get("/drift/").content.decode()


def calls_to_send(tree):
    """Yield the lines on which a mail is handed over: `something.send()` without arguments."""
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_call and node.func.attr == "send" and not node.args:
            yield node.lineno


def test_mails_leave_by_one_function_that_asks():
    places = []
    for package in some(sorted(PROJECT.glob("*/apps.py"))):
        for path in some(sorted(package.parent.rglob("*.py"))):
            text = path.read_text()
            assert "from django.core.mail import send_mail" not in text, path
            assert "smtplib.SMTP(" not in text, path
            places += [str(path.relative_to(PROJECT)) for _line in calls_to_send(ast.parse(text))]
    assert places == ["jobfirst/messaging/transports.py"]
