"""The cache reads back only what this system has written: anything else counts as not being there."""

import pickle

from django.core.cache import cache

from jobfirst.cache.signed import SignedSerializer


class Ran(Exception):
    """A stored value was run."""


def run():
    raise Ran


class Planted:
    def __reduce__(self):
        return run, ()


def raw():
    """Return the client that writes to Redis past the cache's serializer."""
    return cache._cache.get_client(write=True)


def test_what_was_stored_is_read():
    for value in ("text", 7, True, None, [1.5, "a"], {"a": ("b", 2)}):
        cache.set("signed", value)
        assert cache.get("signed", "missing") == value


def test_a_value_that_somebody_else_wrote_is_not_run():
    raw().set(cache.make_key("planted"), pickle.dumps(Planted()))
    assert cache.get("planted") is None


def test_a_signature_of_another_value_does_not_hold():
    serializer = SignedSerializer()
    stored = serializer.dumps("text")
    assert serializer.loads(stored) == "text"
    assert serializer.loads(stored[:32] + pickle.dumps("other")) is None
    assert serializer.loads(b"") is None


def test_another_key_reads_nothing(settings):
    stored = SignedSerializer().dumps("text")
    settings.SECRET_KEY = "another key " * 5
    assert SignedSerializer().loads(stored) is None
