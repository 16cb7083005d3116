"""The two shares of the seed, from the environment. They are never stored and never logged."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from randomization.draw import blocks, commitments

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


def from_environment() -> Shares:
    """Return the system's own shares. ShareError when one is missing or malformed, or both are the same."""
    agency, operator = (_read(holder) for holder in VARIABLES)
    if agency == operator:
        raise ShareError(
            _("%(agency)s and %(operator)s are the same. Each holder must make a share of their own.")
            % VARIABLES
        )
    return Shares(agency, operator)


def demo_shares(seed: int) -> Shares:
    """Return public shares made from a number: for demonstrations, only in a rehearsal."""
    agency, operator = (
        hashlib.sha256(f"JobFirst demonstration, {holder} share, seed {seed}".encode()).digest()
        for holder in VARIABLES
    )
    return Shares(agency, operator, demo_seed=seed)


def _read(holder: str) -> bytes:
    """Return the holder's share from the environment. ShareError when it is missing or malformed."""
    name = VARIABLES[holder]
    text = os.environ.get(name, "").strip()
    if not text:
        raise ShareError(
            _(
                "A share of the draw is missing. Set %(name)s to the share whose hash was published "
                "(docs/randomization.md)."
            )
            % {"name": name}
        )
    try:
        share = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        share = b""
    if len(share) != blocks.SHARE_BYTES:
        raise ShareError(
            _("%(name)s is not a share: it must be 32 bytes in URL-safe base64.") % {"name": name}
        )
    return share
