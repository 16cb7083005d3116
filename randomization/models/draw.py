"""The prerequisites and the first step of a draw (D4, D5): commitments, strata and claims.

The tables only grow: the database refuses UPDATE, DELETE and TRUNCATE to everybody, and INSERT out of
turn. No arm of a slot that has not been drawn is stored anywhere; lists are computed from the two shares
of the seed when a claim is revealed (``randomization.draw.commitments``).
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project
from cases.models import Citizen, Referral
from cases.models.citizen import TargetGroup
from jobfirst.models import only_growing
from jobfirst.row_security.rules import Shared
from randomization.draw import blocks
from randomization.draw.commitments import CAPACITY

HASH_BYTES = 32


class Commitment(models.Model):
    """The hashes of a pair of shares, published before the first draw under them.

    `demo_seed` is set when the shares were made from a number (`shares.demo_shares`). Anybody can foresee
    such a draw; only a rehearsal allows it.
    """

    agency_share_hash = models.BinaryField(max_length=HASH_BYTES)
    operator_share_hash = models.BinaryField(max_length=HASH_BYTES)
    specification = models.CharField(max_length=64)
    demo_seed = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_share_hash", "operator_share_hash"], name="randomization_commitment_once"
            ),
        ]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.pk}"


class Stratum(models.Model):
    """One municipality and one target group, with the Merkle root of its committed list (D4)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="strata")
    target_group = models.CharField(_("target group"), max_length=20, choices=TargetGroup)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="strata")
    capacity = models.PositiveIntegerField(default=CAPACITY)
    root = models.BinaryField(max_length=HASH_BYTES)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    jobfirst_projects = Shared("a list of the trial, with nobody's data in it")

    class Meta:
        verbose_name = _("stratum")
        verbose_name_plural = _("strata")
        ordering = ["municipality_id", "target_group"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "target_group"], name="randomization_stratum_once"
            ),
        ]
        triggers = only_growing()

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The stratum's name in the specification of the draw."""
        return blocks.stratum_label(self.municipality_id, self.target_group)


class Claim(models.Model):
    """The first step of a draw: the citizen gets the stratum's next slot. The arm is not known yet.

    `transaction` is the id of the PostgreSQL transaction that made the claim, written by the database: the
    second step opens only claims of another, committed transaction.
    """

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="claim")
    citizen = models.OneToOneField(Citizen, on_delete=models.PROTECT, related_name="claim")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="claims")
    slot = models.PositiveIntegerField()
    claimed_on = models.DateField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    transaction = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["stratum", "slot"], name="randomization_slot_once"),
        ]
        triggers = [
            *only_growing(),
            pgtrigger.Trigger(
                name="in_turn",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.slot <> 1 + (SELECT COALESCE(MAX(slot), 0) FROM randomization_claim
                                        WHERE stratum_id = NEW.stratum_id) THEN
                        RAISE EXCEPTION 'Slot % of stratum % is out of turn', NEW.slot, NEW.stratum_id;
                    END IF;
                    NEW.transaction := pg_current_xact_id()::text::bigint;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stratum_id}/{self.slot}"
