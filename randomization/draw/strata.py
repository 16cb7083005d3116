"""Committing the strata's lists, and opening them for a draw. The only place that handles the shares.

Lists are computed when they are needed and never stored. Call within the ledger's lock.
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


def usable_shares(shares: Shares | None, typed_agency_share: str | None = None) -> Shares:
    """Return the given shares, or the system's own (with the agency's as it was typed at the terminal).

    DrawRefused when there are none, or when they are a demonstration's in a real trial.
    """
    if shares is None:
        try:
            shares = from_environment(typed_agency_share)
        except ShareError as error:
            raise DrawRefused("share", str(error)) from error
    if shares.demo_seed is not None and not mode.is_rehearsal():
        raise DrawRefused("demo_seed", _("Only a rehearsal may draw from a seed that is no secret."))
    return shares


def commit_strata(municipalities: Iterable[Municipality], shares: Shares) -> list[Stratum]:
    """Commit the lists of the municipalities' strata that have none yet; return the new strata (D4).

    From then on a change of the shares or the lists no longer matches the published hashes and roots.
    """
    committed = set(Stratum.objects.values_list("municipality_id", "target_group"))
    uncommitted = [
        (municipality, group)
        for municipality in municipalities
        for group in TargetGroup
        if (municipality.pk, group) not in committed
    ]
    if not uncommitted:
        return []
    commitment = _get_or_create_commitment(shares)
    strata = []
    for municipality, group in uncommitted:
        stratum = Stratum(municipality=municipality, target_group=group, commitment=commitment)
        stratum.root = shares.committed_list(stratum.label, CAPACITY).root
        strata.append(stratum)
    return Stratum.objects.bulk_create(strata)


def shares_of(commitment: Commitment, shares: Shares) -> Shares:
    """Return the shares that belong to the commitment: those of its demonstration seed, or the given ones.

    WrongShare when the given ones are not those whose hashes were published.
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


class SlotOpening(NamedTuple):
    """An opened slot: its arm, and the nonce and the path that lead to the stratum's root."""

    arm: str
    nonce: bytes
    path: list[bytes]


class OpenLists:
    """The lists of the strata of one draw. Contains future arms: never store, log or return it."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares
        self._lists: dict[int, CommittedList] = {}

    def open_slot(self, stratum: Stratum, slot: int) -> SlotOpening:
        """Open one slot. DrawRefused when the list is not the committed one, or is exhausted."""
        if stratum.pk not in self._lists:
            self._lists[stratum.pk] = self._open_list(stratum)
        committed_list = self._lists[stratum.pk]
        try:
            return SlotOpening(
                committed_list.arm(slot), committed_list.nonce(slot), committed_list.path(slot)
            )
        except ListExhausted as error:
            raise list_exhausted(stratum) from error

    def _open_list(self, stratum: Stratum) -> CommittedList:
        shares = shares_of(stratum.commitment, self._shares)
        committed_list = shares.committed_list(stratum.label, stratum.capacity)
        if committed_list.root != bytes(stratum.root):
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
        return committed_list


def list_exhausted(stratum: Stratum) -> DrawRefused:
    """Return the refusal for a stratum whose committed list has no slot left."""
    return DrawRefused(
        "list_exhausted",
        _("All %(capacity)d places on the list of stratum %(stratum)s are drawn. Tell the agency.")
        % {"capacity": stratum.capacity, "stratum": stratum.label},
    )


def _get_or_create_commitment(shares: Shares) -> Commitment:
    return Commitment.objects.get_or_create(
        agency_share_hash=shares.hash_of("agency"),
        operator_share_hash=shares.hash_of("operator"),
        defaults={"specification": SPECIFICATION_SHA256, "demo_seed": shares.demo_seed},
    )[0]
