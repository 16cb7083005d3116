"""The statement as JSON, CSV, XLSX, PDF and text (docs/formats.md), for the command and the pages.

Citizens are pseudonyms: no format has names or CPR numbers. In a rehearsal every format is marked as such.
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
from grants.models import GrantTerms, LineEntry, Statement, StatementState
from grants.presentation import pdf
from grants.presentation.doubts import doubt_sheet
from grants.presentation.event_labels import event_label
from grants.presentation.explanation import look_back_warnings
from grants.presentation.figures import LabelledValue
from grants.presentation.plain_data import adjustment_data, kroner, project_data
from grants.reckoning.figures import FIGURES, SINCE_LAST_APPROVED, Amount
from grants.reckoning.statement import (
    Adjustment,
    EventLine,
    ProjectStatement,
    StatementView,
    SubmittedStatement,
)
from grants.storage import submitted
from jobfirst import mode
from jobfirst.exchange.writing import ExportSheet, csv_file, csv_text, xlsx_bytes
from jobfirst.kit.days import short_date
from jobfirst.values import money

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
class DownloadFile:
    """A file to be saved or sent as a download."""

    name: str
    content_type: str
    content: bytes


def rehearsal_note() -> str:
    """Return the word that marks a rehearsal; empty in a real system."""
    return _("Rehearsal") if mode.is_rehearsal() else ""


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


def as_document(view: StatementView) -> dict[str, Any]:
    """Return the JSON document of docs/formats.md, with the mode of the system beside it."""
    return {
        "year": view.year,
        "cut_off": view.cut_off.isoformat(),
        "mode": "rehearsal" if mode.is_rehearsal() else "real",
        "note": rehearsal_note(),
        "state": state_of(view),
        **_reason_of(view),
        "content_hash": submitted.content_hash(view),
        "projects": [
            {**project_data(item), "content_hash": submitted.project_hash(view, item)}
            for item in view.projects
        ],
    }


def _reason_of(view: StatementView) -> dict[str, str]:
    """Return why the year has another statement, of a submitted one that says so."""
    reason = view.record.another_reason if isinstance(view, SubmittedStatement) else ""
    return {"another_reason": reason} if reason else {}


def state_of(view: StatementView) -> str:
    """Return the code of the state of a submitted statement, or `draft`."""
    return str(view.record.state) if isinstance(view, SubmittedStatement) else "draft"


def as_json(view: StatementView) -> str:
    """Return the statement as a JSON document."""
    return json.dumps(as_document(view), ensure_ascii=False)


def as_csv(view: StatementView) -> str:
    """Return one CSV table: a `project` row per project, followed by its `event` and `adjustment` rows."""
    return csv_text(CSV_HEADER, _csv_rows(view))


def as_csv_file(view: StatementView) -> bytes:
    """Return the table of `as_csv` as a file that a Danish Excel opens."""
    return csv_file(CSV_HEADER, _csv_rows(view))


def _csv_rows(view: StatementView) -> Iterator[list[Any]]:
    """Yield the rows of the CSV table. Amounts are numbers, so that a negative one is no formula."""
    note = rehearsal_note()
    for item in view.projects:
        base = {"project": item.project.slug, "note": note}
        figures = {figure.name: _cell(figure.of(item)) for figure in (*FIGURES, *SINCE_LAST_APPROVED)}
        yield _csv_row({"record": "project", **base, **figures})
        for line in item.lines:
            yield _csv_row({"record": "event", **base, **_event_cells_by_name(line)})
        for adjustment in item.adjustments:
            amounts = {"amount": _cents(adjustment.amount), "was_amount": _cents(adjustment.was)}
            cells = {**adjustment_data(adjustment), **amounts, "entry": LineEntry.ADJUSTMENT.value}
            yield _csv_row({"record": "adjustment", **base, **cells})


def _event_cells_by_name(line: EventLine) -> dict[str, Any]:
    event = line.event
    return {
        "citizen": line.pseudonym,
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
class SheetColumn(Generic[ItemT]):
    """A column of a sheet: its heading, and the function that returns its cell for an item."""

    heading: Promise
    cell: Callable[[ItemT], Cell]


PROJECT_COLUMNS: tuple[SheetColumn[ProjectStatement], ...] = (
    SheetColumn(_lazy("Project"), lambda statement: statement.project.slug),
    SheetColumn(_lazy("Name"), lambda statement: statement.project.name),
    *(SheetColumn[ProjectStatement](figure.label, figure.of) for figure in FIGURES),
)


def event_columns(terms: GrantTerms) -> tuple[SheetColumn[EventLine], ...]:
    """Return the columns of the sheet of events."""
    return (
        SheetColumn(_lazy("Citizen"), lambda line: line.pseudonym),
        SheetColumn(_lazy("Event"), lambda line: event_label(line.event.kind, line.event.on, terms)),
        SheetColumn(_lazy("Date"), lambda line: line.event.on),
        SheetColumn(_lazy("Amount"), lambda line: line.event.amount),
        SheetColumn(_lazy("Counted from"), lambda line: line.event.counted_from),
        SheetColumn(_lazy("Days counted"), lambda line: line.event.counted_days),
        SheetColumn(_lazy("of these bridged"), lambda line: line.event.bridged_days),
        SheetColumn(_lazy("Entry"), lambda line: str(line.entry.label)),
    )


def adjustment_columns(terms: GrantTerms) -> tuple[SheetColumn[Adjustment], ...]:
    """Return the columns of the sheet of adjustments."""
    return (
        SheetColumn(_lazy("Citizen"), lambda adjustment: adjustment.pseudonym),
        SheetColumn(
            _lazy("Event"), lambda adjustment: event_label(adjustment.kind, adjustment.was_on, terms)
        ),
        SheetColumn(_lazy("Was"), lambda adjustment: adjustment.was_on),
        SheetColumn(_lazy("Was paid as"), lambda adjustment: adjustment.was),
        SheetColumn(_lazy("Is now"), lambda adjustment: adjustment.on or _("Not earned")),
        SheetColumn(_lazy("Amount"), lambda adjustment: adjustment.amount),
        SheetColumn(_lazy("Corrects the statement of"), lambda adjustment: adjustment.approved_cut_off),
    )


def as_xlsx(view: StatementView) -> bytes:
    """Return a workbook with sheets of projects, events, adjustments, doubts if any, and the basis."""
    mark = f"{rehearsal_note()} " if rehearsal_note() else ""
    totals = [_("In all"), None, *(view.total(figure) for figure in FIGURES)]
    projects = [_sheet_row(PROJECT_COLUMNS, statement) for statement in view.projects]
    events, adjustments = event_columns(view.terms), adjustment_columns(view.terms)
    return xlsx_bytes(
        [
            ExportSheet(mark + _("Projects"), _headings(PROJECT_COLUMNS), [*projects, totals]),
            ExportSheet(
                mark + _("Events"),
                [_("Project"), *_headings(events)],
                _rows_by_project(view, events, lambda statement: statement.lines),
            ),
            ExportSheet(
                mark + _("Adjustments"),
                [_("Project"), *_headings(adjustments)],
                _rows_by_project(view, adjustments, lambda statement: statement.adjustments),
            ),
            *doubt_sheet(view, mark),
            ExportSheet(mark + _("Basis"), [_("What"), _("Value")], [*basis(view), [rehearsal_note(), None]]),
        ]
    )


def _headings(columns: Sequence[SheetColumn[ItemT]]) -> list[str]:
    return [str(column.heading) for column in columns]


def _sheet_row(columns: Sequence[SheetColumn[ItemT]], item: ItemT) -> list[Cell]:
    return [column.cell(item) for column in columns]


def _rows_by_project(
    view: StatementView,
    columns: Sequence[SheetColumn[ItemT]],
    items: Callable[[ProjectStatement], Iterable[ItemT]],
) -> Iterator[list[Cell]]:
    for statement in view.projects:
        for item in items(statement):
            yield [statement.project.slug, *_sheet_row(columns, item)]


def basis(view: StatementView) -> list[LabelledValue]:
    """Return what the figures rest on; values that are the project's own choice are marked."""
    terms = view.terms
    return [
        LabelledValue(_("Year"), view.year),
        LabelledValue(_("Cut-off"), view.cut_off),
        LabelledValue(_("State"), state_label(view)),
        LabelledValue(_("Terms valid from"), terms.valid_from),
        *_terms_rows(terms),
    ]


