"""The models of the draw: its prerequisites and claims (`draw`), and its result (`ledger`)."""

from randomization.models.draw import Claim, Commitment, Stratum
from randomization.models.ledger import (
    Allocation,
    AllocationEvent,
    AllocationQuerySet,
    Arm,
    EventKind,
    HeadMail,
)

__all__ = [
    "Allocation",
    "AllocationEvent",
    "AllocationQuerySet",
    "Arm",
    "Claim",
    "Commitment",
    "EventKind",
    "HeadMail",
    "Stratum",
]
