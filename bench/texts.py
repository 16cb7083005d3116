"""Texts that nobody else writes, and in which nothing looks like a CPR number."""

import uuid

_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def unique_text() -> str:
    """Return 32 letters that come once."""
    return uuid.uuid4().hex.translate(_LETTERS)
