"""Parts of a form's layout beyond those of crispy forms."""

from typing import Any

from crispy_forms.layout import Div
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Folded(Div):
    """Fields that are rarely needed, folded away under `summary` while none has a value or an error.

    With `has_usual_values` the fields begin with values that fit nearly always: they are folded away until
    one of them is changed.
    """

    template = "dkfds/layout/folded.html"

    def __init__(self, summary: str | Promise, *fields: Any, has_usual_values: bool = False) -> None:
        super().__init__(*fields)
        self.summary = summary
        self.has_usual_values = has_usual_values
        self.is_open = False

    def render(self, form: BaseForm, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return the fields, open when one of them is filled in or refused, or already opened."""
        fields = [form[pointer.name] for pointer in self.get_field_names()]
        self.is_open = self.is_open or any(field.errors or self._is_used(field) for field in fields)
        html: SafeString = super().render(form, context, *args, **kwargs)
        return html

    def _is_used(self, field: BoundField) -> bool:
        if self.has_usual_values:
            return field.form.is_bound and field.name in field.form.changed_data
        return bool(field.value())
