"""Models of the grants: terms, awards, earned events, statements, vouchers, documents, and snapshots."""

from grants.models.approval import StatementApproval
from grants.models.award import (
    SALARIES,
    Application,
    Award,
    BudgetLine,
    CoreElement,
    CostCategory,
    FixedGrant,
)
from grants.models.document import Document, DocumentState
from grants.models.doubt import DoubtAnswer, DoubtKindChoices
from grants.models.earned_event import EarnedEvent, EarnedEventQuerySet
from grants.models.snapshot import Showing, ShowingChannel, Snapshot, SnapshotKind, SnapshotQuerySet
from grants.models.statement import (
    GrantEventKindChoices,
    LineEntry,
    Statement,
    StatementLine,
    StatementQuerySet,
    StatementSpell,
    StatementState,
)
from grants.models.terms import GrantTerms
from grants.models.voucher import Voucher

__all__ = [
    "SALARIES",
    "Application",
    "Award",
    "BudgetLine",
    "CoreElement",
    "CostCategory",
    "Document",
    "DocumentState",
    "DoubtAnswer",
    "DoubtKindChoices",
    "EarnedEvent",
    "EarnedEventQuerySet",
    "FixedGrant",
    "GrantEventKindChoices",
    "GrantTerms",
    "LineEntry",
    "Showing",
    "ShowingChannel",
    "Snapshot",
    "SnapshotKind",
    "SnapshotQuerySet",
    "Statement",
    "StatementApproval",
    "StatementLine",
    "StatementQuerySet",
    "StatementSpell",
    "StatementState",
    "Voucher",
]
