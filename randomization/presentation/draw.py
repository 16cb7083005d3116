"""What the pages and the certificate of a draw show."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Project
from cases.actions.default_team import DefaultTeams
from cases.models.citizen import TargetGroup
from randomization.draw.actions import DrawResult
from randomization.draw.queue import undrawn_referrals
from randomization.ledger import chain
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class QueuePart:
    """How many citizens of a stratum (municipality and target group) wait for the draw.

    `filled` is how many of the functions of each new course the default team of the municipality fills (D43).
    """

    municipality: str
    target_group: str
    citizens: int
    filled: int


def queue_parts(project: Project, on: datetime.date) -> list[QueuePart]:
    """Return who would be drawn in the project on the day, by municipality and target group."""
    undrawn = undrawn_referrals([project.pk]).filter(referred_on__lte=on)
    undrawn = undrawn.order_by("municipality__name", "target_group")
    teams = DefaultTeams(project)
    return [
        QueuePart(
            municipality=part["municipality__name"],
            target_group=str(TargetGroup(part["target_group"]).label),
            citizens=part["citizens"],
            filled=len(teams.on(on, part["municipality"])),
        )
        for part in undrawn.values("municipality", "municipality__name", "target_group").annotate(
            citizens=Count("pk")
        )
    ]


def referred_later(project: Project, on: datetime.date) -> int:
    """Return how many wait who are referred after the day, and so are not drawn on it."""
    return undrawn_referrals([project.pk]).filter(referred_on__gt=on).count()


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
