"""What is stored of retention: rules, runs that two persons approve, and the list of what was erased."""

from rights.models.erasures import Erasure
from rights.models.holds import HoldKind, LegalHold
from rights.models.rules import BULK_KINDS, CITIZEN_KINDS, RetentionKind, RetentionRule
from rights.models.runs import ErasureItem, ErasureRun, ItemState, RunState

__all__ = [
    "BULK_KINDS",
    "CITIZEN_KINDS",
    "Erasure",
    "ErasureItem",
    "ErasureRun",
    "HoldKind",
    "ItemState",
    "LegalHold",
    "RetentionKind",
    "RetentionRule",
    "RunState",
]
