"""CPR numbers in the database: encrypted, with a keyed hash for lookup (docs/privacy.md).

Keys are in the environment. JOBFIRST_CPR_KEYS, JOBFIRST_LOOKUP_KEY and JOBFIRST_PSEUDONYM_KEY are comma lists
of `number:key` (number 1-255, key 32 bytes in URL-safe base64); of the last two a key alone counts as number
1. The first key is used for what is written, and all of them for what is read, so that keys can be exchanged
row by row while people work (docs/operations.md, "Keys").
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
KEY_BYTES = 32


class Undecryptable(Exception):
    """The stored bytes belong to another row, were changed, or need a key that is not in
    JOBFIRST_CPR_KEYS."""


def decode_key(name: str, text: str) -> bytes:
    """Return the 32 bytes of the key in the variable `name`; ImproperlyConfigured when it is not a valid
    key."""
    try:
        key = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not URL-safe base64") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must hold {KEY_BYTES} bytes, not {len(key)}")
    return key


def numbered_keys(name: str, entries: Iterable[str]) -> dict[int, bytes]:
    """Return the keys of the variable `name` by number, the current one first; ImproperlyConfigured with the
    name when one is malformed, or two have the same number."""
    keys: dict[int, bytes] = {}
    for entry in entries:
        number, separator, text = entry.strip().partition(":")
        if not separator or not number.isdigit() or not 0 < int(number) < 256 or int(number) in keys:
            raise ImproperlyConfigured(
                f"{name} must be a comma list of number:key, numbers 1-255, each number once"
            )
        keys[int(number)] = decode_key(name, text)
    if not keys:
        raise ImproperlyConfigured(f"{name} holds no key")
    return keys


def cpr_keys() -> dict[int, bytes]:
    """Return the encryption keys by number, the current one first."""
    return _cached_keys("JOBFIRST_CPR_KEYS", tuple(settings.JOBFIRST_CPR_KEYS))


def lookup_keys() -> dict[int, bytes]:
    """Return the keys of the hash for lookup by number, the current one first."""
    return _cached_keys("JOBFIRST_LOOKUP_KEY", _entries(settings.JOBFIRST_LOOKUP_KEY))


def pseudonym_keys() -> dict[int, bytes]:
    """Return the keys of pseudonyms by number, the current one first."""
    return _cached_keys("JOBFIRST_PSEUDONYM_KEY", _entries(settings.JOBFIRST_PSEUDONYM_KEY))


def _entries(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if ":" in text or "," in text else (f"1:{text}",)


@lru_cache(maxsize=16)
def _cached_keys(name: str, entries: tuple[str, ...]) -> dict[int, bytes]:
    return numbered_keys(name, entries)


def check_keys() -> None:
    """Raise ImproperlyConfigured with the variable's name when a key is invalid; called at start-up."""
    cpr_keys()
    lookup_keys()
    pseudonym_keys()


def encrypt(plain: str, row: bytes) -> bytes:
    """Return key id, nonce and AES-GCM ciphertext, bound to `row` so that it cannot be moved to another
    row."""
    number, key = next(iter(cpr_keys().items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return bytes([number]) + nonce + AESGCM(key).encrypt(nonce, plain.encode(), row)


def is_current(stored: bytes | memoryview) -> bool:
    """Whether the bytes were encrypted with the first of JOBFIRST_CPR_KEYS."""
    return bytes(stored[:1]) == bytes([next(iter(cpr_keys()))])


def decrypt(stored: bytes | memoryview, row: bytes) -> str:
    """Return the plaintext; Undecryptable when the row, the key or a byte differs."""
    stored = bytes(stored)
    key = cpr_keys().get(stored[0]) if stored else None
    if key is None:
        raise Undecryptable("no key for this row")
    nonce, body = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, row).decode()
    except InvalidTag as error:
        raise Undecryptable("the stored bytes do not belong to this row") from error


class LookupHash(bytes):
    """The hash of a number with the current key, and with the older ones while there are any."""

    older: tuple[bytes, ...] = ()

    @property
    def all(self) -> list[bytes]:
        """The hashes by which the number may be stored, with every key; sorted, alike in every process."""
        return sorted([bytes(self), *self.older])


def lookup_hash(digits: str) -> LookupHash:
    """Return the keyed hash by which a CPR number is looked up (HMAC-SHA256, 32 bytes)."""
    current, *older = (
        hmac.new(key, digits.encode(), hashlib.sha256).digest() for key in lookup_keys().values()
    )
    lookup = LookupHash(current)
    lookup.older = tuple(older)
    return lookup


def stored_hashes(lookups: Iterable[LookupHash]) -> dict[bytes, LookupHash]:
    """Return the hashes under which the numbers may be stored, each with the current hash of its number."""
    return {stored: lookup for lookup in lookups for stored in lookup.all}


def pseudonym(row: bytes) -> str:
    """Return the pseudonym of a new citizen: `JF-` and 12 characters.

    Derived from the row's random id and not from the CPR number, so that nobody who knows a number can
    compute it. It is stored, and stays when the key is exchanged: the ledger and grant statements have it.
    """
    key = next(iter(pseudonym_keys().values()))
    digest = hmac.new(key, row, hashlib.sha256).digest()
    return "JF-" + base64.b32encode(digest)[:12].decode()
