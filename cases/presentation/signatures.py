"""The signatures of a document's version, as pages and the PDF show them (D37)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import CourseDocument
from cases.models.signature import (
    DRAWING_HEIGHT,
    DRAWING_WIDTH,
    DocumentSignature,
    SigningMethod,
    content_hash,
)
from jobfirst.kit.days import LONG_DATE, written_day


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
    """A party of a document, and its signature if there is one. `is_intact`: what was signed is what stands.

    `notes` are further sentences about the signature, as page and PDF print them.
    """

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
    notes: Sequence[str] = ()

    @property
    def is_signed(self) -> bool:
        """Whether the party has signed this version."""
        return self.signed_at is not None


def show_signature(
    party: str,
    label: str,
    signatures: Iterable[DocumentSignature],
    *,
    version: CourseDocument,
    notes: Sequence[str] = (),
) -> ShownSignature:
    """Return a party with its signature if one of `signatures` stands, and the voided ones.

    `signatures` are all those of the party, `version` is the one that was signed.
    """
    signatures = list(signatures)
    voided = [_voided(signature) for signature in signatures if signature.is_voided]
    standing = next((signature for signature in signatures if not signature.is_voided), None)
    if standing is None:
        return ShownSignature(party, label, voided=voided)
    return ShownSignature(
        party=party,
        label=label,
        name=standing.name,
        signed_at=standing.signed_at,
        method=str(SigningMethod(standing.method).label),
        recorded_by=standing.recorded_by_name,
        content_hash=standing.content_hash,
        drawing=standing.drawing,
        is_intact=content_hash(standing.content) == standing.content_hash
        and version.still_says(standing.content),
        voided=voided,
        notes=notes,
    )


def _voided(signature: DocumentSignature) -> VoidedSignature:
    void = signature.void  # type: ignore[attr-defined]  # the reverse relation is the subclass's
    return VoidedSignature(
        signed_at=signature.signed_at,
        voided_at=void.created_at,
        voided_by=void.voided_by_name,
        reason=void.reason,
    )
