"""What the agency's page of the ledger shows beside the list, and the names of the files."""

import datetime
from dataclasses import dataclass

from django.db.models import Subquery

from jobfirst import mode
from jobfirst.row_security.context import all_projects
from randomization.models import Allocation, Commitment


@dataclass(frozen=True)
class LedgerHead:
    """The ledger's last row."""

    sequence: int
    row_hash: str


@dataclass(frozen=True)
class PublishedCommitment:
    """The hashes of a pair of shares, and whether they were made from a number that is no secret."""

    agency: str
    operator: str
    is_demo: bool


@dataclass(frozen=True)
class PublishedFacts:
    """The commitments, and the ledger's head as it is now (None before the first draw)."""

    head: LedgerHead | None
    commitments: list[PublishedCommitment]


@all_projects("the ledger is one chain of all projects; nobody is named")
def published_facts() -> PublishedFacts:
    """Return the commitments and the ledger's head, for the agency's page."""
    last = Allocation.objects.order_by("-sequence")
    # The head comes with the commitments, in the same query: without any there is no draw.
    commitments = list(
        Commitment.objects.order_by("pk").annotate(
            head=Subquery(last.values("sequence")[:1]), head_hash=Subquery(last.values("row_hash")[:1])
        )
    )
    head = None
    if commitments and commitments[0].head:
        head = LedgerHead(commitments[0].head, bytes(commitments[0].head_hash).hex())
    return PublishedFacts(
        head=head,
        commitments=[
            PublishedCommitment(
                agency=bytes(commitment.agency_share_hash).hex(),
                operator=bytes(commitment.operator_share_hash).hex(),
                is_demo=commitment.demo_seed is not None,
            )
            for commitment in commitments
        ],
    )


def file_name(subject: str, ending: str, today: datetime.date) -> str:
    """Return the name of a file of the draw, with the day and whether it is a rehearsal's."""
    rehearsal = "-oevelse" if mode.is_rehearsal() else ""
    return f"lodtraekning-{subject}{rehearsal}-{today:%Y-%m-%d}.{ending}"
