"""A list of passwords that are known from breaches, kept as a file of this installation (docs/operations.md).

Pwned Passwords in one file: a line for each password, its SHA-1 in capitals, a colon and how often it was
seen, ordered by the hash. No password leaves the machine, and nothing is read into memory: a look-up halves
the file some 36 times. Beside it Django's 20,000 most common ones are refused in any case.
"""

import hashlib
import logging
import os
import re
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.checks import CheckMessage, Warning
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LINE = re.compile(rb"([0-9A-F]{40})(?::\d+)?\r?\n?")
LONGEST_LINE = 100  # bytes

logger = logging.getLogger(__name__)


class BrokenListError(Exception):
    """The file is not what it should be."""


class BreachedPasswordValidator:
    """Not among the breached passwords; a list that cannot be read lets none through."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password of the list, or when the list cannot be read."""
        path = settings.JOBFIRST_BREACHED_PASSWORDS_FILE
        if not path:
            return
        try:
            is_breached = is_listed(Path(path), password)
        except (OSError, BrokenListError) as error:
            logger.error("the list of breached passwords cannot be read: %s", type(error).__name__)
            text = _("New passwords cannot be checked at the moment. Tell your administrator.")
            raise ValidationError(text, code="password_unchecked") from error
        if is_breached:
            text = _(
                "This password is in a list of leaked passwords. Choose another one, and use it only here."
            )
            raise ValidationError(text, code="password_breached")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("The password may not be in a list of leaked passwords.")


def is_listed(path: Path, password: str) -> bool:
    """Return whether the password is in the file; BrokenListError or OSError when that cannot be known."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        # What is looked for begins at `first` or later, and before `end`.
        first, end = 0, file.seek(0, os.SEEK_END)
        while first < end:
            middle = (first + end) // 2
            start = _next_line(file, middle)
            if start >= end:
                end = middle
                continue
            key = _key(file.readline(LONGEST_LINE))
            if key == wanted:
                return True
            if key < wanted:
                first = file.tell()
            else:
                end = middle
    return False


def _next_line(file: BinaryIO, place: int) -> int:
    """Go to where the first line begins at the place or after it, and return that."""
    if place == 0:
        return file.seek(0)
    file.seek(place - 1)
    file.readline(LONGEST_LINE)
    return file.tell()


def _key(line: bytes) -> bytes:
    match = LINE.fullmatch(line)
    if match is None:
        raise BrokenListError
    return match[1]


def check_list(app_configs: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Warn when the file is set and cannot be used: missing, of another form, or not in order."""
    path = settings.JOBFIRST_BREACHED_PASSWORDS_FILE
    if not path:
        return []
    try:
        with Path(path).open("rb") as file:
            keys = [_key(file.readline(LONGEST_LINE)) for _number in range(2)]
            end = file.seek(0, os.SEEK_END)
            _next_line(file, max(0, end - LONGEST_LINE))
            keys += [_key(line) for line in file]
    except (OSError, BrokenListError):
        keys = []
    if keys and keys == sorted(keys):
        return []
    text = "JOBFIRST_BREACHED_PASSWORDS_FILE is no file of SHA-1 hashes in their order: no password is taken."
    return [Warning(text, id="accounts.W001")]
