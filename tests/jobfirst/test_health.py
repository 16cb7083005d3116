"""`/sundhed/`: says whether the system works, and nothing more."""

import logging

import pytest
from django.core.cache import cache

from jobfirst import health, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_heartbeat():
    cache.delete(health.HEARTBEAT)
    yield
    cache.delete(health.HEARTBEAT)


def test_all_well(client):
    tasks.heartbeat()
    response = client.get("/sundhed/")
    assert (response.status_code, response.content) == (200, b"OK\n")
    assert "no-store" in response["Cache-Control"]


def test_without_a_worker(client, caplog):
    with caplog.at_level(logging.CRITICAL):
        response = client.get("/sundhed/")
    assert (response.status_code, response.content) == (503, b"FEJL\n")


def test_an_old_heartbeat_is_none(client, monkeypatch):
    monkeypatch.setattr(health, "HEARTBEAT_SECONDS", 0)
    tasks.heartbeat()
    assert client.get("/sundhed/").status_code == 503


def test_without_redis(client, settings):
    tasks.heartbeat()
    nobody = "redis://127.0.0.1:1/0"
    settings.CACHES = {name: {**cache, "LOCATION": nobody} for name, cache in settings.CACHES.items()}
    response = client.get("/sundhed/")
    assert (response.status_code, response.content) == (503, b"FEJL\n")


def test_without_the_database(client, monkeypatch):
    tasks.heartbeat()

    def gone(self):
        from django.db import OperationalError

        raise OperationalError("host=secret")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.temporary_connection", gone)
    response = client.get("/sundhed/")
    assert (response.status_code, response.content) == (503, b"FEJL\n")


@pytest.mark.parametrize("form", ["json", "text", "openmetrics", "rss", "atom"])
def test_no_form_of_it_says_more(client, form):
    tasks.heartbeat()
    assert client.get(f"/sundhed/?format={form}", headers={"accept": "application/json"}).content == b"OK\n"


def test_only_to_be_read(client):
    assert client.post("/sundhed/").status_code == 405
