"""`/sundhed/`: says whether the system works, and to outsiders nothing more."""

import datetime
import logging
from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from redis.exceptions import RedisError

from jobfirst import tasks
from jobfirst.monitoring import checks, heartbeat
from jobfirst.monitoring.extension_points import QueueState
from reminders.models import Round
from reminders.operations.monitoring import is_round_made

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-monitoring"
MONITOR = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def well(monkeypatch, settings):
    """A worker that was heard, no mail that waits and no round that is due, whatever the hour."""
    monkeypatch.setattr(checks, "mail_queues", dict)
    monkeypatch.setattr(checks, "further_checks", list)
    settings.JOBFIRST_MONITORING_TOKEN = TOKEN
    tasks.heartbeat()
    yield
    with suppress(RedisError):  # a test may have put a Redis that does not answer in its place
        cache.delete(heartbeat.HEARTBEAT)


@pytest.fixture
def no_database(monkeypatch):
    def refuse(self):
        raise OperationalError("host=secret")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", refuse)


@pytest.fixture
def no_redis(settings):
    nobody = "redis://127.0.0.1:1/0"
    settings.CACHES = {name: {**cache, "LOCATION": nobody} for name, cache in settings.CACHES.items()}


def failed(client, path="/sundhed/"):
    """Return the codes that monitoring is told."""
    return client.get(path, headers=MONITOR).json()["failed"]


@pytest.mark.parametrize("path", ["/sundhed/", "/sundhed/klar/", "/sundhed/web/", "/sundhed/live/"])
def test_all_well(client, path):
    response = client.get(path)
    assert (response.status_code, response.content) == (200, b"OK\n")
    assert "no-store" in response["Cache-Control"]
    assert failed(client, path) == []


def test_without_a_worker_the_web_server_still_serves(client):
    cache.delete(heartbeat.HEARTBEAT)
    response = client.get("/sundhed/")
    assert (response.status_code, response.content) == (503, b"FEJL\n")
    assert failed(client) == ["worker"]
    assert client.get("/sundhed/web/").status_code == 200


def test_an_old_heartbeat_is_none(client, monkeypatch):
    monkeypatch.setattr(heartbeat, "HEARTBEAT_SECONDS", 0)
    tasks.heartbeat()
    assert failed(client) == ["worker"]


def test_without_redis_the_web_server_still_serves(client, no_redis):
    assert failed(client) == ["redis", "worker"]
    assert client.get("/sundhed/web/").status_code == 200


def test_without_the_database(client, no_database, caplog):
    assert failed(client) == ["database", "migrations"]
    assert "health check failed: database (OperationalError)" in caplog.text
    assert "secret" not in caplog.text
    assert client.get("/sundhed/web/").content == b"FEJL\n"
    assert client.get("/sundhed/live/").status_code == 200


def test_a_migration_that_is_not_applied(client):
    MigrationRecorder.Migration.objects.filter(app="reminders").delete()
    assert failed(client, "/sundhed/web/") == ["migrations"]


def test_a_migration_of_a_later_version_does_no_harm(client):
    MigrationRecorder.Migration.objects.create(app="reminders", name="9999_later")
    assert failed(client) == []


def test_a_full_disk(client, settings):
    settings.JOBFIRST_LEAST_DISK_MB = 10**9
    assert failed(client, "/sundhed/web/") == ["disk"]


def waiting_for(minutes):
    oldest = timezone.now() - datetime.timedelta(minutes=minutes)
    return {"links": lambda now: QueueState(waiting=1, oldest=oldest)}


def test_mail_that_waits_for_long(client, monkeypatch, settings):
    monkeypatch.setattr(checks, "mail_queues", lambda: waiting_for(minutes=50))
    assert failed(client) == []
    monkeypatch.setattr(checks, "mail_queues", lambda: waiting_for(minutes=70))
    assert failed(client) == ["mail_backlog"]
    settings.JOBFIRST_MUTED = True
    assert failed(client) == []


def at(text):
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def test_the_round_of_a_working_day_is_missed_from_eight():
    assert is_round_made(at("2016-04-06T12:00"))  # a new system
    Round.objects.create(on=datetime.date(2016, 4, 5))
    assert is_round_made(at("2016-04-06T07:59"))
    assert not is_round_made(at("2016-04-06T08:00"))
    assert is_round_made(at("2016-04-09T12:00"))  # a Saturday
    Round.objects.create(on=datetime.date(2016, 4, 6))
    assert is_round_made(at("2016-04-06T12:00"))


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}, {"authorization": TOKEN}])
def test_outsiders_are_told_no_code(client, headers, no_redis):
    response = client.get("/sundhed/", headers={"accept": "application/json", **headers})
    assert (response.status_code, response.content) == (503, b"FEJL\n")


def test_without_a_token_in_the_settings_nobody_is_told_more(client, settings):
    settings.JOBFIRST_MONITORING_TOKEN = ""
    assert client.get("/sundhed/", headers={"authorization": "Bearer "}).content == b"OK\n"


def test_only_to_be_read(client):
    assert client.post("/sundhed/").status_code == 405


def test_failures_are_logged_by_code(client, caplog):
    cache.delete(heartbeat.HEARTBEAT)
    with caplog.at_level(logging.ERROR):
        client.get("/sundhed/")
    assert "health check failed: worker (no)" in caplog.text
