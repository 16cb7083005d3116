"""Values of rows as JSON, with stable keys: the names of the columns.

A row of another table is named by what people know it by: staff by name alone, a company by name and CVR
number; a row that is in the report itself by table and id.
"""

import datetime
import decimal
import hashlib
import uuid
from typing import Any

from django.db.models import Field, Model

from accounts.models import User
from progression.models import Question
from rights.report.coverage import edges, reason_to_leave_out

#: Bytes of at most so many are hashes, written as hexadecimal digits; more are a file.
LONGEST_HASH = 64


class Attachments:
    """The files of the report beside its JSON: signed PDFs."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def add(self, content: bytes) -> dict[str, Any]:
        """Keep the content for the folder; return what the JSON says of it."""
        suffix = ".pdf" if content.startswith(b"%PDF-") else ".bin"
        sha256 = hashlib.sha256(content).hexdigest()
        name = next(
            (name for name, stored in self.contents.items() if stored == content),
            f"attachments/{len(self.contents) + 1:02}{suffix}",
        )
        self.contents[name] = content
        return {"file": name, "size": len(content), "sha256": sha256}


class OtherRows:
    """What people know rows of other tables by; each is read once for a report."""

    def __init__(self) -> None:
        self._names: dict[tuple[type[Model], Any], Any] = {}

    def name(self, model: type[Model], key: Any) -> Any:
        """Return the name of the row; its key when it is not there any more."""
        if (model, key) not in self._names:
            row = model._base_manager.filter(pk=key).first()
            self._names[model, key] = plain(key, None) if row is None else name_of(row)
        return self._names[model, key]


def shown_fields(model: type[Model]) -> list["Field[Any, Any]"]:
    """Return the columns of the table that are in the report."""
    return [field for field in model._meta.concrete_fields if not reason_to_leave_out(model, field)]


def row_values(row: Model, attachments: Attachments, others: OtherRows) -> dict[str, Any]:
    """Return the row as JSON values by column."""
    return {
        field.name: _named_row(row, field, others)
        if field.is_relation
        else plain(getattr(row, field.attname), attachments)
        for field in shown_fields(type(row))
    }


def _named_row(row: Model, field: "Field[Any, Any]", others: OtherRows) -> Any:
    key = getattr(row, field.attname)
    target = field.related_model
    if key is None or not isinstance(target, type):
        return None
    if target in edges():
        return f"{target._meta.label}/{key}"
    return others.name(target, key)


def name_of(other: Model) -> str:
    """Return what people know a row by."""
    name = str(getattr(other, "name", "") or getattr(other, "code", "") or "")
    if isinstance(other, User):
        return other.name
    if isinstance(other, Question):
        return other.text_da
    if cvr := getattr(other, "cvr", ""):
        return f"{name} (CVR {cvr})"
    return name or f"{other._meta.label}/{other.pk}"


def plain(value: Any, attachments: Attachments | None) -> Any:
    """Return the value as JSON knows it: days and moments in ISO 8601, amounts as text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime.date | datetime.time):  # a moment is a date
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID | datetime.timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        if len(content) > LONGEST_HASH and attachments is not None:
            return attachments.add(content)
        return content.hex()
    if isinstance(value, dict):
        return {str(key): plain(inner, attachments) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner, attachments) for inner in value]
    return str(value)
