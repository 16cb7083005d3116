"""The metrics: counted by all processes, reckoned at each scrape, at an address of their own."""

import http.client
import re
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.chain.lag import seal_lag
from audit.chain.sealing import seal
from devservices.layout import PROJECT
from jobfirst.monitoring.extension_points import gauges, mail_queues
from reminders.models import Digest, Round
from tests.factories import UserFactory
from tests.loops import some

TOKEN = "a-token-of-monitoring"


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def ask(port, path, token=None):
    """Return the status and the body of an answer; None while nobody listens."""
    headers = {"Host": "localhost"} | ({"Authorization": f"Bearer {token}"} if token else {})
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        try:
            connection.request("GET", path, headers=headers)
        except ConnectionRefusedError:
            return None
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@contextmanager
def running(command, environment, port):
    """Run a server until it listens on the port, and end it afterwards."""
    process = subprocess.Popen([sys.executable, *command], cwd=PROJECT, env=environment)
    try:
        while process.poll() is None and ask(port, "/nothing") is None:
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.mark.services
@pytest.mark.long
def test_all_processes_of_the_web_server_are_counted(transactional_db, child_environment, tmp_path):
    environment = child_environment | {
        "JOBFIRST_METRICS_DIR": str(tmp_path / "metrics"),
        "JOBFIRST_MONITORING_TOKEN": TOKEN,
    }
    web, metrics = free_port(), free_port()
    gunicorn = ["-m", "gunicorn", "jobfirst.wsgi", "--workers", "2", "--worker-tmp-dir", "/tmp"]
    serve = ["manage.py", "serve_metrics", "--bind", f"127.0.0.1:{metrics}"]
    with (
        running([*gunicorn, "--bind", f"127.0.0.1:{web}"], environment, web),
        running(serve, environment, metrics),
    ):
        for _number in range(8):
            assert ask(web, "/sundhed/live/")[0] == 200
        assert ask(metrics, "/metrics")[0] == 401
        assert ask(metrics, "/metrics", "wrong")[0] == 401
        assert ask(web, "/metrics", TOKEN)[0] in {302, 404}  # not at the site's own address
        status, text = ask(metrics, "/metrics", TOKEN)
    assert status == 200
    name = "django_http_responses_total_by_status_view_method_total"
    counted = re.findall(rf"^{name}\{{.*health_live.*\}} (\S+)$", text, re.MULTILINE)
    assert sum(map(float, counted)) == 8
    for name in ("jobfirst_mails_waiting", "jobfirst_tasks_waiting", "jobfirst_worker_heard"):
        assert f"\n{name}" in text


def test_metrics_are_off_by_default(settings):
    assert not [name for name in settings.MIDDLEWARE if "prometheus" in name]
    with pytest.raises(CommandError, match="JOBFIRST_METRICS_DIR"):
        call_command("serve_metrics")


def test_others_than_this_machine_need_a_token(settings, tmp_path):
    settings.JOBFIRST_METRICS_DIR = str(tmp_path)
    with pytest.raises(CommandError, match="JOBFIRST_MONITORING_TOKEN"):
        call_command("serve_metrics", bind="0.0.0.0:0")


@pytest.mark.django_db
def test_what_waits_is_counted_by_queue():
    names = {"appointment_messages", "digests", "invitations", "links", "meeting_invitations"}
    assert set(mail_queues()) == names | {"steering_invitations"}
    before = mail_queues()["digests"](timezone.now()).waiting
    Digest.objects.create(on=timezone.localdate(), recipient=UserFactory())
    assert mail_queues()["digests"](timezone.now()).waiting == before + 1


@pytest.mark.django_db
def test_the_gauges_of_the_apps():
    Round.objects.create(on=timezone.localdate())
    values = {gauge.name: gauge.value(timezone.now()) for gauge in some(gauges())}
    assert set(values) == {"jobfirst_last_round_age_seconds", "jobfirst_seal_lag_seconds"}
    assert 0 <= values["jobfirst_last_round_age_seconds"] < 60


@pytest.mark.django_db(transaction=True)
def test_nothing_lags_behind_once_all_is_sealed():
    seal()
    assert seal_lag(timezone.now()) == 0.0
