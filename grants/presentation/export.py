"""The statement as JSON, CSV, XLSX, PDF and text (FORMATS): the same for the command and for the pages.

No names and no CPR numbers: a citizen is a pseudonym. Every format carries the mark of a rehearsal.
"""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from companies.models import PlacementKind
from grants.models import GrantTerms, LineEntry, StatementState
from grants.presentation import pdf
from grants.presentation.event_labels import event_label
from grants.presentation.explanation import look_back
from grants.presentation.figures import LabelledValue
from grants.reckoning.figures import FIGURES, SINCE_LAST_APPROVED, Amount
from grants.reckoning.statement import Adjustment, Draft, Line, ProjectStatement
from grants.storage import submitted
from jobfirst import mode, money
from jobfirst.exchange.writing import Sheet, csv_text, xlsx_bytes

TEXT_FORMATS = ("text", "json", "csv")
BINARY_FORMATS = ("xlsx", "pdf")
FORMATS = (*TEXT_FORMATS, *BINARY_FORMATS)

CSV_HEADER = (
    "record",
    "project",
    *(figure.name for figure in FIGURES),
    "citizen",
    "kind",
    "date",
    "amount",
    "counted_from",
    "counted_days",
    "bridged_days",
    "note",
    "entry",
    *(figure.name for figure in SINCE_LAST_APPROVED),
    "was_date",
    "was_amount",
)


@dataclass(frozen=True)
class File:
    """A statement ready to be saved or sent."""

    name: str
    content_type: str
    content: bytes


def rehearsal_note() -> str:
    """The word that marks what is only a rehearsal; empty in a real system."""
    return _("Rehearsal") if mode.is_rehearsal() else ""


def kroner(amount: Decimal) -> str:
    """An amount as the exchange formats write it: two decimals, a point, no grouping."""
    return f"{amount:.2f}"


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def as_data(draft: Draft) -> dict[str, Any]:
    """The document that FORMATS describes, with the mode of the system beside it."""
    return {
        "year": draft.year,
        "cut_off": draft.cut_off.isoformat(),
        "mode": "rehearsal" if mode.is_rehearsal() else "real",
        "note": rehearsal_note(),
        "state": state_of(draft),
        "content_hash": submitted.content_hash(draft),
        "projects": [
            {**_project_data(item), "content_hash": submitted.project_hash(draft, item)}
            for item in draft.projects
        ],
    }


def state_of(draft: Draft) -> str:
    """The code of the state: `draft`, or how far a submitted statement has come."""
    return str(draft.stored.state) if draft.stored else "draft"


def _project_data(item: ProjectStatement) -> dict[str, Any]:
    return {
        "project": item.project.slug,
        **{
            figure.name: kroner(value) if isinstance(value := figure.of(item), Decimal) else value
            for figure in (*FIGURES, *SINCE_LAST_APPROVED)
        },
        **({"approved_until": item.approved_until.isoformat()} if item.approved_until else {}),
        "events": [
            {
                "citizen": line.citizen,
                "kind": line.event.kind.value,
                "date": line.event.on.isoformat(),
                "amount": kroner(line.event.amount),
                "entry": line.entry.value,
            }
            for line in item.lines
        ],
        "adjustments": [_adjustment_data(adjustment) for adjustment in item.adjustments],
    }


def _adjustment_data(item: Adjustment) -> dict[str, Any]:
    return {
        "citizen": item.citizen,
        "kind": item.kind.value,
        "amount": kroner(item.amount),
        "approved_cut_off": item.approved_cut_off.isoformat(),
        "was_date": item.was_on.isoformat(),
        "was_amount": kroner(item.was),
        "date": item.on.isoformat() if item.on else None,
    }


def as_json(draft: Draft) -> str:
    """One JSON document."""
    return json.dumps(as_data(draft), ensure_ascii=False)


def as_csv(draft: Draft) -> str:
    """One table: a `project` row per project, followed by an `event` row per event of it."""
    return csv_text(CSV_HEADER, _csv_rows(draft))


def _csv_rows(draft: Draft) -> Iterator[list[Any]]:
    """Every row as a dictionary first: which cells a record has stands beside its value.

    Amounts are numbers, not text: a negative one must not be taken for a formula.
    """
    note = rehearsal_note()
    for item in draft.projects:
        base = {"project": item.project.slug, "note": note}
        figures = {figure.name: _cell(figure.of(item)) for figure in (*FIGURES, *SINCE_LAST_APPROVED)}
        yield _csv_row({"record": "project", **base, **figures})
        for line in item.lines:
            yield _csv_row({"record": "event", **base, **_event_cells_by_name(line)})
        for adjustment in item.adjustments:
            amounts = {"amount": _cents(adjustment.amount), "was_amount": _cents(adjustment.was)}
            cells = {**_adjustment_data(adjustment), **amounts, "entry": LineEntry.ADJUSTMENT.value}
            yield _csv_row({"record": "adjustment", **base, **cells})


