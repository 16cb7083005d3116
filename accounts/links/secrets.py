"""The secrets of links: 256 random bits in the address, and their SHA-256 in the database."""

import hashlib
import secrets
from typing import NamedTuple

BYTES = 32


class Secret(NamedTuple):
    """A secret for the address of a link, and the hash by which it is looked up."""

    text: str
    hash: str


def new_secret() -> Secret:
    """Return a secret that nobody can guess, and its hash."""
    text = secrets.token_urlsafe(BYTES)
    return Secret(text, hash_of(text))


def hash_of(text: str) -> str:
    """Return the hash of a secret, of whatever length and signs it was sent to us."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
