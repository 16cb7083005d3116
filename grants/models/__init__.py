"""Models of the grants: dated terms, awards, statements, vouchers, documents, and snapshots of drafts."""

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
    "StatementLine",
    "StatementQuerySet",
    "StatementSpell",
    "StatementState",
    "Voucher",
]
