"""The seal of a work agreement that all three have signed: its canonical text and hash (D15, D37)."""

import datetime
import json
from functools import partial
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from cases.models.signature import content_hash
from companies.models import AgreementSeal, AgreementSignature, AgreementState, WorkAgreement

#: The format of `canonical_text`, with the number of the content's form (`content_format`). Texts sealed
#: before stay as they are.
FORMAT = "jobfirst.work-agreement.{}"


def canonical_text(agreement: WorkAgreement) -> str:
    """Return the version with its schedule and signatures as JSON: sorted keys, no spaces, UTF-8.

    It holds no key, address or database id of this installation, and no translated word: the same facts give
    the same text wherever and whenever it is made.
    """
    signatures = agreement.signatures.standing().order_by("party").select_related("carried_from__agreement")
    sealed = {
        "format": FORMAT.format(agreement.content_format),
        "agreement": str(agreement.public_id),
        "content": json.loads(agreement.sealed_content()),
        "signatures": [_canonical_signature(signature) for signature in signatures],
    }
    return json.dumps(
        sealed, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def _canonical_signature(signature: AgreementSignature) -> dict[str, Any]:
    original = signature.carried_from
    return {
        "party": signature.party,
        "name": signature.name,
        "method": signature.method,
        "drawing": signature.drawing,
        "by_link": signature.is_by_link,
        "recorded_by": signature.recorded_by_name,
        "signed_for": signature.signed_for,
        "signed_at": signature.signed_at.astimezone(datetime.UTC).isoformat(timespec="microseconds"),
        "content_hash": signature.content_hash,
        "version": (original.agreement if original else signature.agreement).number,
    }


def seal(agreement: WorkAgreement, at: datetime.datetime) -> AgreementSeal:
    """Seal a version that all three have signed; it replaces the one that was in force.

    Needs the course's lock. The database refuses the seal when a signature is missing.
    """
    text = canonical_text(agreement)
    agreement_seal = AgreementSeal.objects.create(
        agreement=agreement,
        canonical=text,
        sha256=content_hash(text),
        sealed_at=at,
        sealed_on=timezone.localdate(at),
    )
    agreement.placement.agreements.filter(state=AgreementState.SIGNED).update(state=AgreementState.REPLACED)
    agreement.state = AgreementState.SIGNED
    agreement.save(update_fields=["state"])
    transaction.on_commit(partial(_queue_pdf, agreement_seal.pk), robust=True)
    return agreement_seal


def _queue_pdf(seal_pk: int) -> None:
    """Have a worker make the PDF; without one it is made when somebody asks for it, or by a later round."""
    from companies.tasks import keep_sealed_pdf

    keep_sealed_pdf.delay(seal_pk)
