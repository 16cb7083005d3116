"""Values of rows in words: codes, days, yes and no."""

import datetime
import re
from functools import cache
from typing import Any

from django.db.models import Field
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.roles import Role
from cases.agenda import topic_title
from cases.elements.names import ELEMENT_NAMES
from cases.extension_points import core_element
from cases.models import CourseFunction
from cases.models.signature import DocumentSignature
from cases.presentation.elements import ENDED
from cases.presentation.reasons import WORDS
from cases.rules.fidelity import COURSE_ENDED
from companies.models.agreement import WEEKDAYS
from grants.presentation.explanation import UNUSED
from reminders.extension_points import registered_kinds, registered_notice_kinds
from rights.report.coverage import edges, is_history
from rights.report.labels import column_label

#: Nothing in the PDF is longer; the JSON document has all of it.
LONGEST = 4000
#: How the report writes days and moments. Python reads eight digits as a day, too: a phone or CVR number.
DAY = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
TIME = re.compile(r"(\d\d):(\d\d):00")


def in_words(value: Any, field: "Field[Any, Any] | None" = None) -> str:
    """Return a JSON value of the report as people read it, in the language in force."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(in_words(inner, field) for inner in value)[:LONGEST]
    if isinstance(value, dict) and "file" in value:
        return str(value["file"])
    if isinstance(value, dict):
        filled = [(key, inner) for key, inner in value.items() if inner not in (None, "")]
        return ", ".join(f"{_key(key)}: {in_words(inner)}" for key, inner in filled)[:LONGEST]
    if word := _choices(field).get(value):
        return str(word)
    if field is not None and field.name == "element":
        return str(ELEMENT_NAMES.get(value, value))
    if field is not None and field.name == "weekday":
        return str(WEEKDAYS.get(value, value))
    if field is not None and field.name == "topic":
        return topic_title(str(value))
    if _is_signed_text(field):
        return _("In the file access_report.json, as it was signed.")
    if isinstance(value, str):
        return str(_codes().get(value) or _day_or_moment(value) or value)[:LONGEST]
    return str(value)


def _is_signed_text(field: "Field[Any, Any] | None") -> bool:
    """Whether the column holds what somebody signed, word for word, as JSON."""
    return field is not None and field.name == "content" and issubclass(field.model, DocumentSignature)


def _choices(field: "Field[Any, Any] | None") -> dict[Any, Any]:
    field = getattr(field, "base_field", field)
    return dict(field.flatchoices) if field is not None and field.choices else {}


@cache
def _codes() -> dict[str, Any]:
    """Return the words of codes that stand in columns without choices, for any language."""
    kinds = {kind.code: kind.label for kind in registered_kinds()}
    news = {kind.code: kind.label for kind in registered_notice_kinds()}
    tables = {model._meta.label_lower: model._meta.verbose_name for model in edges()}
    functions = dict(CourseFunction.choices)
    reasons = {str(code): text for code, text in WORDS.items()}
    unused = {str(code): text for code, text in UNUSED.items()}
    codes = {**tables, **kinds, **news, **dict(Role.choices), **functions, **unused}
    return {**codes, **_element_reasons(), **reasons}


def _element_reasons() -> dict[str, Any]:
    """Return the words of the reasons why a core element is not met."""
    elements = [element for number in ELEMENT_NAMES if (element := core_element(number))]
    return {COURSE_ENDED: ENDED} | {
        reason.code: reason.label for element in elements for reason in element.reasons
    }


@cache
def _columns() -> dict[str, Any]:
    return {
        field.name: (model, field)
        for model in edges()
        if not is_history(model)
        for field in model._meta.concrete_fields
    }


def _key(key: str) -> str:
    """Return the name of a column where it stands inside a value, as what a correction replaced."""
    column = _columns().get(key)
    return column_label(*column) if column else key


def _day_or_moment(text: str) -> str:
    if time := TIME.fullmatch(text):
        return f"{time[1]}.{time[2]}"
    match = DAY.fullmatch(text)
    if match is None:
        return ""
    try:
        if match[1]:
            return moment_in_words(text)
        return formats.date_format(datetime.date.fromisoformat(text), "SHORT_DATE_FORMAT")
    except ValueError:
        return ""


def moment_in_words(text: str) -> str:
    """Return a moment in ISO 8601 as day and time in Denmark."""
    moment = timezone.localtime(datetime.datetime.fromisoformat(text))
    return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
