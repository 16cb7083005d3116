"""The access report as a PDF for the citizen: the same rows in words (docs/privacy.md)."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import DateField, Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.models import AccessOutcome
from cases.tables.access_log import person_in_words
from jobfirst.pdf.documents import render_parted_pdf
from rights.report.coverage import edges, stored_models
from rights.report.labels import column_label, has_own_label, is_technical, table_label
from rights.report.words import in_words, moment_in_words

#: The order of the tables: first what is about the citizen, then what the system keeps of it.
APPS = (
    "cases",
    "progression",
    "companies",
    "plans",
    "randomization",
    "evaluation",
    "grants",
    "accounts",
    "reminders",
    "audit",
)
#: The columns by whose day a row is known.
DAYS = ("held_on", "planned_at", "answered_on", "made_on", "monday", "starts_on")
#: Rows of at most so many values stand in one table together; one of its columns may have a longer text.
MOST_COLUMNS = 7
LONGEST_CELL, LONGEST_TEXT = 60, 300
#: A column that fewer than one in so many rows fills stands below those rows.
RARE = 4


Facts = dict[str, str]
#: The rows of the report as others name them: by table and id.
NamedRows = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A row in a table with others: its values by column, and below them what few rows have."""

    values: list[str]
    remarks: Facts


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the citizen's, and how often its rows were changed.

    `rows` are labels with values in words, empty ones left out. With `columns` they stand in one table,
    `lines`; otherwise each for itself.
    """

    title: str
    rows: list[Facts]
    changes: int
    columns: list[str]
    lines: list[PrintedLine]


def _printed_table(title: str, rows: list[Facts], changes: int) -> PrintedTable:
    columns = _columns(rows)
    lines = [
        PrintedLine(
            [row.get(label, "") for label in columns],
            {label: value for label, value in row.items() if label not in columns},
        )
        for row in rows
        if columns
    ]
    return PrintedTable(title, rows, changes, columns, lines)


def _columns(rows: list[Facts]) -> list[str]:
    """Return the columns of one table with all rows; none when a row has too much for it.

    What few rows have is no column: it would take the room of the others.
    """
    lengths: dict[str, int] = {}
    filled = Counter(label for row in rows for label in row)
    for row in rows:
        for label, value in row.items():
            if filled[label] * RARE >= len(rows):
                lengths[label] = max(lengths.get(label, 0), len(value))
    long = [length for length in lengths.values() if length > LONGEST_CELL]
    has_short_texts = len(long) <= 1 and all(length <= LONGEST_TEXT for length in long)
    is_small = len(rows) > 1 and 0 < len(lengths) <= MOST_COLUMNS
    return list(lengths) if is_small and has_short_texts else []


@dataclass(frozen=True, slots=True)
class AccessDay:
    """Who saw which pages on a day."""

    day: datetime.date
    person: str
    pages: list[str]
    reasons: list[str]


def make_pdf(document: dict[str, Any]) -> bytes:
    """Return the PDF of the document, in Danish whatever the language of the process."""
    with translation.override("da"):
        context = {
            "document": document,
            "made_at": moment_in_words(document["made_at"]),
            "tables": _tables(document),
            "shown": _access_days(document, AccessOutcome.SHOWN),
            "refused": _access_days(document, AccessOutcome.REFUSED),
            "writers": _writers(document),
        }
        return render_parted_pdf(
            [("rights/access_report_pdf.html", context)], ("rights/access_report_sheets.html", context)
        )


def _tables(document: dict[str, Any]) -> list[PrintedTable]:
    tables = []
    named_rows = _named_rows(document)
    for model in sorted(stored_models(), key=_place):
        rows = document["tables"].get(model._meta.label, [])
        rows = sorted(rows, key=lambda row: _day_for_order(model, row, named_rows))
        if filled := [facts for row in rows if (facts := _facts(model, row, named_rows))]:
            changes = len(document["history"].get(model._meta.label, []))
            tables.append(_printed_table(table_label(model), filled, changes))
    return tables


def _named_rows(document: dict[str, Any]) -> NamedRows:
    return {
        f"{label}/{row['id']}": row
        for label, rows in document["tables"].items()
        for row in rows
        if "id" in row
    }


def _place(model: type[Model]) -> int:
    app = model._meta.app_label
    return APPS.index(app) if app in APPS else len(APPS)


def _facts(model: type[Model], row: dict[str, Any], named_rows: NamedRows) -> Facts:
    facts: Facts = {}
    for field in model._meta.concrete_fields:
        value = row.get(field.name)
        if value in (None, "", [], {}):
            continue
        if field.related_model in edges():
            facts |= _day_of(value, named_rows)
            continue
        if is_technical(field.name, labelled=has_own_label(field)):
            continue
        facts[column_label(model, field)] = in_words(value, field)
    if row.get("entries"):
        facts[_("What it says about you")] = in_words(row["entries"])
    return facts


def _day_of(reference: str, named_rows: NamedRows) -> Facts:
    """Return the day of another row of the report by the name of its table, such as which meeting."""
    day = _first_day(named_rows.get(reference, {}), DAYS)
    if not day:
        return {}
    name = str(apps.get_model(reference.partition("/")[0])._meta.verbose_name)
    return {name[:1].upper() + name[1:]: in_words(day)}


def _day_for_order(model: type[Model], row: dict[str, Any], named_rows: NamedRows) -> str:
    """Return the day by which the rows of a table are sorted: one of `DAYS`, the first other one of the row,
    or that of the row to which it belongs; empty without any."""
    fields = model._meta.concrete_fields
    others = [field.name for field in fields if isinstance(field, DateField)]
    if day := _first_day(row, [*DAYS, *others]):
        return day
    references = [row.get(field.name) for field in fields if field.related_model in edges()]
    belongs_to = [named_rows.get(reference, {}) for reference in references if reference]
    return next((day for other in belongs_to if (day := _first_day(other, DAYS))), "")


def _first_day(row: dict[str, Any], names: Iterable[str]) -> str:
    return next((str(row[name]) for name in names if row.get(name)), "")


def _access_days(document: dict[str, Any], outcome: str) -> list[AccessDay]:
    pages: dict[tuple[datetime.date, str], list[dict[str, Any]]] = defaultdict(list)
    for record in document["seen_by"]:
        if record["outcome"] == outcome:
            day = timezone.localtime(datetime.datetime.fromisoformat(record["at"])).date()
            pages[day, person_in_words(record["who"], record["action"])].append(record)
    return [
        AccessDay(
            day,
            person,
            sorted({record["page"] for record in records}),
            sorted({record["reason"] for record in records} - {""}),
        )
        for (day, person), records in sorted(pages.items(), reverse=True)
    ]


def _writers(document: dict[str, Any]) -> list[str]:
    """Return the names of those who changed something, in order."""
    names = {change["by"] for changes in document["history"].values() for change in changes}
    return sorted(name for name in names if name)
