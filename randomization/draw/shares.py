"""The two shares of the seed. They are never stored and never logged.

Each stands in a variable, or in a file that the variable with `_FILE` names; the agency's may also be typed
at a terminal. In a real trial both must never stand in one environment or one file (docs/randomization.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from jobfirst import mode
from randomization.draw import blocks, commitments

#: A file of a share holds a line with 44 characters; a larger one is none.
LARGEST_FILE = 200
VARIABLES = {"agency": "JOBFIRST_DRAW_SHARE_AGENCY", "operator": "JOBFIRST_DRAW_SHARE_OPERATOR"}


class ShareError(Exception):
    """A share is missing or malformed, or both are the same. The message says what to do."""


@dataclass(frozen=True)
class Shares:
    """The seed of the draw. `demo_seed` is the number a demonstration's shares were made from, else None."""

    agency: bytes = field(repr=False)
    operator: bytes = field(repr=False)
    demo_seed: int | None = None

    def hash_of(self, holder: str) -> bytes:
        """Return the published hash of the `agency` share or the `operator` share."""
        return commitments.share_hash(holder, getattr(self, holder))

    def committed_list(self, label: str, capacity: int) -> commitments.CommittedList:
        """Return the list of a stratum. Contains future arms.

        A demonstration draws from the same few lists again and again, and its seed is public: its lists are
        kept in memory. Those of a trial never are.
        """
        if self.demo_seed is not None:
            return _demonstration_list(self, label, capacity)
        return commitments.CommittedList(self.key(label), label, capacity)

    def key(self, label: str) -> bytes:
        """Return the key of a stratum, from which its list can be derived."""
        return blocks.stratum_key(self.agency, self.operator, label)


@lru_cache(maxsize=32)
def _demonstration_list(shares: Shares, label: str, capacity: int) -> commitments.CommittedList:
    return commitments.CommittedList(shares.key(label), label, capacity)


def from_environment(typed_agency_share: str | None = None) -> Shares:
    """Return the system's own shares; the agency's is the typed text, if there is one.

    ShareError when one is missing or malformed, both are the same, or they are not kept apart.
    """
    check_apart()
    agency = _read("agency") if typed_agency_share is None else _decode("agency", typed_agency_share)
    operator = _read("operator")
    if agency == operator:
        raise ShareError(
            _("%(agency)s and %(operator)s are the same. Each holder must make a share of their own.")
            % VARIABLES
        )
    return Shares(agency, operator)


def is_missing(holder: str) -> bool:
    """Whether neither the holder's variable nor that of the file is set."""
    return not _variable(VARIABLES[holder]) and not _variable(file_variable(holder))


def file_variable(holder: str) -> str:
    """Return the name of the variable that names the file with the holder's share."""
    return f"{VARIABLES[holder]}_FILE"


def check_apart() -> None:
    """Raise ShareError when a real system has both shares in its environment, in one file or in one folder.

    Called when a process starts and before each use of the shares.
    """
    if mode.is_rehearsal():
        return
    if all(_variable(name) for name in VARIABLES.values()):
        raise ShareError(
            _(
                "%(agency)s and %(operator)s stand in one environment. In a real trial the agency brings its "
                "share as a file (%(agency)s_FILE) or types it (docs/randomization.md)."
            )
            % VARIABLES
        )
    files = [Path(text) for holder in VARIABLES if (text := _variable(file_variable(holder)))]
    if len(files) > 1 and files[0].resolve().parent == files[1].resolve().parent:
        raise ShareError(
            _(
                "The files of %(agency)s and %(operator)s lie in one folder. Each holder needs a folder of "
                "their own."
            )
            % VARIABLES
        )


def demo_shares(seed: int) -> Shares:
    """Return public shares made from a number: for demonstrations, only in a rehearsal."""
    agency, operator = (
        hashlib.sha256(f"JobFirst demonstration, {holder} share, seed {seed}".encode()).digest()
        for holder in VARIABLES
    )
    return Shares(agency, operator, demo_seed=seed)


def _variable(name: str) -> str:
    return os.environ.get(name, "").strip()


def _read(holder: str) -> bytes:
    """Return the holder's share from its variable or its file. ShareError when it is missing or malformed."""
    name, text, path = VARIABLES[holder], _variable(VARIABLES[holder]), _variable(file_variable(holder))
    if text and path:
        raise ShareError(_("%(name)s and %(name)s_FILE are both set. Only one may be.") % {"name": name})
    if path:
        return _decode(holder, _file_text(holder, path))
    if text:
        return _decode(holder, text)
    if holder == "agency" and not mode.is_rehearsal():
        raise ShareError(
            _(
                "The agency's share is not on this machine. The agency brings it as a file (%(name)s_FILE), "
                "or types it when the command asks for it (docs/randomization.md)."
            )
            % {"name": name}
        )
    raise ShareError(
        _(
            "A share of the draw is missing. Set %(name)s to the share whose hash was published "
            "(docs/randomization.md)."
        )
        % {"name": name}
    )


def _file_text(holder: str, path: str) -> str:
    """Return what the file holds. ShareError when it cannot be read, or others may read or change it."""
    name = file_variable(holder)
    try:
        with Path(path).open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or stat.S_IMODE(status.st_mode) != stat.S_IRUSR:
                raise ShareError(_("The file that %(name)s names must have the mode 0400.") % {"name": name})
            return file.read(LARGEST_FILE).decode("ascii", "replace").strip()
    except OSError as error:
        raise ShareError(_("The file that %(name)s names cannot be read.") % {"name": name}) from error


def _decode(holder: str, text: str) -> bytes:
    """Return the share written as base64. ShareError when it is none."""
    text = text.strip()
    try:
        share = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        share = b""
    if len(share) != blocks.SHARE_BYTES:
        raise ShareError(
            _("%(name)s is not a share: it must be 32 bytes in URL-safe base64.")
            % {"name": VARIABLES[holder]}
        )
    return share
