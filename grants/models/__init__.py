"""What the grants keep: dated terms, statements with their lines, and the documents that were made."""

from grants.models.document import Document, DocumentState
from grants.models.scheme import GrantScheme
from grants.models.statement import (
    Entry,
    EventKind,
    State,
    Statement,
    StatementLine,
    StatementQuerySet,
    StatementSpell,
)

__all__ = [
    "Document",
    "DocumentState",
    "Entry",
    "EventKind",
    "GrantScheme",
    "State",
    "Statement",
    "StatementLine",
    "StatementQuerySet",
    "StatementSpell",
]
