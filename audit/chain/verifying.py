"""A verification with its outcome on record."""

from collections.abc import Callable
from dataclasses import dataclass

from audit.chain.verification import ChainFinding, KnownHead, Progress, find_tampering
from audit.models import ChainHead, HeadKind


@dataclass(frozen=True)
class Verification:
    """How many rows were checked, the head of the chain as it is, and how many differences there are."""

    rows: int
    number: int
    batch_hash: bytes
    findings: int


def verify(
    heads: list[KnownHead], on_finding: Callable[[ChainFinding], None], *, is_recorded: bool
) -> Verification:
    """Check the whole chain, and call `on_finding` for each difference; record the outcome if so asked.

    Of a chain with differences no head is recorded (number 0): it is no evidence.
    """
    progress = Progress()
    findings = 0
    for finding in find_tampering(progress, heads):
        findings += 1
        on_finding(finding)
    if is_recorded:
        ChainHead.objects.create(
            kind=HeadKind.VERIFIED,
            number=0 if findings else progress.number,
            batch_hash=b"" if findings else progress.batch_hash,
            findings=findings,
        )
    return Verification(progress.rows, progress.number, progress.batch_hash, findings)
