"""Faults of the SMS gateway and of the name server: what was to be sent is sent when they are back.

A citizen is to be told of the meeting of the day after tomorrow. The message is sent by a process of its own
whose clock says ten in the morning, as nobody is written to at night, and again a quarter of an hour later.
"""

import datetime
import threading
import uuid
from contextlib import contextmanager

from django.db import connections

from accounts.models import Project
from accounts.roles import Role
from cases import actions
from cases.models import AppointmentMessage, CitizenContact, FollowUpMeeting
from jobfirst import clock
from jobfirst.messaging.outgoing import SendingState
from jobfirst.stored import checks as stored_checks
from tests.chaos.servers import wait_for
from tests.factories import CourseFactory, ReferralFactory
from tests.faults.of_mail import expect_mails, invite, now
from tests.faults.run import Run
from tests.sms_gateway import Gateway

DAY = datetime.timedelta(days=1)
#: Longer than the system waits for an answer.
TOO_SLOW_SECONDS = 25.0
#: Reserved: no name server knows it (RFC 2606).
UNKNOWN_HOST = "mail.jobfirst.invalid"
SEND = """
import datetime
import time_machine
with time_machine.travel(datetime.datetime.fromisoformat("MOMENT"), tick=False):
    from cases.tasks import send_meeting_messages
    send_meeting_messages()
"""


def sms_gateway_is_slow(run: Run) -> None:
    """The gateway takes the message and answers after the system has stopped waiting: it gets it again, under
    the same reference."""
    with _gateway() as gateway:
        gateway.seconds = TOO_SLOW_SECONDS
        _tell_a_citizen(run, gateway, [202, 202])


def sms_gateway_refuses(run: Run) -> None:
    """The gateway answers 503."""
    with _gateway() as gateway:
        gateway.status = 503
        _tell_a_citizen(run, gateway, [503, 202])


def sms_gateway_is_limited(run: Run) -> None:
    """The gateway answers 429: too many messages for now."""
    with _gateway() as gateway:
        gateway.status = 429
        _tell_a_citizen(run, gateway, [429, 202])


def names_are_unknown(run: Run) -> None:
    """No name server knows the mail server; web and worker begin meanwhile."""
    for name in ("web", "worker"):
        _restart(run, name, EMAIL_URL=f"smtp://{UNKNOWN_HOST}:25")
    assert wait_for(run.system.is_answering, 60), "the web server does not answer without a name server"
    addresses = invite(run, 2)
    run.write_for(3)
    run.expect_pages()
    for name in ("web", "worker"):
        _restart(run, name)
    run.system.order_sink("accept", now())
    assert wait_for(run.system.is_answering, 60), "the web server does not answer"
    expect_mails(run, addresses)


@contextmanager
def _gateway():
    gateway = Gateway()
    thread = threading.Thread(target=gateway.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.shutdown()
        gateway.server_close()


def _tell_a_citizen(run: Run, gateway: Gateway, statuses: list[int]) -> None:
    """Send while the gateway fails, and again when it works; the system has sent it once then."""
    meeting = _meeting()
    morning = datetime.datetime.combine(meeting.planned_at.date() - DAY, datetime.time(10), datetime.UTC)
    address = f"http://127.0.0.1:{gateway.server_port}/send"

    def send(moment: datetime.datetime) -> AppointmentMessage | None:
        ended = run.system.manage(
            *("shell", "--no-imports", "-c", SEND.replace("MOMENT", moment.isoformat())),
            JOBFIRST_SMS_URL=address,
        )
        run.expect(ended.returncode == 0, f"the messages could not be sent: {ended.stderr[-300:]}")
        return AppointmentMessage.objects.filter(meeting=meeting).first()

    waiting = send(morning)
    is_waiting = waiting is not None and waiting.state == SendingState.PENDING and waiting.attempts == 1
    run.expect(is_waiting, f"the message does not wait: {waiting and (waiting.state, waiting.last_error)}")
    gateway.status, gateway.seconds = 202, 0.0
    sent = send(morning + datetime.timedelta(minutes=20))
    run.expect(sent is not None and sent.state == SendingState.SENT, "the message was not sent")
    send(morning + datetime.timedelta(minutes=40))
    references = [content["reference"] for _headers, content in gateway.received]
    run.expect(references == [str(sent and sent.public_id)] * 2, f"asked {len(references)} times")
    run.expect(gateway.answered == statuses, f"answered {gateway.answered}")


def _meeting() -> FollowUpMeeting:
    """Book a meeting in a new course, whose citizen has a phone."""
    connections.close_all()  # an earlier fault may have broken it
    today = clock.today()
    project = Project.objects.filter(memberships__role=Role.MENTOR).earliest("pk")
    referral = ReferralFactory(project=project, referred_on=today - 100 * DAY)
    course = CourseFactory(referral=referral, started_on=today - 60 * DAY)
    for derived in stored_checks.registered_rows():
        derived.recompute()
    CitizenContact.objects.create(course=course, phone="+45 00 12 34 56")
    planned_at = datetime.datetime.combine(today + 2 * DAY, datetime.time(12), datetime.UTC)
    return actions.book_meeting(course, planned_at=planned_at, submission=uuid.uuid4())


def _restart(run: Run, name: str, **environment: str) -> None:
    """Start a process again, with these variables for this once."""
    run.manager.is_paused = True
    run.system.kill(name)
    command, before = run.system.commands[name]
    run.system.start_process(name, command, {**before, **environment})
    run.system.commands[name] = command, before
    run.manager.is_paused = False
