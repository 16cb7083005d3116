"""The access report as a PDF for the citizen: the same rows in words (docs/privacy.md)."""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from audit.models import AccessOutcome
from jobfirst.pdf.documents import render_pdf
from rights.report.coverage import stored_models
from rights.report.labels import column_label, has_own_label, is_technical, table_label

#: Nothing in the PDF is longer; the JSON document has all of it.
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of a table: labels and values in words, empty ones left out."""

    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table of the citizen's with its rows, and how often they were changed."""

    title: str
    rows: list[PrintedRow]
    changes: int


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
            "made_at": _moment(document["made_at"]),
            "tables": _tables(document),
            "shown": _access_days(document, AccessOutcome.SHOWN),
            "refused": _access_days(document, AccessOutcome.REFUSED),
            "writers": _writers(document),
        }
        return render_pdf("rights/access_report_pdf.html", context)


def _tables(document: dict[str, Any]) -> list[PrintedTable]:
    tables = []
    for model in stored_models():
        rows = document["tables"].get(model._meta.label, [])
        if rows:
            changes = len(document["history"].get(model._meta.label, []))
            printed = [PrintedRow(_facts(model, row)) for row in rows]
            filled = [row for row in printed if row.facts]
            if filled:
                tables.append(PrintedTable(table_label(model), filled, changes))
    return tables


def _facts(model: type[Model], row: dict[str, Any]) -> list[tuple[str, str]]:
    facts = []
    for field in model._meta.concrete_fields:
        value = row.get(field.name)
        if value in (None, "", [], {}) or is_technical(field.name, labelled=has_own_label(field)):
            continue
        if field.is_relation and isinstance(value, str) and _is_row(value):
            continue  # another row of the report
        words = dict(field.flatchoices) if field.choices else {}
        base = getattr(field, "base_field", None)
        if base is not None and base.choices:
            words = dict(base.flatchoices)
        facts.append((column_label(model, field), _in_words(value, words)))
    if row.get("entries"):
        facts.append((_("What it says about you"), _in_words(row["entries"], {})))
    return facts


def _is_row(value: str) -> bool:
    label, separator, _key = value.partition("/")
    return bool(separator) and label in {f"{model._meta.label}" for model in apps.get_models()}


def _in_words(value: Any, words: dict[Any, Any]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(_in_words(inner, words) for inner in value)[:LONGEST]
    if isinstance(value, dict):
        pairs = (f"{key}: {_in_words(inner, {})}" for key, inner in value.items() if inner not in (None, ""))
        return ", ".join(pairs)[:LONGEST]
    if value in words:
        return str(words[value])
    if isinstance(value, str):
        return (_day_or_moment(value) or value)[:LONGEST]
    return str(value)


def _day_or_moment(text: str) -> str:
    try:
        return formats.date_format(datetime.date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        pass
    try:
        return _moment(text) if "T" in text else ""
    except ValueError:
        return ""


def _moment(text: str) -> str:
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return formats.date_format(moment, "SHORT_DATETIME_FORMAT")


def _access_days(document: dict[str, Any], outcome: str) -> list[AccessDay]:
    pages: dict[tuple[datetime.date, str], list[dict[str, Any]]] = defaultdict(list)
    for record in document["seen_by"]:
        if record["outcome"] == outcome:
            day = timezone.localtime(datetime.datetime.fromisoformat(record["at"])).date()
            pages[day, record["who"] or _("A command or a link")].append(record)
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
