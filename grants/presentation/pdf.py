"""The statement on paper: a front with figures, hash and signatures, then every project's events (D30).

A row is a participant with the events she has earned, so that her whole grant is read at one glance. The
document is drawn project by project: a national one takes no more memory than its largest project.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.models import GrantTerms
from grants.presentation.event_labels import completion_heading
from grants.presentation.explanation import look_back
from grants.presentation.figures import LabelledValue, figure_text, since_total_rows, total_rows
from grants.reckoning.figures import FIGURES
from grants.reckoning.statement import ZERO, Draft, Line, ProjectStatement
from grants.rules.values import GrantEventKind
from grants.storage import submitted
from jobfirst.pdf.documents import Piece, render_parted_pdf

#: Told how many of how many parts are drawn.
Progress = Callable[[int, int], None]


def nobody(_drawn: int, _parts: int) -> None:
    """Nobody waits."""


@dataclass
class Row:
    """One participant's events; at least one of the two is there."""

    citizen: str
    start: Line | None = None
    completion: Line | None = None

    @property
    def amount(self) -> Decimal:
        """Both events, in kroner."""
        return sum((line.event.amount for line in (self.start, self.completion) if line), ZERO)


def rows(lines: Sequence[Line]) -> list[Row]:
    """The lines as participants, in the order of the pseudonyms."""
    found: dict[int, Row] = {}
    for line in lines:
        row = found.setdefault(line.who.course_id, Row(line.citizen))
        if line.event.kind is GrantEventKind.START:
            row.start = line
        else:
            row.completion = line
    return sorted(found.values(), key=lambda row: row.citizen)


def statement_pdf(
    draft: Draft, basis: Sequence[LabelledValue], progress: Progress = nobody, kept: str = ""
) -> bytes:
    """The statement as PDF/UA; `basis` is what the figures rest on, as (what, value).

    `kept` is the hash under which a draft is found in the history; empty when it is not kept.
    """
    said = about(draft, kept)
    return render_parted_pdf(pieces(said, basis, progress), ("grants/pdf/sheets.html", said))


def about(draft: Draft, kept: str = "") -> dict[str, Any]:
    """What every page may say: the draft, its one project if it has but one, its hash."""
    return {
        "draft": draft,
        "stored": draft.stored,
        "look_back": look_back(draft),
        "one": draft.projects[0] if len(draft.projects) == 1 else None,
        "hash": submitted.content_hash(draft),
        "kept": kept,
    }


def pieces(
    said: dict[str, Any], basis: Sequence[LabelledValue], progress: Progress = nobody
) -> Iterator[Piece]:
    """The front, then every project with an event or adjustment. One is asked for when the last is drawn."""
    draft = said["draft"]
    shown = [own for own in draft.projects if own.lines or own.adjustments]
    parts = 1 + len(shown)
    yield "grants/pdf/front.html", said | _front(draft, basis)
    for number, own in enumerate(shown, start=1):
        progress(number, parts)
        yield "grants/pdf/project.html", said | _project(own, draft.terms)
    progress(parts, parts)


@dataclass(frozen=True, slots=True)
class ProjectHash:
    """A project's name, and the hash of its figures, events and adjustments."""

    name: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project's name and its figures, in the order of FIGURES."""

    name: str
    figures: list[str]


def _front(draft: Draft, basis: Sequence[LabelledValue]) -> dict[str, Any]:
    return {
        "basis": basis,
        "headings": [figure.label for figure in FIGURES],
        "projects": [
            ProjectRow(
                statement.project.name, [figure_text(figure, figure.of(statement)) for figure in FIGURES]
            )
            for statement in draft.projects
        ],
        "totals": total_rows(draft),
        "since": since_total_rows(draft),
        "hashes": [
            ProjectHash(statement.project.name, submitted.project_hash(draft, statement))
            for statement in draft.projects
        ],
    }


def _project(own: ProjectStatement, terms: GrantTerms) -> dict[str, Any]:
    amounts = dict.fromkeys(GrantEventKind, ZERO)
    for line in own.lines:
        amounts[line.event.kind] += line.event.amount
    return {
        "own": own,
        "completion_heading": completion_heading(own.lines, terms),
        "rows": rows(own.lines),
        "start_amount": amounts[GrantEventKind.START],
        "completion_amount": amounts[GrantEventKind.COMPLETION],
    }
