"""The ledger of the draw (D4, D5): commitments, strata, claims and allocations.

All of it only grows: the database refuses UPDATE, DELETE and TRUNCATE to everybody, and INSERT out of
turn. No arm of a slot that has not been drawn is stored anywhere; lists are computed from the two shares
of the seed when a claim is revealed (``randomization.draw.commitments``).
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project
from audit.history import tracked
from cases.models import Citizen, Referral
from cases.models.citizen import TargetGroup
from jobfirst.models import only_growing
from randomization.draw import blocks
from randomization.draw.commitments import CAPACITY
from randomization.ledger import chain

HASH_BYTES = 32


class Commitment(models.Model):
    """The hashes of a pair of shares, published before the first draw under them.

    `demo_seed` is set when the shares were made from a number (`shares.demo_shares`): anybody can then
    foresee the draw, which only a rehearsal allows.
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
    """One municipality and one target group, with the root its whole list is committed under (D4)."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="strata")
    target_group = models.CharField(_("target group"), max_length=20, choices=TargetGroup)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="strata")
    capacity = models.PositiveIntegerField(default=CAPACITY)
    root = models.BinaryField(max_length=HASH_BYTES)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

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
    """The first step of a draw: this citizen has the stratum's next slot. Says nothing of the arm.

    `transaction` is PostgreSQL's number of the transaction that made the claim, written by the database:
    the second step opens only what another, committed transaction has claimed.
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


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def participants(self) -> "AllocationQuerySet":
        """Citizens drawn for the participant group."""
        return self.filter(arm=Arm.PARTICIPANT)

    def controls(self) -> "AllocationQuerySet":
        """Citizens drawn for the control group: no course and no grant (D5)."""
        return self.filter(arm=Arm.CONTROL)


class Arm(models.TextChoices):
    PARTICIPANT = blocks.PARTICIPANT, _("Participant")
    CONTROL = blocks.CONTROL, _("Control")


class Allocation(models.Model):
    """The second step: a row of the ledger, the arm of a citizen, final (D5).

    What the chain seals is stored as it was that day, so that a renamed project breaks nothing. `nonce`
    and `path` open the slot's commitment under the stratum's root.
    """

    sequence = models.PositiveIntegerField(_("number"), unique=True)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="allocation")
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="allocation")
    citizen = models.OneToOneField(Citizen, on_delete=models.PROTECT, related_name="allocation")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="allocations")
    stratum = models.ForeignKey(Stratum, on_delete=models.PROTECT, related_name="allocations")
    pseudonym = models.CharField(_("citizen"), max_length=20)
    project_slug = models.CharField(_("project"), max_length=50)
    slot = models.PositiveIntegerField()
    arm = models.CharField(_("arm"), max_length=11, choices=Arm)
    allocated_on = models.DateField(_("drawn on"))
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    nonce = models.BinaryField(max_length=HASH_BYTES)
    path = ArrayField(models.BinaryField(max_length=HASH_BYTES))
    previous_hash = models.BinaryField(max_length=HASH_BYTES)
    row_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["sequence"]
        indexes = [models.Index(fields=["project", "-sequence"], name="randomization_ledger_project")]
        constraints = [
            models.UniqueConstraint(fields=["stratum", "slot"], name="randomization_allocation_slot"),
            models.CheckConstraint(
                condition=Q(arm__in=[blocks.PARTICIPANT, blocks.CONTROL]), name="randomization_arm"
            ),
            models.CheckConstraint(condition=~Q(row_hash=F("previous_hash")), name="randomization_chain"),
        ]
        triggers = [
            *only_growing(),
            pgtrigger.Trigger(
                name="in_turn",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last", "RECORD")],
                func="""
                    SELECT COALESCE(MAX(sequence), 0) AS sequence INTO last FROM randomization_allocation;
                    IF NEW.sequence <> last.sequence + 1 THEN
                        RAISE EXCEPTION 'Allocation % is out of turn', NEW.sequence;
                    END IF;
                    IF NEW.previous_hash <> COALESCE(
                        (SELECT row_hash FROM randomization_allocation WHERE sequence = last.sequence),
                        decode(repeat('00', 32), 'hex')
                    ) THEN
                        RAISE EXCEPTION 'Allocation % does not continue the chain', NEW.sequence;
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM randomization_claim AS claim
                        WHERE claim.id = NEW.claim_id AND claim.referral_id = NEW.referral_id
                          AND claim.citizen_id = NEW.citizen_id AND claim.project_id = NEW.project_id
                          AND claim.stratum_id = NEW.stratum_id AND claim.slot = NEW.slot
                          AND claim.claimed_on = NEW.allocated_on
                    ) THEN
                        RAISE EXCEPTION 'Allocation % is not what was claimed', NEW.sequence;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}"

    @property
    def row(self) -> chain.Row:
        """The values the chain seals. Needs `stratum`."""
        return chain.Row(
            sequence=self.sequence,
            citizen=self.pseudonym,
            project=self.project_slug,
            municipality_code=self.stratum.municipality_id,
            target_group=self.stratum.target_group,
            slot=self.slot,
            arm=self.arm,
            allocated_on=self.allocated_on,
            drawn_at=self.drawn_at,
            nonce=bytes(self.nonce),
        )


class EventKind(models.TextChoices):
    """What may be said of a draw afterwards. Nothing of it changes the arm."""

    REFERRED_IN_ERROR = "referred_in_error", _("Referred in error")
    WITHDRAWN = "withdrawn", _("Withdrew from the trial")
    MOVED = "moved", _("Moved to another municipality")
    DIED = "died", _("Died")


class AllocationEvent(models.Model):
    """Something that was learnt or happened after the draw, with who says so and why.

    The citizen is still analysed as drawn, and the slot is never used again. Events have a hash chain of
    their own; the reason is in it by its hash, so that a published chain tells nobody the reason.
    """

    number = models.PositiveIntegerField(unique=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=20, choices=EventKind)
    happened_on = models.DateField(_("on"))
    reason = models.TextField(_("reason"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    submission = models.UUIDField(null=True, unique=True)
    previous_hash = models.BinaryField(max_length=HASH_BYTES)
    row_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)

    jobfirst_append_only = True

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="randomization_event_reason"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="randomization_event_kind"),
        ]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def event(self) -> chain.Event:
        """The values the chain seals. Needs `allocation`."""
        return chain.Event(
            number=self.number,
            sequence=self.allocation.sequence,
            kind=self.kind,
            happened_on=self.happened_on,
            recorded_at=self.recorded_at,
            reason_hash=chain.text_hash(self.reason),
        )


@tracked()
class TargetGroupCount(models.Model):
    """How many citizens of each target group a municipality has, on a day: what both arms should mirror
    (D4). Entered or imported by the agency."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="target_group_counts",
        verbose_name=_("municipality"),
    )
    as_of = models.DateField(_("as of"))
    resource_programme = models.PositiveIntegerField(_("citizens in target group A"))
    activity_ready = models.PositiveIntegerField(_("citizens in target group B"))

    class Meta:
        verbose_name = _("count of the target groups")
        verbose_name_plural = _("counts of the target groups")
        ordering = ["municipality_id", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "as_of"], name="randomization_target_count_once"),
            models.CheckConstraint(
                condition=Q(resource_programme__gt=0) | Q(activity_ready__gt=0),
                name="randomization_target_count_any",
                violation_error_message=_("At least one of the target groups must have somebody in it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.as_of}"


class HeadMail(models.Model):
    """The ledger's head of a day, mailed to one person at the agency: a copy that nobody here can change."""

    on = models.DateField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "recipient"], name="randomization_head_mail_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.recipient_id}"
