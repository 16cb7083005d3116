"""Corrections with their reasons, kept beside what they correct (D41).

The event tables of the history hold every value of every row. A `Correction` adds what they cannot: why, and
that it was a correction rather than the usual course of things.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.formats import localize
from django.utils.translation import gettext as _

from audit.models import Correction, CorrectionAct


def record_correction(
    row: models.Model,
    act: str,
    *,
    by: Any,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
) -> Correction:
    """Store that `by` corrected the row (a `Record`), and why; `before` are the values that it had. In the
    transaction of the action."""
    correction: Correction = Correction.objects.create(
        label=row._meta.label_lower,
        subject=row.public_id,  # type: ignore[attr-defined]  # of every Record
        act=act,
        reason=reason.strip(),
        before={name: _stored(value) for name, value in (before or {}).items()},
        made_by=by,
    )
    return correction


def corrections_of(rows: Iterable[models.Model]) -> dict[uuid.UUID, list[Correction]]:
    """Return the corrections of rows by their public ids, the oldest first; one query."""
    subjects = [row.public_id for row in rows]  # type: ignore[attr-defined]  # of every Record
    by_subject: dict[uuid.UUID, list[Correction]] = defaultdict(list)
    if subjects:
        for correction in Correction.objects.filter(subject__in=subjects).select_related("made_by"):
            by_subject[correction.subject].append(correction)
    return by_subject


def before_in_words(correction: Correction, model: type[models.Model]) -> str:
    """Return the values before a correction in words: "date: 2. maj 2016; how: phone"."""
    order = [field.name for field in model._meta.get_fields()]
    parts = []
    for name in sorted(correction.before, key=order.index):  # the database sorts the keys of JSON
        field = model._meta.get_field(name)
        words = _in_words(field, correction.before[name])
        parts.append(f"{field.verbose_name}: {words}")  # type: ignore[union-attr]  # a field of its own
    return "; ".join(parts)


def _stored(value: Any) -> Any:
    """Return a value as it is kept: a row by its name, since the name may change or the row go."""
    return str(value) if isinstance(value, models.Model) else value


def _in_words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if getattr(field, "choices", None):
        return str(dict(field.flatchoices).get(value, value))
    if field.is_relation:
        return str(value)
    return str(localize(field.to_python(value)))


__all__ = ["Correction", "CorrectionAct", "before_in_words", "corrections_of", "record_correction"]
