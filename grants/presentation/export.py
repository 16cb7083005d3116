"""The statement as JSON, CSV, XLSX, PDF and text (FORMATS): the same for the command and for the pages.

No names and no CPR numbers: a citizen is a pseudonym. Every format carries the mark of a rehearsal.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from companies.models import PlacementKind
from grants.models import Entry, GrantScheme, State
from grants.presentation import pdf
from grants.presentation.explanation import kind_label, look_back
from grants.reckoning.statement import Adjustment, Draft, Line, ProjectStatement
from grants.storage import submitted
from jobfirst import mode, money
from jobfirst.exchange.writing import csv_text, xlsx_bytes

TEXT_FORMATS = ("text", "json", "csv")
BINARY_FORMATS = ("xlsx", "pdf")
FORMATS = (*TEXT_FORMATS, *BINARY_FORMATS)

FIGURES = ("target_count", "ceiling", "starts", "completions", "earned_to_date", "paid_before", "payable")

#: How earned to date comes about: what the last approved statement had, new events, adjustments to it.
SINCE = ("earned_before", "new", "adjusted")

CSV_HEADER = (
    "record",
    "project",
    *FIGURES,
    "citizen",
    "kind",
    "date",
    "amount",
    "counted_from",
    "counted_days",
    "bridged_days",
    "note",
    "entry",
    *SINCE,
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
        "target_count": item.target_count,
        "ceiling": kroner(item.ceiling),
        "starts": item.starts,
        "completions": item.completions,
        "earned_to_date": kroner(item.earned_to_date),
        "paid_before": kroner(item.paid_before),
        "payable": kroner(item.payable),
        **{name: kroner(getattr(item, name)) for name in SINCE},
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
        figures = dict(zip(FIGURES, _figures(item, _cents), strict=True))
        since = {name: _cents(getattr(item, name)) for name in SINCE}
        yield _csv_row({"record": "project", **base, **figures, **since})
        for line in item.lines:
            event = line.event
            basis = {name: getattr(event, name) for name in ("counted_from", "counted_days", "bridged_days")}
            own: dict[str, Any] = {"citizen": line.citizen, "kind": event.kind.value, "date": event.on}
            money_ = {"amount": _cents(event.amount), "entry": line.entry.value}
            yield _csv_row({"record": "event", **base, **own, **money_, **basis})
        for adjustment in item.adjustments:
            money_ = {"amount": _cents(adjustment.amount), "was_amount": _cents(adjustment.was)}
            own = {**_adjustment_data(adjustment), **money_, "entry": Entry.ADJUSTMENT.value}
            yield _csv_row({"record": "adjustment", **base, **own})


def _csv_row(cells: dict[str, Any]) -> list[Any]:
    return [cells.get(name, "") for name in CSV_HEADER]


def _figures(item: ProjectStatement, money_as: Callable[[Decimal], Any]) -> list[Any]:
    values = [getattr(item, name) for name in FIGURES]
    return [money_as(value) if isinstance(value, Decimal) else value for value in values]


def as_xlsx(draft: Draft) -> bytes:
    """A workbook of projects with a sum, events, adjustments, and what the figures rest on."""
    mark = f"{rehearsal_note()} " if rehearsal_note() else ""
    return xlsx_bytes(
        [
            (mark + _("Projects"), _project_header(), _project_rows(draft)),
            (mark + _("Events"), _event_header(), _event_rows(draft)),
            (mark + _("Adjustments"), _adjustment_header(), _adjustment_rows(draft)),
            (mark + _("Basis"), [_("What"), _("Value")], [*basis(draft), [rehearsal_note(), None]]),
        ]
    )


def _project_header() -> list[str]:
    return [
        _("Project"),
        _("Name"),
        _("Target count"),
        _("Ceiling"),
        _("Starts"),
        _("Completions"),
        _("Earned to date"),
        _("Paid before"),
        _("Payable"),
    ]


def _project_rows(draft: Draft) -> Iterator[list[Any]]:
    for item in draft.projects:
        yield [item.project.slug, item.project.name, *_figures(item, lambda amount: amount)]
    yield [_("In all"), None, *totals(draft).values()]


def totals(draft: Draft) -> dict[str, Decimal | int]:
    """The sums over the projects, in the order of the columns."""
    return {name: draft.total(name) for name in FIGURES}


def _event_header() -> list[str]:
    return [
        _("Project"),
        _("Citizen"),
        _("Event"),
        _("Date"),
        _("Amount"),
        _("Counted from"),
        _("Days counted"),
        _("of these bridged"),
        _("Entry"),
    ]


def _event_rows(draft: Draft) -> Iterator[list[Any]]:
    for item in draft.projects:
        for line in item.lines:
            yield [item.project.slug, *event_cells(line)]


def event_cells(line: Line) -> list[Any]:
    """One event as a row: citizen, event, date, amount, counted from, days counted, days bridged, entry."""
    event = line.event
    return [
        line.citizen,
        kind_label(event.kind),
        event.on,
        event.amount,
        event.counted_from,
        event.counted_days,
        event.bridged_days,
        str(line.entry.label),
    ]


def _adjustment_header() -> list[str]:
    return [
        _("Project"),
        _("Citizen"),
        _("Event"),
        _("Was"),
        _("Was paid as"),
        _("Is now"),
        _("Amount"),
        _("Corrects the statement of"),
    ]


def _adjustment_rows(draft: Draft) -> Iterator[list[Any]]:
    for item in draft.projects:
        for adjustment in item.adjustments:
            yield [item.project.slug, *adjustment_cells(adjustment)]


def adjustment_cells(item: Adjustment) -> list[Any]:
    """One adjustment as a row: citizen, event, date and amount before, date now, difference, corrected in."""
    return [
        item.citizen,
        kind_label(item.kind),
        item.was_on,
        item.was,
        item.on or _("Not earned"),
        item.amount,
        item.approved_cut_off,
    ]


def basis(draft: Draft) -> list[list[Any]]:
    """What the figures rest on, as (what, value); a project's own choice is named as such."""
    scheme = draft.scheme
    rows: list[list[Any]] = [
        [_("Year"), draft.year],
        [_("Cut-off"), draft.cut_off],
        [_("State"), state_words(draft)],
        [_("Terms valid from"), scheme.valid_from],
    ]
    return rows + _terms(scheme)


