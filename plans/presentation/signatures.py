"""The signatures of a version of the plan for job, as pages and the PDF show them (D37)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from jobfirst.kit.days import LONG_DATE, written_day
from plans.models import PlanForJob, PlanParty, PlanSignature, SigningMethod
from plans.models.signature import DRAWING_HEIGHT, DRAWING_WIDTH, content_hash

#: What `signatures_of` reads.
SIGNATURES = Prefetch("signatures", PlanSignature.objects.select_related("void"))


@dataclass(frozen=True)
class VoidedSignature:
    """A signature given by mistake: its time, and when, by whom and why it was voided."""

    signed_at: datetime.datetime
    voided_at: datetime.datetime
    voided_by: str
    reason: str

    @property
    def in_words(self) -> str:
        """What page and PDF say of it."""
        words = _("The signature of %(signed)s was voided on %(day)s by %(person)s: %(reason)s")
        return words % {
            "signed": written_day(timezone.localdate(self.signed_at), LONG_DATE),
            "day": written_day(timezone.localdate(self.voided_at), LONG_DATE),
            "person": self.voided_by,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class ShownSignature:
    """A party of the plan, and its signature if there is one. `is_intact`: what was signed is what stands."""

    party: str
    label: str
    name: str = ""
    signed_at: datetime.datetime | None = None
    method: str = ""
    recorded_by: str = ""
    content_hash: str = ""
    drawing: str = ""
    view_box: str = f"0 0 {DRAWING_WIDTH} {DRAWING_HEIGHT}"
    is_intact: bool = True
    voided: Sequence[VoidedSignature] = ()

    @property
    def is_signed(self) -> bool:
        """Whether the party has signed this version."""
        return self.signed_at is not None


def signatures_of(plan: PlanForJob) -> list[ShownSignature]:
    """Return every party with its signature, and its voided ones. Reads `plan.signatures`; prefetch
    `SIGNATURES`."""
    with_voided = list(plan.signatures.all())
    by_party = {signature.party: signature for signature in with_voided if not hasattr(signature, "void")}
    seal = content_hash(plan.sealed_content()) if by_party else ""
    signatures = []
    for value, label in PlanParty.choices:
        signature = by_party.get(value)
        voided = _voided(signature for signature in with_voided if signature.party == value)
        if signature is None:
            signatures.append(ShownSignature(value, str(label), voided=voided))
            continue
        signatures.append(
            ShownSignature(
                party=value,
                label=str(label),
                name=signature.name,
                signed_at=signature.signed_at,
                method=str(SigningMethod(signature.method).label),
                recorded_by=signature.recorded_by_name,
                content_hash=signature.content_hash,
                drawing=signature.drawing,
                is_intact=signature.content_hash == seal,
                voided=voided,
            )
        )
    return signatures


def _voided(signatures: Iterable[PlanSignature]) -> list[VoidedSignature]:
    return [
        VoidedSignature(
            signed_at=signature.signed_at,
            voided_at=signature.void.created_at,
            voided_by=signature.void.voided_by_name,
            reason=signature.void.reason,
        )
        for signature in signatures
        if hasattr(signature, "void")
    ]
