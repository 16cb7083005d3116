"""The ledger of the draw (D4, D5): allocations, corrections to them, and the daily mail of its head.

Allocations and events only grow: the database refuses UPDATE, DELETE and TRUNCATE to everybody, and INSERT
of an allocation out of turn.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.models import Citizen, Referral
from jobfirst.models import only_growing
from jobfirst.values import text_limits
from randomization.draw import blocks
from randomization.ledger import chain
from randomization.models.draw import HASH_BYTES, Claim, Stratum


class Arm(models.TextChoices):
    PARTICIPANT = blocks.PARTICIPANT, _("Participant")
    CONTROL = blocks.CONTROL, _("Control")


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def participants(self) -> "AllocationQuerySet":
        """Citizens drawn for the participant group."""
        return self.filter(arm=Arm.PARTICIPANT)

    def controls(self) -> "AllocationQuerySet":
        """Citizens drawn for the control group: no course and no grant (D5)."""
        return self.filter(arm=Arm.CONTROL)


class Allocation(models.Model):
    """The second step of a draw: a row of the ledger with the arm of a citizen, final (D5).

    `pseudonym` and `project_slug` are copies made at the draw, since the row's hash covers them. `nonce` and
    `path` open the slot's commitment under the stratum's root.
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
    def sealed_values(self) -> chain.LedgerRow:
        """The values that `row_hash` covers. Needs `stratum`."""
        return chain.LedgerRow(
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
    """What can be recorded of a drawn citizen afterwards. It never changes the arm (D5)."""

    REFERRED_IN_ERROR = "referred_in_error", _("Referred in error")
    WITHDRAWN = "withdrawn", _("Withdrew from the trial")
    MOVED = "moved", _("Moved to another municipality")
    DIED = "died", _("Died")
    TAKEN_BACK = "taken_back", _("The latest correction was a mistake")


class AllocationEventQuerySet(models.QuerySet["AllocationEvent"]):
    def standing(self) -> "AllocationEventQuerySet":
        """Return the corrections that hold: none that was taken back, and no taking back."""
        return self.filter(taken_back_by=None).exclude(kind=EventKind.TAKEN_BACK)


class AllocationEvent(models.Model):
    """A correction: something learnt or happened after the draw, with who recorded it and why.

    One that was recorded by mistake is taken back by another row (`taken_back`), always the latest of the
    allocation that still stands, so that the published chain tells which: `takes_back` repeats it.

    The citizen is still analysed as drawn, and the slot is never used again. Events have a hash chain of
    their own, which covers the hash of the reason: publishing the chain does not publish the reason. When the
    citizen is erased the reason goes, and `reason_hash` stays.
    """

    number = models.PositiveIntegerField(unique=True)
    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("what happened"), max_length=20, choices=EventKind)
    happened_on = models.DateField(_("on"))
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    reason_hash = models.BinaryField(max_length=HASH_BYTES, null=True, editable=False)  # of an erased reason
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded"))
    submission = models.UUIDField(null=True, unique=True)
    takes_back = models.OneToOneField(
        "self", null=True, default=None, on_delete=models.PROTECT, related_name="taken_back_by"
    )
    previous_hash = models.BinaryField(max_length=HASH_BYTES)
    row_hash = models.BinaryField(max_length=HASH_BYTES, unique=True)

    objects = AllocationEventQuerySet.as_manager()

    jobfirst_append_only = True

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="randomization_event_reason"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="randomization_event_kind"),
            models.CheckConstraint(
                condition=Q(kind=EventKind.TAKEN_BACK, takes_back__isnull=False)
                | ~Q(kind=EventKind.TAKEN_BACK) & Q(takes_back__isnull=True),
                name="randomization_event_takes_back",
            ),
        ]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.number}"

    @property
    def sealed_values(self) -> chain.LedgerEvent:
        """The values that `row_hash` covers. Needs `allocation`."""
        return chain.LedgerEvent(
            number=self.number,
            sequence=self.allocation.sequence,
            kind=self.kind,
            happened_on=self.happened_on,
            recorded_at=self.recorded_at,
            reason_hash=chain.text_hash(self.reason) if self.reason_hash is None else bytes(self.reason_hash),
        )


class HeadMail(models.Model):
    """The ledger's head of a day, mailed to one person at the agency: a copy outside this system."""

    on = models.DateField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["on", "recipient"], name="randomization_head_mail_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.recipient_id}"