def _terms_rows(terms: GrantTerms) -> list[LabelledValue]:
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
    """Return all values of a row of terms for a page."""
    kinds = [str(label) for value, label in PlacementKind.choices if value in terms.counting_kinds]
    return [
        *_in_words(_terms_rows(terms)),
        LabelledValue(_labelled(terms, "counting_kinds"), ", ".join(kinds)),
        LabelledValue(_labelled(terms, "fixed_grant"), money.written(terms.fixed_grant)),
    ]


def state_label(view: StatementView) -> str:
    """Return the state in the user's language."""
    if isinstance(view, SubmittedStatement):
        return str(StatementState(view.record.state).label)
    return _("Draft, not approved")


def basis_in_words(view: StatementView) -> list[LabelledValue]:
    """Return `basis` for a page, amounts formatted."""
    return _in_words(basis(view))


def _in_words(rows: list[LabelledValue]) -> list[LabelledValue]:
    return [LabelledValue(row.label, _written(row.value)) for row in rows]


def _written(value: Any) -> Any:
    """Return amounts and days as tables have them, such as 1.440.000,00 and 24.11.2026."""
    if isinstance(value, Decimal):
        return money.written(value)
    return short_date(value) if isinstance(value, datetime.date) else value


def _labelled(terms: GrantTerms, name: str) -> str:
    label = str(terms._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # no relation
    label = label[:1].upper() + label[1:]
    return _("%(what)s (the project's own choice)") % {"what": label} if name in terms.own_choices else label


def as_pdf(
    view: StatementView, progress: pdf.Progress = pdf.ignore_progress, snapshot_hash: str = ""
) -> bytes:
    """Return the statement as a tagged PDF/UA document; `progress` is called for every drawn project.

    `snapshot_hash` is the short hash by which a draft is found in the history.
    """
    return pdf.statement_pdf(view, basis_in_words(view), progress, snapshot_hash)


def as_text(view: StatementView) -> str:
    """Return a table for the terminal, one line a project."""
    header = ["project", *(figure.name.replace("_", " ") for figure in FIGURES)]
    rows = [
        [statement.project.slug, *(_plain(figure.of(statement)) for figure in FIGURES)]
        for statement in view.projects
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = []
    for project, *values in [header, *rows]:
        cells = [value.rjust(width) for value, width in zip(values, widths[1:], strict=True)]
        lines.append("  ".join([project.ljust(widths[0]), *cells]))
    title = f"Draft statement {view.year}, cut-off {view.cut_off.isoformat()}"
    note = " (rehearsal / Øvelse)" if mode.is_rehearsal() else ""
    return "\n".join([title + note, *look_back_warnings(view), "", *lines])


def _plain(value: Amount) -> str:
    return kroner(value) if isinstance(value, Decimal) else str(value)


def file_name(view: StatementView, file_format: str) -> str:
    """Return the file name: year, scope, and the cut-off of a submitted statement."""
    scope = view.projects[0].project.slug if len(view.projects) == 1 else _("all")
    day = f"-{view.cut_off.isoformat()}" if isinstance(view, SubmittedStatement) else ""
    ending = "txt" if file_format == "text" else file_format
    title = _("grant-statement")
    return f"{title}-{view.year}-{scope}{day}.{ending}"


def approved_file_name(statement: Statement) -> str:
    """Return the name of the file with what was approved."""
    title = _("approved-statement")
    return f"{title}-{statement.year}-{statement.project_slug}-{statement.cut_off.isoformat()}.json"


def as_file(view: StatementView, file_format: str) -> DownloadFile:
    """Return the statement as a file in one of `FORMATS`."""
    name = file_name(view, file_format)
    if file_format == "xlsx":
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return DownloadFile(name, kind, as_xlsx(view))
    if file_format == "pdf":
        return DownloadFile(name, "application/pdf", as_pdf(view))
    if file_format == "csv":
        return DownloadFile(name, "text/csv; charset=utf-8", as_csv_file(view))
    if file_format == "json":
        return DownloadFile(name, "application/json", as_json(view).encode())
    return DownloadFile(name, "text/plain; charset=utf-8", (as_text(view) + "\n").encode())
