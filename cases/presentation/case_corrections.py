"""The corrections of a referral and its course in words (D39-D41)."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils.translation import gettext as _

from accounts.models import Municipality
from cases.models import CaseCorrection, Course, Referral
from jobfirst.kit.days import LONG_DATE, written_day


class ChangedValue(NamedTuple):
    """A field with its value before and after, in words."""

    label: str
    before: str
    after: str


class CorrectionLine(NamedTuple):
    """A correction with what it changed."""

    correction: CaseCorrection
    changes: list[ChangedValue]


def correction_lines(corrections: Iterable[CaseCorrection]) -> list[CorrectionLine]:
    """Return the corrections in words, in the order given; one query when a municipality was changed."""
    rows = list(corrections)
    codes = {
        change[side]
        for row in rows
        for change in row.changes
        for side in ("before", "after")
        if change["field"] == "municipality_code"
    }
    places = (
        {code: str(place) for code, place in Municipality.objects.in_bulk(codes).items()} if codes else {}
    )
    return [CorrectionLine(row, [_change(change, places) for change in row.changes]) for row in rows]


def _change(change: Mapping[str, Any], places: Mapping[str, str]) -> ChangedValue:
    if change["field"] == "municipality_code":
        before, after = (places.get(change[side], change[side]) for side in ("before", "after"))
        return ChangedValue(str(Referral._meta.get_field("municipality").verbose_name), before, after)
    field = _field(change["field"])
    return ChangedValue(
        str(field.verbose_name), *(_value(field, change[side]) for side in ("before", "after"))
    )


def _field(name: str) -> "Field[Any, Any]":
    """Return the field of the referral with this name, else of the course."""
    try:
        return Referral._meta.get_field(name)  # type: ignore[return-value]  # never a relation
    except FieldDoesNotExist:
        return Course._meta.get_field(name)  # type: ignore[return-value]  # never a relation


def _value(field: "Field[Any, Any]", value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if field.get_internal_type() == "DateField":
        return written_day(datetime.date.fromisoformat(value), LONG_DATE)
    return str(value)
