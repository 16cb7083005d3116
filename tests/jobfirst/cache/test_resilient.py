"""Pages and sign-in do not depend on Redis: without it each process caches in its own memory."""

import uuid

import pytest
from django.core.cache import caches
from django.urls import reverse

from jobfirst.cache import resilient as resilient_cache
from tests.factories import UserFactory


@pytest.fixture
def without_redis(settings):
    """Let nobody answer at the address of Redis, which no other test uses: the pause is by address."""
    nobody = f"unix:///nobody-{uuid.uuid4().hex}.sock"
    settings.CACHES = {name: {**cache, "LOCATION": nobody} for name, cache in settings.CACHES.items()}
    return caches["default"]


def test_without_redis_what_is_stored_is_found_in_this_process(without_redis):
    key = uuid.uuid4().hex
    without_redis.set(key, {"a": 1})
    assert without_redis.get(key) == {"a": 1}
    assert without_redis.add(key, 2) is False
    assert without_redis.get_many([key]) == {key: {"a": 1}}
    without_redis.delete(key)
    assert without_redis.get(key, "missing") == "missing"


def test_redis_is_asked_again_after_the_pause(settings, monkeypatch):
    cache, key = caches["default"], uuid.uuid4().hex
    monkeypatch.setattr(cache._pause, "_until", float("inf"))
    cache.set(key, "in memory")
    assert caches["redis"].get(key) is None
    monkeypatch.setattr(cache._pause, "_until", 0.0)
    cache.set(key, "in Redis")
    assert caches["redis"].get(key) == "in Redis"
    cache.delete(key)


def test_a_failure_of_redis_is_one_line_in_the_log(without_redis, caplog):
    for _ in range(3):
        without_redis.get("anything")
    assert [record.name for record in caplog.records] == [resilient_cache.__name__]


@pytest.mark.django_db
def test_without_redis_people_are_locked_out_after_five_wrong_passwords(client, without_redis):
    user = UserFactory()
    form = {"login": user.email, "password": "wrong"}
    statuses = [client.post(reverse("account_login"), form).status_code for _ in range(5)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
