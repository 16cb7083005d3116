"""CPR numbers in the database: bound to their row, found by a keyed hash, readable after a change of keys."""

import base64
import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured

from jobfirst.encryption import crypto

ROW = uuid.UUID(int=1).bytes
OTHER = uuid.UUID(int=2).bytes


def key(fill: int) -> str:
    return base64.urlsafe_b64encode(bytes([fill]) * 32).decode()


@pytest.fixture(autouse=True)
def keys(settings):
    settings.JOBFIRST_CPR_KEYS = [f"1:{key(1)}"]
    settings.JOBFIRST_LOOKUP_KEY = key(2)
    settings.JOBFIRST_PSEUDONYM_KEY = key(3)


def test_what_is_sealed_can_be_read_and_does_not_show():
    stored = crypto.encrypt("1705700001", ROW)
    assert b"1705700001" not in stored
    assert crypto.decrypt(stored, ROW) == "1705700001"


def test_the_same_number_never_looks_the_same_twice():
    assert crypto.encrypt("1705700001", ROW) != crypto.encrypt("1705700001", ROW)


def test_bytes_moved_to_another_row_are_refused():
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(crypto.encrypt("1705700001", ROW), OTHER)


@pytest.mark.parametrize("position", [0, 5, -1])
def test_one_changed_byte_is_refused(position):
    stored = bytearray(crypto.encrypt("1705700001", ROW))
    stored[position] ^= 1
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(bytes(stored), ROW)


def test_an_older_key_still_reads_and_the_first_one_writes(settings):
    old = crypto.encrypt("1705700001", ROW)
    settings.JOBFIRST_CPR_KEYS = [f"2:{key(9)}", f"1:{key(1)}"]
    assert crypto.decrypt(old, ROW) == "1705700001"
    assert crypto.encrypt("1705700001", ROW)[0] == 2


def test_without_its_key_nothing_is_read(settings):
    old = crypto.encrypt("1705700001", ROW)
    settings.JOBFIRST_CPR_KEYS = [f"2:{key(9)}"]
    with pytest.raises(crypto.Undecryptable):
        crypto.decrypt(old, ROW)


def test_lookup_depends_on_the_key(settings):
    first = crypto.lookup_hash("1705700001")
    assert first == crypto.lookup_hash("1705700001")
    settings.JOBFIRST_LOOKUP_KEY = key(4)
    assert crypto.lookup_hash("1705700001") != first


def test_pseudonyms_are_stable_and_come_from_the_row():
    assert crypto.pseudonym(ROW) == crypto.pseudonym(ROW)
    assert crypto.pseudonym(ROW) != crypto.pseudonym(OTHER)


@pytest.mark.parametrize("bad", [[], ["1"], ["0:" + key(1)], ["x:" + key(1)], ["1:short"], ["1:" + "A" * 20]])
def test_a_malformed_key_is_named(settings, bad):
    settings.JOBFIRST_CPR_KEYS = bad
    with pytest.raises(ImproperlyConfigured, match="JOBFIRST_CPR_KEYS"):
        crypto.encrypt("1705700001", ROW)
