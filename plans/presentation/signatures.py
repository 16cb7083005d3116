"""The signatures of a version of the plan for job, as pages and the PDF show them (D37)."""

from django.db.models import Prefetch

from cases.presentation.signatures import ShownSignature, show_signature
from plans.models import PlanForJob, PlanParty, PlanSignature

#: What `signatures_of` reads.
SIGNATURES = Prefetch("signatures", PlanSignature.objects.select_related("void"))


def signatures_of(plan: PlanForJob) -> list[ShownSignature]:
    """Return every party with its signature, and its voided ones. Reads `plan.signatures`; prefetch
    `SIGNATURES`."""
    signatures = list(plan.signatures.all())
    return [
        show_signature(
            party,
            str(label),
            [signature for signature in signatures if signature.party == party],
            version=plan,
        )
        for party, label in PlanParty.choices
    ]
