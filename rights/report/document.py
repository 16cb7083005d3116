"""The access report as one JSON document (docs/formats.md)."""

import datetime
from typing import Any

from django.db.models import Field, Model
from django.utils import translation

from accounts.models import Project, User
from audit.models import AccessRecord
from cases.models import Citizen, CitizenContact, Referral
from cases.tables.access_log import page_in_words
from jobfirst import mode
from rights.report.coverage import (
    LEFT_OUT,
    NOT_PERSONAL,
    edges,
    is_history,
    reason_to_leave_out,
    tracked_model,
)
from rights.report.gathering import GatheredRows, entries_of
from rights.report.labels import column_label, table_label
from rights.report.values import Attachments, OtherRows, row_values

FORMAT = 1
#: Stored documents of which the report has the parts about the citizen.
WITH_ENTRIES = ("grants.Snapshot", "grants.StatementApproval")
#: The columns of a history row that say what happened, not what the row was.
OF_HISTORY = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "pgh_context")


def make_document(rows: GatheredRows, made_at: datetime.datetime, attachments: Attachments) -> dict[str, Any]:
    """Return the report: stable keys in English, words in Danish."""
    with translation.override("da"):
        tables: dict[str, list[dict[str, Any]]] = {}
        history: dict[str, list[dict[str, Any]]] = {}
        names = {rows.citizen.pseudonym, *map(str, rows.public_ids)}
        others = OtherRows()
        people = dict(User.objects.values_list("pk", "name"))
        for model, table_rows in rows.tables():
            label = tracked_model(model)._meta.label
            if is_history(model):
                changes = [
                    _change(row, people, attachments, others)
                    for row in table_rows.select_related("pgh_context")
                ]
                history[label] = changes
            elif model is not AccessRecord:
                tables[label] = [row_values(row, attachments, others) for row in table_rows]
                if label in WITH_ENTRIES:
                    for values, row in zip(tables[label], table_rows, strict=True):
                        values["entries"] = entries_of(row.content, names)  # type: ignore[attr-defined]
        return {
            "format": FORMAT,
            "citizen": rows.citizen.pseudonym,
            "made_at": made_at.isoformat(timespec="seconds"),
            "rehearsal": mode.is_rehearsal(),
            **_about(rows.citizen),
            "tables": tables,
            "history": history,
            "seen_by": _seen_by(rows, people),
            "attachments": sorted(attachments.contents),
            "codebook": {model._meta.label: _codebook(model) for model in edges() if not is_history(model)},
            "left_out": {"columns": LEFT_OUT, "tables": NOT_PERSONAL},
        }


def _about(citizen: Citizen) -> dict[str, Any]:
    referrals = Referral.objects.filter(citizen=citizen).order_by("pk")
    projects = Project.objects.filter(referrals__citizen=citizen).distinct().order_by("slug")
    contacts = CitizenContact.objects.filter(course__citizen=citizen)
    return {
        "names": list(dict.fromkeys(referrals.values_list("name", flat=True))),
        "projects": [{"project": project.slug, "name": project.name} for project in projects],
        "protected_address": contacts.filter(has_protected_address=True).exists(),
    }


def _change(
    row: Model, people: dict[int, str], attachments: Attachments, others: OtherRows
) -> dict[str, Any]:
    values = row_values(row, attachments, others)
    context = getattr(row, "pgh_context", None)
    metadata = context.metadata if context is not None else {}
    return {
        "at": values["pgh_created_at"],
        "change": values["pgh_label"],
        "by": people.get(metadata.get("user") or 0),
        "page": metadata.get("url"),
        "values": {name: value for name, value in values.items() if name not in OF_HISTORY},
    }


def _seen_by(rows: GatheredRows, people: dict[int, str]) -> list[dict[str, Any]]:
    records = AccessRecord.objects.filter(rows.by_value("audit.AccessRecord")).order_by("pk")
    return [
        {
            "at": record.at.isoformat(timespec="seconds"),
            "who": people.get(record.user_id or 0),
            "page": str(page_in_words(record.action)),
            "action": record.action,
            "outcome": record.outcome,
            "reason": record.reason,
        }
        for record in records
    ]


def _codebook(model: type[Model]) -> dict[str, Any]:
    return {
        "label": table_label(model),
        "columns": {
            field.name: _column(model, field)
            for field in model._meta.concrete_fields
            if not reason_to_leave_out(model, field)
        },
    }


def _column(model: type[Model], field: "Field[Any, Any]") -> dict[str, Any]:
    column: dict[str, Any] = {"label": column_label(model, field), "type": field.get_internal_type()}
    if field.choices:
        column["choices"] = {str(code): str(word) for code, word in field.flatchoices}
    return column
