"""What the grants keep: dated terms, awards, statements, vouchers, documents, and what was shown."""

from grants.models.award import SALARIES, Application, Award, BudgetLine, Category, Element, FixedGrant
from grants.models.document import Document, DocumentState
from grants.models.snapshot import Kind, Showing, Snapshot, SnapshotQuerySet, Way
from grants.models.statement import (
    Entry,
    EventKind,
    State,
    Statement,
    StatementLine,
    StatementQuerySet,
    StatementSpell,
)
from grants.models.terms import GrantTerms
from grants.models.voucher import Voucher

__all__ = [
    "SALARIES",
    "Application",
    "Award",
    "BudgetLine",
    "Category",
    "Document",
    "DocumentState",
    "Element",
    "Entry",
    "EventKind",
    "FixedGrant",
    "GrantTerms",
    "Kind",
    "Showing",
    "Snapshot",
    "SnapshotQuerySet",
    "State",
    "Statement",
    "StatementLine",
    "StatementQuerySet",
    "StatementSpell",
    "Voucher",
    "Way",
]
