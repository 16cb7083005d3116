"""Optimistic locking of forms: a save over somebody else's is detected, and neither version is lost.

The form carries the version it was opened on. The action compares it under its lock and raises `StaleError`:
`ensure_fresh` where a row is changed, `ensure_latest` where rows are never changed and a new one follows the
latest. The view answers with `stale_page`, which shows both versions and keeps the input.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext as _

from jobfirst.kit.pages import render_page
from jobfirst.models import Record


class StaleError(Exception):
    """Somebody has saved since the form was opened; `current` is the row now, and `version` its version."""

    def __init__(self, current: models.Model | None, version: int) -> None:
        super().__init__("stale version")
        self.current = current
        self.version = version


def ensure_fresh(current: Record, version: int | None) -> None:
    """Raise `StaleError` unless `current`, read under a lock, still has the version of the form.

    `version` None means that there was no form (an import): no check.
    """
    if version is not None and current.version != version:
        raise StaleError(current, current.version)


def ensure_latest(latest: models.Model | None, number: int, version: int | None) -> None:
    """Raise `StaleError` unless `latest`, read under a lock, is the latest row that the form was opened on.

    `number` tells the rows apart and is 0 without any; `version` is that of the form, None without a form.
    """
    if version is not None and number != version:
        raise StaleError(latest, number)


def refuse_other_content(row: models.Model, content: Mapping[str, Any]) -> None:
    """Refuse a form that was sent again unless `row`, which it made, has the same content."""
    if any(getattr(row, name) != value for name, value in content.items()):
        raise ValidationError(
            _("This form was saved before with other content. Open the page again to change it."),
            code="form_reused",
        )


def sent_version(data: QueryDict) -> int:
    """Return the version that was sent without a form of its own; 0, which no row has, for any other text."""
    try:
        return int(data.get("version") or 0)
    except ValueError:  # also for more digits than Python reads
        return 0


class VersionedFormMixin(forms.BaseForm):
    """For a form that carries a version in a hidden field (`opened_version` when cleaned).

    The version is that of the ModelForm's `Record`; a form that makes the next row states the `version`
    itself (`ensure_latest`).
    """

    instance: Any  # the row of the ModelForm this is mixed into

    def __init__(self, *args: Any, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened_version = self.instance.version if version is None else version
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, initial=opened_version, label=_("version")
        )

    @property
    def opened_version(self) -> int:
        """The version of the row when the form was opened."""
        return int(self.cleaned_data["version"])

    def rebase(self, version: int) -> None:
        """Set the form's version to that of the current row, so that the next save follows it."""
        data = cast(QueryDict, self.data).copy()  # a request's QueryDict is immutable
        data[self.add_prefix("version")] = str(version)
        self.data = data


@dataclass(frozen=True)
class FieldDifference:
    """The values of one field in both versions, in words."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        """Whether the values differ."""
        return self.theirs != self.mine


def differences(form: VersionedFormMixin, current: models.Model | None) -> list[FieldDifference]:
    """Return the stored and the typed value of every visible field."""
    differences = []
    for bound in form.visible_fields():
        theirs = _in_words(bound.field, getattr(current, bound.name, None))
        mine = _in_words(bound.field, form.cleaned_data.get(bound.name))
        differences.append(FieldDifference(str(bound.label), theirs, mine))
    return differences


def stale_page(
    request: HttpRequest, form: VersionedFormMixin, stale: StaleError, context: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer 409 with both versions and the form as typed; the user may then save it again.

    `context` takes `page_title` and `back_url` as `kit/form_page.html` does.
    """
    rows = differences(form, stale.current)
    form.rebase(stale.version)
    return render_page(
        request, "kit/stale.html", {"form": form, "differences": rows, **(context or {})}, status=409
    )


def _in_words(field: forms.Field, value: object) -> str:
    """Return a field's value in words."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, models.QuerySet | models.Manager):
        return ", ".join(str(row) for row in value.all()) or "–"
    choices = getattr(field, "choices", None)
    if choices is not None and isinstance(value, list):
        return ", ".join(str(dict(choices).get(choice, choice)) for choice in value)
    if choices is not None:
        return str(dict(choices).get(value, value))
    return str(localize(field.prepare_value(value)))
