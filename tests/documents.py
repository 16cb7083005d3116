"""Helpers for tests of course documents: values as printed, and different values for their fields."""

import datetime
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.template.defaultfilters import floatformat
from django.utils.formats import date_format

from cases.models import CourseDocument
from jobfirst.encryption.encrypted_text import Ciphertext, EncryptedTextField


def as_printed(value: Any) -> str:
    """Return the value as a document prints it; '' for booleans, which each document words differently."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, datetime.date):
        return date_format(value, "j. F Y")
    if isinstance(value, Decimal):
        return floatformat(value, "-2")
    if isinstance(value, list):
        return as_printed(value[0])
    return " ".join(str(value).split())


def fields_printed_by(template: str, variable: str) -> set[str]:
    """Return the names that the template reads from the variable, in tags as well: booleans choose a text."""
    source = (settings.BASE_DIR / "templates" / template).read_text("utf-8")
    tags = re.findall(r"{[{%].*?[%}]}", source, re.DOTALL)
    return {name for tag in tags for name in re.findall(rf"\b{variable}\.(\w+)", tag)}


def changed_values(document: CourseDocument, replacements: Mapping[str, models.Model]) -> dict[str, Any]:
    """Return a different value for every column but the state; `replacements` has those of references."""
    fields = {field.name: field for field in document._meta.concrete_fields if field.name != "state"}
    return {
        name: replacements.get(name) or _different_value(getattr(document, name), field)
        for name, field in fields.items()
    }


def _different_value(value: Any, field: "models.Field[Any, Any]") -> Any:
    if value is None and isinstance(field, models.DateField):
        return datetime.date(2016, 4, 4)
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime.date):  # and moments
        return value + datetime.timedelta(days=1)
    if isinstance(value, list):
        return [*value, "?"]
    if isinstance(value, str):
        text = f"{value[:-1]}?" if value else "?"
        return Ciphertext(text) if isinstance(field, EncryptedTextField) else text
    if isinstance(value, uuid.UUID) or value is None:
        return uuid.uuid4()
    return value + 1