def _terms(scheme: GrantScheme) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for name in ("start_amount", "completion_amount", "completion_days", "tolerance_days"):
        rows.append([_labelled(scheme, name), getattr(scheme, name)])
    bridged = _("Yes") if scheme.bridge_non_working_days else _("No")
    rows.append([_labelled(scheme, "bridge_non_working_days"), bridged])
    rows.append([_labelled(scheme, "ceiling_share"), f"{scheme.ceiling_share * 100:.0f} %"])
    return rows


def terms_in_words(scheme: GrantScheme) -> list[tuple[str, Any]]:
    """All of a row of terms for a page."""
    rows = [
        (label, money.written(value) if isinstance(value, Decimal) else value)
        for label, value in _terms(scheme)
    ]
    kinds = [str(label) for value, label in PlacementKind.choices if value in scheme.counting_kinds]
    fixed = (_labelled(scheme, "fixed_grant"), money.written(scheme.fixed_grant))
    return [*rows, (_labelled(scheme, "counting_kinds"), ", ".join(kinds)), fixed]


def state_words(draft: Draft) -> str:
    """The state in the reader's language."""
    return str(State(draft.stored.state).label) if draft.stored else _("Draft, not approved")


def basis_in_words(draft: Draft) -> list[tuple[str, Any]]:
    """`basis` for a page: amounts as people write them."""
    return [
        (label, money.written(value) if isinstance(value, Decimal) else value)
        for label, value in basis(draft)
    ]


def _labelled(scheme: GrantScheme, name: str) -> str:
    label = str(scheme._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    label = label[:1].upper() + label[1:]
    return _("%(what)s (the project's own choice)") % {"what": label} if name in scheme.own_choices else label


def as_pdf(draft: Draft, progress: pdf.Progress = pdf.nobody, kept: str = "") -> bytes:
    """The statement as a tagged PDF/UA document; `progress` hears of every project that is drawn.

    `kept` is the hash a draft is found by in the history.
    """
    return pdf.statement_pdf(draft, basis_in_words(draft), progress, kept)


def as_text(draft: Draft) -> str:
    """A table for the terminal, one line a project."""
    header = ["project", "starts", "completions", "earned", "paid before", "ceiling", "payable"]
    rows = [
        [
            item.project.slug,
            str(item.starts),
            str(item.completions),
            *[kroner(sum_) for sum_ in (item.earned_to_date, item.paid_before, item.ceiling, item.payable)],
        ]
        for item in draft.projects
    ]
    widths = [max(len(row[n]) for row in [header, *rows]) for n in range(len(header))]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
        for row in [header, *rows]
    ]
    title = f"Draft statement {draft.year}, cut-off {draft.cut_off.isoformat()}"
    note = " (rehearsal / Øvelse)" if mode.is_rehearsal() else ""
    return "\n".join([title + note, *look_back(draft), "", *lines])


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