def _event_cells_by_name(line: Line) -> dict[str, Any]:
    event = line.event
    return {
        "citizen": line.citizen,
        "kind": event.kind.value,
        "date": event.on,
        "amount": _cents(event.amount),
        "entry": line.entry.value,
        "counted_from": event.counted_from,
        "counted_days": event.counted_days,
        "bridged_days": event.bridged_days,
    }


def _csv_row(cells: dict[str, Any]) -> list[Any]:
    return [cells.get(name, "") for name in CSV_HEADER]


def _cell(value: Amount) -> Amount:
    return _cents(value) if isinstance(value, Decimal) else value


ItemT = TypeVar("ItemT")
Cell = str | int | Decimal | datetime.date


@dataclass(frozen=True)
class Column(Generic[ItemT]):
    """A column of a sheet: its heading, and what it shows of an item."""

    heading: Promise
    cell: Callable[[ItemT], Cell]


PROJECT_COLUMNS: tuple[Column[ProjectStatement], ...] = (
    Column(_lazy("Project"), lambda statement: statement.project.slug),
    Column(_lazy("Name"), lambda statement: statement.project.name),
    *(Column[ProjectStatement](figure.label, figure.of) for figure in FIGURES),
)


def event_columns(terms: GrantTerms) -> tuple[Column[Line], ...]:
    """Return the columns of the sheet of events."""
    return (
        Column(_lazy("Citizen"), lambda line: line.citizen),
        Column(_lazy("Event"), lambda line: event_label(line.event.kind, line.event.on, terms)),
        Column(_lazy("Date"), lambda line: line.event.on),
        Column(_lazy("Amount"), lambda line: line.event.amount),
        Column(_lazy("Counted from"), lambda line: line.event.counted_from),
        Column(_lazy("Days counted"), lambda line: line.event.counted_days),
        Column(_lazy("of these bridged"), lambda line: line.event.bridged_days),
        Column(_lazy("Entry"), lambda line: str(line.entry.label)),
    )


def adjustment_columns(terms: GrantTerms) -> tuple[Column[Adjustment], ...]:
    """Return the columns of the sheet of adjustments."""
    return (
        Column(_lazy("Citizen"), lambda adjustment: adjustment.citizen),
        Column(_lazy("Event"), lambda adjustment: event_label(adjustment.kind, adjustment.was_on, terms)),
        Column(_lazy("Was"), lambda adjustment: adjustment.was_on),
        Column(_lazy("Was paid as"), lambda adjustment: adjustment.was),
        Column(_lazy("Is now"), lambda adjustment: adjustment.on or _("Not earned")),
        Column(_lazy("Amount"), lambda adjustment: adjustment.amount),
        Column(_lazy("Corrects the statement of"), lambda adjustment: adjustment.approved_cut_off),
    )


def as_xlsx(draft: Draft) -> bytes:
    """A workbook of projects with a sum, events, adjustments, and what the figures rest on."""
    mark = f"{rehearsal_note()} " if rehearsal_note() else ""
    totals = [_("In all"), None, *(draft.total(figure) for figure in FIGURES)]
    projects = [_sheet_row(PROJECT_COLUMNS, statement) for statement in draft.projects]
    events, adjustments = event_columns(draft.terms), adjustment_columns(draft.terms)
    return xlsx_bytes(
        [
            Sheet(mark + _("Projects"), _headings(PROJECT_COLUMNS), [*projects, totals]),
            Sheet(
                mark + _("Events"),
                [_("Project"), *_headings(events)],
                _rows_by_project(draft, events, lambda statement: statement.lines),
            ),
            Sheet(
                mark + _("Adjustments"),
                [_("Project"), *_headings(adjustments)],
                _rows_by_project(draft, adjustments, lambda statement: statement.adjustments),
            ),
            Sheet(mark + _("Basis"), [_("What"), _("Value")], [*basis(draft), [rehearsal_note(), None]]),
        ]
    )


def _headings(columns: Sequence[Column[ItemT]]) -> list[str]:
    return [str(column.heading) for column in columns]


def _sheet_row(columns: Sequence[Column[ItemT]], item: ItemT) -> list[Cell]:
    return [column.cell(item) for column in columns]


