"""CPR numbers in the database: encrypted, with a keyed hash for lookup (docs/privacy.md).

Keys are in the environment. JOBFIRST_CPR_KEYS is a comma-separated list of `id:key` (id a small number, key
32 bytes in URL-safe base64). The first key encrypts and all of them decrypt, so that keys can be replaced row
by row.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

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


def cpr_keys() -> dict[int, bytes]:
    """Return the encryption keys by id, the current one first."""
    keys: dict[int, bytes] = {}
    for entry in settings.JOBFIRST_CPR_KEYS:
        number, separator, text = entry.partition(":")
        if not separator or not number.isdigit() or not 0 < int(number) < 256:
            raise ImproperlyConfigured("JOBFIRST_CPR_KEYS must be a comma list of number:key, numbers 1-255")
        keys[int(number)] = decode_key("JOBFIRST_CPR_KEYS", text)
    if not keys:
        raise ImproperlyConfigured("JOBFIRST_CPR_KEYS holds no key")
    return keys


def check_keys() -> None:
    """Raise ImproperlyConfigured with the variable's name when a key is invalid; called at start-up."""
    cpr_keys()
    decode_key("JOBFIRST_LOOKUP_KEY", settings.JOBFIRST_LOOKUP_KEY)
    decode_key("JOBFIRST_PSEUDONYM_KEY", settings.JOBFIRST_PSEUDONYM_KEY)


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


def lookup_hash(digits: str) -> bytes:
    """Return the keyed hash by which a CPR number is looked up (HMAC-SHA256, 32 bytes)."""
    key = decode_key("JOBFIRST_LOOKUP_KEY", settings.JOBFIRST_LOOKUP_KEY)
    return hmac.new(key, digits.encode(), hashlib.sha256).digest()


def pseudonym(row: bytes) -> str:
    """Return the stable pseudonym of a citizen: `JF-` and 12 characters.

    Derived from the row's random id and not from the CPR number, so that nobody who knows a number can
    compute it.
    """
    key = decode_key("JOBFIRST_PSEUDONYM_KEY", settings.JOBFIRST_PSEUDONYM_KEY)
    digest = hmac.new(key, row, hashlib.sha256).digest()
    return "JF-" + base64.b32encode(digest)[:12].decode()
