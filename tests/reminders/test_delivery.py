"""From beat through Redis and a worker to a mail server, all of them real (D33, D34).

Every process is a child of this one with a deadline, and is killed when the test ends. Only the clock of
beat and worker is moved, to a Thursday in 2016 (celery_at.py).
"""

import asyncio
import datetime
import email
import email.policy
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings

from cases.models import FunctionHolding
from reminders import actions, deadlines
from reminders.models import Digest, Reminder
from tests.factories import CitizenFactory, CourseFactory, MentorContactFactory, ReferralFactory, UserFactory

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

HARNESS = Path(__file__).resolve().with_name("celery_at.py")
PROJECT = HARNESS.parents[2]
DEADLINE = 60
THURSDAY = datetime.date(2016, 4, 7)
DRAWN_ON = datetime.date(2016, 4, 4)
CANARY_CPR = "0107707777"
CANARIES = ("Kanariefornavn", "Kanarieefternavn", "Kanarienote", CANARY_CPR, "010770-7777", "Kanariementor")


class Mailbox:
    """A mail server's handler: stores the accepted mails, and can be made to hang before it accepts one."""

    def __init__(self):
        self.messages = []
        self.hang = False
        self.reached = threading.Event()
        self.released = threading.Event()

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.reached.set()
        while self.hang and not self.released.is_set():
            await asyncio.sleep(0.02)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture
def mailbox():
    handler = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.url = f"smtp://127.0.0.1:{port}"
    yield handler
    handler.released.set()
    controller.stop()


class Processes:
    """Celery processes on this test's database, Redis and mail server."""

    def __init__(self, environment, folder):
        self.environment, self.folder = environment, folder
        self.running = []

    def start(self, moment, *arguments):
        name = f"{arguments[0]}-{len(self.running)}"
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(HARNESS), moment, *arguments, "--loglevel=DEBUG"],
                env=self.environment,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def beat(self, moment):
        return self.start(moment, "beat", f"--schedule={self.folder / 'beat' / 'schedule'}")

    def worker(self, moment="2016-04-07T07:00:30+02:00"):
        return self.start(moment, "worker", "--concurrency=1", "--without-gossip", "--without-mingle")

    def kill(self, process):
        """Kill the process and all its children at once."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        process.wait(10)

    def logs(self):
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


@pytest.fixture
def processes(child_environment, mailbox, tmp_path):
    prefix = f"test-{uuid.uuid4()}:"
    celery_processes = Processes(
        {
            **child_environment,
            "EMAIL_URL": mailbox.url,
            "JOBFIRST_BROKER_PREFIX": prefix,
            "JOBFIRST_VISIBILITY_TIMEOUT": "3",
            "PYTHONPATH": str(PROJECT),
        },
        tmp_path,
    )
    celery_processes.redis = redis.Redis.from_url(child_environment["REDIS_URL"])
    celery_processes.prefix = prefix
    yield celery_processes
    for process in celery_processes.running:
        celery_processes.kill(process)
    for key in celery_processes.redis.scan_iter(match=f"{prefix}*"):
        celery_processes.redis.delete(key)
    celery_processes.redis.close()


def wait_for(condition, event, processes):
    """Poll until `condition` holds; fail with the processes' logs when it does not in time."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(
        f"{event} did not happen in {DEADLINE} s:\n{read_redis(processes)}\n{processes.logs()[-6000:]}"
    )


def read_redis(processes):
    """Return all that this test's broker holds, as text."""
    texts = []
    for key in processes.redis.scan_iter(match=f"{processes.prefix}*"):
        texts.append(f"{key!r} {processes.redis.dump(key)!r}")
        if processes.redis.type(key) == b"list":
            texts += [item.decode() for item in processes.redis.lrange(key, 0, -1)]
    return "\n".join(texts)


@pytest.fixture
def mentor():
    return UserFactory(email="mentor@example.invalid", name="Kanariementor Hansen")


@pytest.fixture
def course(mentor):
    referral = ReferralFactory(citizen=CitizenFactory(cpr=CANARY_CPR), name="Kanariefornavn Kanarieefternavn")
    course = CourseFactory(started_on=DRAWN_ON, referral=referral)
    FunctionHolding.objects.create(course=course, function="mentor", user=mentor, from_on=DRAWN_ON)
    MentorContactFactory(course=course, held_on=DRAWN_ON, citizen_present=False, note="Kanarienote")
    deadlines.recompute()
    return course


