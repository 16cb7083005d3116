"""The pseudonyms of one package: made with a random key that nobody keeps."""

import base64
import hashlib
import hmac
import secrets
import uuid

KEY_BYTES = 32
#: 80 bits: no two citizens of a trial get the same one.
CHARACTERS = 16


class Pseudonyms:
    """Makes the pseudonyms of citizens and companies of one package.

    The key lives as long as this object. Two packages have nothing in common that tells that two rows are
    about the same citizen, and none of them leads back to one.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(KEY_BYTES)

    def citizen(self, public_id: uuid.UUID) -> str:
        """Return the citizen's pseudonym in this package: `B-` and 16 characters."""
        return f"B-{self._digest(b'citizen:' + public_id.bytes)}"

    def company(self, pk: int) -> str:
        """Return the company's pseudonym in this package: `V-` and 16 characters."""
        return f"V-{self._digest(b'company:%d' % pk)}"

    def _digest(self, subject: bytes) -> str:
        digest = hmac.new(self._key, subject, hashlib.sha256).digest()
        return base64.b32encode(digest)[:CHARACTERS].decode()
