"""The statement as PDF: a front page with figures, hash and signatures, then every project's events (D30).

A row is a participant with the events she has earned. The document is drawn project by project, so that it
takes no more memory than its largest project. The pages are laid out in `templates/grants/pdf/` and
`static/pdf.css`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.models import GrantTerms, StatementApproval
from grants.presentation.doubts import doubt_rows
from grants.presentation.event_labels import completion_heading
from grants.presentation.explanation import look_back_warnings
from grants.presentation.figures import LabelledValue, figure_text, since_total_rows, total_rows
from grants.reckoning.figures import FIGURES
from grants.reckoning.statement import ZERO, EventLine, ProjectStatement, StatementView, SubmittedStatement
from grants.rules.values import GrantEventKind
from grants.storage import submitted
from jobfirst.pdf.documents import Piece, render_parted_pdf

#: Called with the number of parts drawn and the number of all parts.
Progress = Callable[[int, int], None]


def ignore_progress(_drawn: int, _parts: int) -> None:
    """Do nothing: nobody waits for the document."""


@dataclass
class ParticipantRow:
    """One participant's events, of which at least one is set."""

    pseudonym: str
    start: EventLine | None = None
    completion: EventLine | None = None

    @property
    def amount(self) -> Decimal:
        """The sum of both events, in kroner."""
        return sum((line.event.amount for line in (self.start, self.completion) if line), ZERO)


def participant_rows(lines: Sequence[EventLine]) -> list[ParticipantRow]:
    """Return the events by participant, in the order of the pseudonyms."""
    rows: dict[int, ParticipantRow] = {}
    for line in lines:
        row = rows.setdefault(line.citizen.course_id, ParticipantRow(line.pseudonym))
        if line.event.kind is GrantEventKind.START:
            row.start = line
        else:
            row.completion = line
    return sorted(rows.values(), key=lambda row: row.pseudonym)


def statement_pdf(
    view: StatementView,
    basis: Sequence[LabelledValue],
    progress: Progress = ignore_progress,
    snapshot_hash: str = "",
) -> bytes:
    """Return the statement as PDF/UA; `basis` is the list of labelled values that the figures rest on.

    `snapshot_hash` is the short hash by which a draft is found in the history; empty without a snapshot.
    """
    context = common_context(view, snapshot_hash)
    return render_parted_pdf(pieces(context, basis, progress), ("grants/pdf/sheets.html", context))


def common_context(view: StatementView, snapshot_hash: str = "") -> dict[str, Any]:
    """Return the context of every page: the statement, its single project if it has but one, its hash."""
    return {
        "view": view,
        "record": view.record if isinstance(view, SubmittedStatement) else None,
        "approval_sheet": isinstance(view, SubmittedStatement) and hasattr(view.record, "approval"),
        "look_back_warnings": look_back_warnings(view),
        "single_project": view.projects[0] if len(view.projects) == 1 else None,
        "hash": submitted.content_hash(view),
        "snapshot_hash": snapshot_hash,
    }


def pieces(
    context: dict[str, Any], basis: Sequence[LabelledValue], progress: Progress = ignore_progress
) -> Iterator[Piece]:
    """Yield the front page, then every project with an event or adjustment.

    A piece is asked for when the piece before it is drawn, so `progress` counts drawn pieces.
    """
    view: StatementView = context["view"]
    printed = [statement for statement in view.projects if statement.lines or statement.adjustments]
    parts = 1 + len(printed)
    yield "grants/pdf/front.html", context | _front_context(view, basis)
    if isinstance(view, SubmittedStatement) and (approval := getattr(view.record, "approval", None)):
        yield "grants/pdf/approval.html", context | _approval_context(view, approval)
    for number, statement in enumerate(printed, start=1):
        progress(number, parts)
        yield (
            "grants/pdf/project.html",
            context | _project_context(statement, view.terms, is_approved=context["approval_sheet"]),
        )
    progress(parts, parts)


@dataclass(frozen=True, slots=True)
class HashRow:
    """A project's name, and the hash of its figures, events and adjustments."""

    name: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A project's name and its figures, in the order of FIGURES."""

    name: str
    figures: list[str]


def _front_context(view: StatementView, basis: Sequence[LabelledValue]) -> dict[str, Any]:
    return {
        "basis": basis,
        "headings": [figure.label for figure in FIGURES],
        "projects": [
            FigureRow(
                statement.project.name, [figure_text(figure, figure.of(statement)) for figure in FIGURES]
            )
            for statement in view.projects
        ],
        "totals": total_rows(view),
        "since": since_total_rows(view),
        "hashes": [
            HashRow(statement.project.name, submitted.project_hash(view, statement))
            for statement in view.projects
        ],
    }


def _approval_context(view: SubmittedStatement, approval: StatementApproval) -> dict[str, Any]:
    (item,) = view.projects
    return {"approval": approval, "doubts": doubt_rows(item.doubts)}


def _project_context(statement: ProjectStatement, terms: GrantTerms, *, is_approved: bool) -> dict[str, Any]:
    amounts = dict.fromkeys(GrantEventKind, ZERO)
    for line in statement.lines:
        amounts[line.event.kind] += line.event.amount
    return {
        # Those of an approved statement stand on its approval sheet.
        "doubts": [] if is_approved else doubt_rows(statement.doubts),
        "project_statement": statement,
        "completion_heading": completion_heading(statement.lines, terms),
        "rows": participant_rows(statement.lines),
        "start_amount": amounts[GrantEventKind.START],
        "completion_amount": amounts[GrantEventKind.COMPLETION],
    }
