"""The head of the chain as a file: kept elsewhere, it shows later that the chain was cut or written anew."""

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.chain import hashing
from audit.chain.verification import KnownHead
from audit.models import ChainHead, HeadKind, SealedBatch

FORMAT = "jobfirst-audit-head-1"


class HeadFileError(Exception):
    """A file that cannot be read, or is not the head of a chain."""


@dataclass(frozen=True)
class ChainStatus:
    """Until when what was recorded is sealed, and the last verification; None before the first."""

    sealed_at: datetime.datetime | None
    batches: int
    verified: ChainHead | None


def chain_status() -> ChainStatus:
    """Return how the chain stands, for the administrator's page; one query."""
    heads = ChainHead.objects.order_by("kind", "-pk").distinct("kind")
    last = {head.kind: head for head in heads}
    sealed = last.get(HeadKind.SEALED)
    return ChainStatus(
        sealed_at=sealed.at if sealed else None,
        batches=sealed.number if sealed else 0,
        verified=last.get(HeadKind.VERIFIED),
    )


def head_document() -> dict[str, Any]:
    """Return the head of the chain as the file holds it; number 0 before the first batch."""
    last = SealedBatch.objects.order_by("-number").only("number", "batch_hash", "sealed_at").first()
    return {
        "format": FORMAT,
        "system": settings.JOBFIRST_BASE_URL,
        "number": last.number if last else 0,
        "hash": (bytes(last.batch_hash) if last else hashing.START).hex(),
        "sealed_at": hashing.timestamp(last.sealed_at) if last else None,
        "exported_at": hashing.timestamp(timezone.now()),
    }


def read_head(path: Path) -> KnownHead:
    """Return the head in the file. HeadFileError when it cannot be read, or is none."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise HeadFileError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise ValueError(document["format"])
        head = KnownHead(int(document["number"]), bytes.fromhex(document["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise HeadFileError(f"{path}: is not the head of an audit log's chain") from error
    if len(head.batch_hash) != hashing.HASH_LENGTH or head.number < 0:
        raise HeadFileError(f"{path}: is not the head of an audit log's chain")
    return head