@pytest.mark.long
def test_at_seven_the_digest_goes_out_once_and_names_nobody(course, mentor, mailbox, processes):
    processes.beat("2016-04-07T06:59:59+02:00")
    wait_for(lambda: "reminders.tasks.tick" in read_redis(processes), "beat's tick", processes)
    queued = read_redis(processes)
    processes.worker()
    wait_for(lambda: mailbox.messages, "the mail", processes)
    queued += read_redis(processes)
    wait_for(lambda: Digest.objects.filter(state="sent").exists(), "the commit", processes)

    ((recipients, message),) = mailbox.messages
    assert recipients == ["mentor@example.invalid"]
    assert message["Subject"] == "Øvelse: JobFirst: 1 påmindelse"
    text = message.get_body(("plain",)).get_content()
    assert "KK: Ingen kontakt med borgeren i denne uge" in text
    assert str(course.public_id) in text
    assert Reminder.objects.get().due_on == datetime.date(2016, 4, 10)
    whole = "\n".join((str(message), text, message.get_body(("html",)).get_content()))
    for canary in CANARIES:
        assert canary not in whole
        assert canary not in queued
        assert canary not in processes.logs()


def make_digest_of_thursday():
    """Make Thursday's only digest and return its id."""
    actions.make_digests(THURSDAY)
    (pk,) = actions.waiting_digests(THURSDAY)
    return pk


@pytest.mark.long
@pytest.mark.parametrize("victim", ["worker", "child"])
def test_the_mail_of_a_killed_worker_is_sent_by_the_next_one_and_once(
    course, mentor, mailbox, processes, victim
):
    """Killed in mid-task: the whole worker, or the process of its pool that speaks to the mail server."""
    mailbox.hang = True
    worker = processes.worker()
    make_digest_of_thursday()
    queue_tick(processes)
    wait_for(mailbox.reached.is_set, "the first attempt", processes)
    assert not mailbox.messages
    if victim == "worker":
        processes.kill(worker)
        # As if it had been killed just while it looked for others' tasks.
        expire = settings.CELERY_BROKER_TRANSPORT_OPTIONS["unacked_mutex_expire"]
        processes.redis.set(f"{processes.prefix}unacked_mutex", "the dead one's", ex=expire)
        processes.worker()
    else:
        os.kill(pool_process_of(worker), signal.SIGKILL)
    mailbox.hang = False
    mailbox.released.set()
    began = time.monotonic()
    wait_for(lambda: Digest.objects.filter(state="sent").exists(), "the second attempt", processes)
    assert time.monotonic() - began < 30
    time.sleep(4)  # longer than the visibility timeout: whatever else was to come would have come
    assert [recipients for recipients, _ in mailbox.messages] == [["mentor@example.invalid"]]


def queue_tick(processes):
    """Queue what beat queues, from a process of its own with the children's broker."""
    code = "from jobfirst import celery; celery.app.send_task('reminders.tasks.tick')"
    subprocess.run(
        [sys.executable, "-c", code],
        env={**processes.environment, "DJANGO_SETTINGS_MODULE": "jobfirst.settings"},
        check=True,
        timeout=DEADLINE,
    )


def pool_process_of(worker):
    """Return the process id of the worker's pool."""
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    assert children
    return int(children[-1])


def test_two_commands_at_once_send_every_digest_once(child_environment, tmp_path):
    mentors = [UserFactory() for _ in range(8)]
    for user in mentors:
        CourseFactory(started_on=DRAWN_ON, holders=user)
    deadlines.recompute()
    environment = {**child_environment, "EMAIL_URL": f"filemail:///{tmp_path / 'mail'}"}
    command = [sys.executable, "manage.py", "send_reminders", "--on", "2016-04-07", "--format", "json"]
    both = [
        subprocess.Popen(
            command,
            env=environment,
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=DEADLINE)[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    mails = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert sorted(re.findall(r"^To: (.*)$", mails, re.M)) == sorted(user.email for user in mentors)
