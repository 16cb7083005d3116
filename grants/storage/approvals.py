"""What was approved of a statement, as canonical JSON with its SHA-256, and its verification (D30, D58).

The text is made of values alone, no template and no translation: the same statement gives the same hash, and
whoever has the text can reckon the hash again (`sha256sum`).
"""

import datetime
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from grants.models import Statement, StatementApproval
from grants.reckoning.statement import AnsweredDoubt, SubmittedStatement
from grants.storage import snapshots, submitted

FORMAT = 1


class ApprovalStep(NamedTuple):
    """Who took a step with a statement, and when."""

    name: str
    at: datetime.datetime


def approved_content(view: SubmittedStatement, approved: ApprovalStep, pdf_sha256: str) -> str:
    """Return the canonical text of what is approved: `view` with its doubts, and who took the steps."""
    record = view.record
    assert record.submitted_at is not None
    assert record.checked_at is not None
    return snapshots.canonical(
        {
            "format": FORMAT,
            "statement": str(record.public_id),
            **submitted.approved_figures(view),
            "content_hash": record.content_hash,
            "declaration": record.declaration,
            "another_reason": record.another_reason,
            "pdf_sha256": pdf_sha256,
            "doubts": [_doubt_content(doubt) for item in view.projects for doubt in item.doubts],
            "submitted": _step(ApprovalStep(record.submitted_name, record.submitted_at)),
            "checked": _step(ApprovalStep(record.checked_name, record.checked_at)),
            "approved": _step(approved),
        }
    )


def _step(step: ApprovalStep) -> dict[str, str]:
    return {"name": step.name, "at": step.at.astimezone(datetime.UTC).isoformat(timespec="seconds")}


def _doubt_content(doubt: AnsweredDoubt) -> dict[str, Any]:
    return {"citizen": doubt.pseudonym, **snapshots.dump_doubt(doubt)}


def store(statement: Statement, content: str) -> StatementApproval:
    """Store what is approved of a checked statement."""
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return StatementApproval.objects.create(statement=statement, content=content, sha256=sha256)


def approved_doubts(view: SubmittedStatement, content: str) -> tuple[AnsweredDoubt, ...]:
    """Return the doubts as they were approved with their answers; `view` knows the citizens."""
    (item,) = view.projects
    citizens = {line.pseudonym: line.citizen for line in item.lines}
    return tuple(
        snapshots.load_doubt(row, citizens[row["citizen"]])
        for row in json.loads(content)["doubts"]
        if row["citizen"] in citizens
    )


def with_approved_doubts(view: SubmittedStatement) -> SubmittedStatement:
    """Return an approved statement with the doubts that were approved with it."""
    approval = getattr(view.record, "approval", None)
    if approval is None:
        return view
    (item,) = view.projects
    return replace(view, projects=(replace(item, doubts=approved_doubts(view, approval.content)),))


def differences() -> Iterator[str]:
    """Yield a line for each approved statement that is not what was approved any more."""
    approvals = StatementApproval.objects.select_related("statement__terms", "statement__previous")
    for approval in approvals.order_by("pk").iterator(chunk_size=20):
        statement = approval.statement
        if hashlib.sha256(approval.content.encode()).hexdigest() != approval.sha256:
            yield f"statement {statement.public_id}: the approved text has another hash"
        content = json.loads(approval.content)
        view = submitted.read(statement)
        approved = {name: content.get(name) for name in submitted.APPROVED_FIGURES}
        if submitted.approved_figures(view) != approved:
            yield f"statement {statement.public_id}: the rows are not those that were approved"


def leave_as_they_are() -> int:
    """Repair nothing and return 0: what differs from what was approved is a matter for people."""
    return 0
