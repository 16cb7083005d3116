"""What the pages and the certificate of a draw show."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Project
from cases.models.citizen import TargetGroup
from randomization.draw.actions import DrawResult
from randomization.draw.queue import undrawn_referrals
from randomization.ledger import chain
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class QueuePart:
    """How many citizens of a municipality and a target group wait for the draw."""

    municipality: str
    target_group: str
    citizens: int


def queue_parts(project: Project) -> list[QueuePart]:
    """Return who waits in the project, by municipality and target group."""
    undrawn = undrawn_referrals([project.pk]).order_by("municipality__name", "target_group")
    return [
        QueuePart(
            municipality=part["municipality__name"],
            target_group=str(TargetGroup(part["target_group"]).label),
            citizens=part["citizens"],
        )
        for part in undrawn.values("municipality__name", "target_group").annotate(citizens=Count("pk"))
    ]


def result_message(project: Project, allocations: list[Allocation]) -> str:
    """Return how many were drawn in the project, and into which arms."""
    participants = sum(allocation.arm == Arm.PARTICIPANT for allocation in allocations)
    citizens = ngettext("%(n)d citizen is drawn", "%(n)d citizens are drawn", len(allocations)) % {
        "n": len(allocations)
    }
    arms = _("participants: %(participants)d, controls: %(controls)d") % {
        "participants": participants,
        "controls": len(allocations) - participants,
    }
    return f"{project}: {citizens} ({arms})."


def not_yet_message(result: DrawResult) -> str:
    """Return how many still wait because they are referred after the day of the draw."""
    later = ngettext(
        "%(n)d citizen is referred after that day and still waits.",
        "%(n)d citizens are referred after that day and still wait.",
        result.not_yet,
    )
    return later % {"n": result.not_yet}


@dataclass(frozen=True)
class Seal:
    """How an allocation is sealed, in hexadecimal; `drawn_at` as it is hashed."""

    row: str
    previous: str
    nonce: str
    root: str
    drawn_at: str


def seal_of(allocation: Allocation) -> Seal:
    """Return the hashes of an allocation's certificate. Needs `stratum`."""
    return Seal(
        row=bytes(allocation.row_hash).hex(),
        previous=bytes(allocation.previous_hash).hex(),
        nonce=bytes(allocation.nonce).hex(),
        root=bytes(allocation.stratum.root).hex(),
        drawn_at=chain.timestamp(allocation.drawn_at),
    )
