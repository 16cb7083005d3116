"""Committing the strata's lists, and opening them for a draw. The only place that handles the shares.

Lists are computed when they are needed and forgotten afterwards. Call within the ledger's lock.
"""

import logging
from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts.models import Municipality
from cases.models.citizen import TargetGroup
from jobfirst import mode
from randomization.draw.commitments import CAPACITY, SPECIFICATION_SHA256, CommittedList, ListExhausted
from randomization.draw.refusal import DrawRefused, WrongShare
from randomization.draw.shares import VARIABLES, ShareError, Shares, demo_shares, from_environment
from randomization.models import Commitment, Stratum

logger = logging.getLogger(__name__)


def usable_shares(shares: Shares | None) -> Shares:
    """The given shares, or the system's own. DrawRefused when there are none, or in a real trial when
    anybody could make them."""
    if shares is None:
        try:
            shares = from_environment()
        except ShareError as error:
            raise DrawRefused("share", str(error)) from error
    if shares.demo_seed is not None and not mode.is_rehearsal():
        raise DrawRefused("demo_seed", _("Only a rehearsal may draw from a seed that is no secret."))
    return shares


def commit_strata(municipalities: Iterable[Municipality], shares: Shares) -> list[Stratum]:
    """Commit the lists of the municipalities' strata that have none yet; return the new strata (D4).

    From then on neither the shares nor the lists can change without everybody seeing it.
    """
    wanted = [(municipality, group) for municipality in municipalities for group in TargetGroup]
    known = set(Stratum.objects.values_list("municipality_id", "target_group"))
    missing = [(place, group) for place, group in wanted if (place.pk, group) not in known]
    if not missing:
        return []
    commitment = _commitment(shares)
    strata = []
    for municipality, group in missing:
        stratum = Stratum(municipality=municipality, target_group=group, commitment=commitment)
        stratum.root = shares.committed_list(stratum.label, CAPACITY).root
        strata.append(stratum)
    return Stratum.objects.bulk_create(strata)


def shares_of(commitment: Commitment, shares: Shares) -> Shares:
    """The shares that belong to the commitment: those of its demonstration seed, or the ones at hand.

    DrawRefused when those at hand are not the ones whose hashes were published.
    """
    if commitment.demo_seed is not None:
        return usable_shares(demo_shares(commitment.demo_seed))
    for holder, published in (
        ("agency", commitment.agency_share_hash),
        ("operator", commitment.operator_share_hash),
    ):
        if shares.hash_of(holder) != bytes(published):
            raise WrongShare(
                holder,
                _(
                    "%(name)s is not the share whose hash was published before the first draw. Set it to "
                    "that share; nothing was drawn."
                )
                % {"name": VARIABLES[holder]},
            )
    return shares


class Opening(NamedTuple):
    """An opened slot: its arm, and the nonce and the path that lead to the stratum's root."""

    arm: str
    nonce: bytes
    path: list[bytes]


class OpenLists:
    """The lists of the strata that one draw touches. Never pass one on: it holds future arms."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._lists: dict[int, CommittedList] = {}

    def arm(self, stratum: Stratum, slot: int) -> Opening:
        """Open one slot; DrawRefused when the list is not the committed one."""
        if stratum.pk not in self._lists:
            self._lists[stratum.pk] = self._open(stratum)
        opened = self._lists[stratum.pk]
        try:
            return Opening(opened.arm(slot), opened.nonce(slot), opened.path(slot))
        except ListExhausted as error:
            raise exhausted(stratum) from error

    def _open(self, stratum: Stratum) -> CommittedList:
        shares = shares_of(stratum.commitment, self._shares)
        opened = shares.committed_list(stratum.label, stratum.capacity)
        if opened.root != bytes(stratum.root):
            logger.error(
                "The list of stratum %s is not the one that was committed: run verify_allocations and tell "
                "the agency.",
                stratum.label,
            )
            raise DrawRefused(
                "list_changed",
                _(
                    "The list of stratum %(stratum)s is not the one that was committed. Nothing was "
                    "drawn. Tell those who run the system."
                )
                % {"stratum": stratum.label},
            )
        return opened


def exhausted(stratum: Stratum) -> DrawRefused:
    """The refusal when a stratum's committed list has no slot left."""
    return DrawRefused(
        "list_exhausted",
        _("All %(capacity)d places on the list of stratum %(stratum)s are drawn. Tell the agency.")
        % {"capacity": stratum.capacity, "stratum": stratum.label},
    )


def _commitment(shares: Shares) -> Commitment:
    return Commitment.objects.get_or_create(
        agency_share_hash=shares.hash_of("agency"),
        operator_share_hash=shares.hash_of("operator"),
        defaults={"specification": SPECIFICATION_SHA256, "demo_seed": shares.demo_seed},
    )[0]