def _rows_by_project(
    draft: Draft, columns: Sequence[Column[ItemT]], items: Callable[[ProjectStatement], Iterable[ItemT]]
) -> Iterator[list[Cell]]:
    for statement in draft.projects:
        for item in items(statement):
            yield [statement.project.slug, *_sheet_row(columns, item)]


def basis(draft: Draft) -> list[LabelledValue]:
    """What the figures rest on; a project's own choice is named as such."""
    terms = draft.terms
    return [
        LabelledValue(_("Year"), draft.year),
        LabelledValue(_("Cut-off"), draft.cut_off),
        LabelledValue(_("State"), state_words(draft)),
        LabelledValue(_("Terms valid from"), terms.valid_from),
        *_terms(terms),
    ]


def _terms(terms: GrantTerms) -> list[LabelledValue]:
    rows = [
        LabelledValue(_labelled(terms, name), getattr(terms, name))
        for name in ("start_amount", "completion_amount", "completion_days", "tolerance_days")
    ]
    bridged = _("Yes") if terms.bridge_non_working_days else _("No")
    share = f"{terms.ceiling_share * 100:.0f} %"
    return [
        *rows,
        LabelledValue(_labelled(terms, "bridge_non_working_days"), bridged),
        LabelledValue(_labelled(terms, "ceiling_share"), share),
    ]


def terms_in_words(terms: GrantTerms) -> list[LabelledValue]:
    """All of a row of terms for a page."""
    kinds = [str(label) for value, label in PlacementKind.choices if value in terms.counting_kinds]
    return [
        *_in_words(_terms(terms)),
        LabelledValue(_labelled(terms, "counting_kinds"), ", ".join(kinds)),
        LabelledValue(_labelled(terms, "fixed_grant"), money.written(terms.fixed_grant)),
    ]


def state_words(draft: Draft) -> str:
    """The state in the reader's language."""
    return str(StatementState(draft.stored.state).label) if draft.stored else _("Draft, not approved")


def basis_in_words(draft: Draft) -> list[LabelledValue]:
    """`basis` for a page: amounts as people write them."""
    return _in_words(basis(draft))


def _in_words(rows: list[LabelledValue]) -> list[LabelledValue]:
    return [
        LabelledValue(row.label, money.written(row.value) if isinstance(row.value, Decimal) else row.value)
        for row in rows
    ]


def _labelled(terms: GrantTerms, name: str) -> str:
    label = str(terms._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    label = label[:1].upper() + label[1:]
    return _("%(what)s (the project's own choice)") % {"what": label} if name in terms.own_choices else label


def as_pdf(draft: Draft, progress: pdf.Progress = pdf.nobody, kept: str = "") -> bytes:
    """The statement as a tagged PDF/UA document; `progress` hears of every project that is drawn.

    `kept` is the hash a draft is found by in the history.
    """
    return pdf.statement_pdf(draft, basis_in_words(draft), progress, kept)


def as_text(draft: Draft) -> str:
    """A table for the terminal, one line a project."""
    header = ["project", *(figure.name.replace("_", " ") for figure in FIGURES)]
    rows = [
        [statement.project.slug, *(_plain(figure.of(statement)) for figure in FIGURES)]
        for statement in draft.projects
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = []
    for project, *values in [header, *rows]:
        cells = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
        lines.append("  ".join([project.ljust(widths[0]), *cells]))
    title = f"Draft statement {draft.year}, cut-off {draft.cut_off.isoformat()}"
    note = " (rehearsal / Øvelse)" if mode.is_rehearsal() else ""
    return "\n".join([title + note, *look_back(draft), "", *lines])


def _plain(value: Amount) -> str:
    return kroner(value) if isinstance(value, Decimal) else str(value)


def file_name(draft: Draft, file_format: str) -> str:
    """What the file is called: year, scope, and the cut-off of a submitted statement."""
    scope = draft.projects[0].project.slug if len(draft.projects) == 1 else _("all")
    day = f"-{draft.cut_off.isoformat()}" if draft.stored else ""
    ending = "txt" if file_format == "text" else file_format
    title = _("grant-statement")
    return f"{title}-{draft.year}-{scope}{day}.{ending}"


def as_file(draft: Draft, file_format: str) -> File:
    """The statement as a file of one of FORMATS."""
    name = file_name(draft, file_format)
    if file_format == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return File(name, kind, as_xlsx(draft))
    if file_format == "pdf":
        return File(name, "application/pdf", as_pdf(draft))
    if file_format == "csv":
        return File(name, "text/csv; charset=utf-8", as_csv(draft).encode())
    if file_format == "json":
        return File(name, "application/json", as_json(draft).encode())
    return File(name, "text/plain; charset=utf-8", (as_text(draft) + "\n").encode())
