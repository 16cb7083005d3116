"""The signatures of a version of the plan for job, as pages and the PDF show them (D37)."""

import datetime
from dataclasses import dataclass

from plans.models import PlanForJob, PlanParty, SigningMethod
from plans.models.signature import DRAWING_HEIGHT, DRAWING_WIDTH, content_hash


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

    @property
    def is_signed(self) -> bool:
        """Whether the party has signed this version."""
        return self.signed_at is not None


def signatures_of(plan: PlanForJob) -> list[ShownSignature]:
    """Return every party with its signature. Reads `plan.signatures`; prefetch them."""
    by_party = {signature.party: signature for signature in plan.signatures.all()}
    seal = content_hash(plan.sealed_content()) if by_party else ""
    signatures = []
    for value, label in PlanParty.choices:
        signature = by_party.get(value)
        if signature is None:
            signatures.append(ShownSignature(value, str(label)))
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
            )
        )
    return signatures
