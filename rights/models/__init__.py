"""What is stored of retention: rules, runs that two persons approve, and the list of what was erased."""

from rights.models.erasures import Erasure
from rights.models.holds import HoldKind, LegalHold
from rights.models.rules import RetentionKind, RetentionRule
from rights.models.runs import ErasureItem, ErasureRun, ItemState, RunState

__all__ = [
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
