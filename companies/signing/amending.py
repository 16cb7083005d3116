"""Which signatures the next version of a work agreement keeps (D45)."""

from collections.abc import Iterable

from companies.models import AgreementParty, AgreementSignature, WorkAgreement
from companies.models.amendments import SCHEDULE, VOIDS


def changed_fields(earlier: WorkAgreement, later: WorkAgreement) -> list[str]:
    """Return the names of the content that differs, and `schedule` if the week does."""
    names = [name for name in later.content_names() if getattr(earlier, name) != getattr(later, name)]
    if earlier.periods() != later.periods():
        names.append(SCHEDULE)
    return names


def voided_by(fields: Iterable[str]) -> frozenset[AgreementParty]:
    """Return whose signatures the change of these fields voids (D45)."""
    return frozenset().union(*(VOIDS[name] for name in fields))


def signed_before(agreement: WorkAgreement) -> WorkAgreement | None:
    """Return the newest earlier version that a party has signed: the one whose signatures a change voids or
    keeps. One whose signatures were all voided counts; it keeps none."""
    earlier = agreement.placement.agreements.filter(number__lt=agreement.number, signatures__isnull=False)
    return earlier.order_by("-number").first()


def carry_signatures(earlier: WorkAgreement, later: WorkAgreement) -> list[AgreementSignature]:
    """Store the signatures of an earlier version that its changes do not void with the later one.

    Each row repeats the original, and refers to it: when it was given, on which version, and what was seen.
    Needs the course's lock; `later` awaits signatures.
    """
    voided = voided_by(changed_fields(earlier, later))
    standing = {signature.party: signature for signature in earlier.signatures.standing()}
    carried = []
    for party in AgreementParty:  # the jobcentre last
        signature = standing.get(party)
        if signature is None or party in voided:
            continue
        repeated = {name: getattr(signature, name) for name in REPEATED}
        carried.append(
            AgreementSignature.objects.create(
                agreement=later, carried_from=signature.carried_from or signature, **repeated
            )
        )
    return carried


#: What a carried signature repeats of the original.
REPEATED = (
    "party",
    "method",
    "name",
    "drawing",
    "content",
    "content_hash",
    "signed_at",
    "recorded_by",
    "recorded_by_name",
    "is_by_link",
    "signed_for",
)
