"""Parts of a form's layout beyond those of crispy forms."""

from typing import Any

from crispy_forms.layout import Div
from django.core.exceptions import ValidationError
from django.forms import BaseForm, ModelChoiceField
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import Truncator


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


class FoldedOnPhone(Div):
    """A part of a long form, with its heading. On a phone it is folded, and the heading tells what stands in
    it; it stays open while a field of it is refused, or must still be filled in.

    Without scripts it is open everywhere.
    """

    template = "dkfds/layout/folded_on_phone.html"
    #: The most characters of what stands in it that the heading tells.
    MOST_CHARACTERS = 60

    def __init__(self, summary: str | Promise, *fields: Any) -> None:
        super().__init__(*fields)
        self.summary = summary
        self.is_folded = False
        self.content = ""

    def render(self, form: BaseForm, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return the fields below their heading."""
        fields = [form[pointer.name] for pointer in self.get_field_names()]
        self.is_folded = not any(field.errors or self._is_lacking(field) for field in fields)
        self.content = next(filter(None, map(self._in_words, fields)), "")
        html: SafeString = super().render(form, context, *args, **kwargs)
        return html

    @staticmethod
    def _is_lacking(field: BoundField) -> bool:
        return bool(field.field.required and not field.value())

    def _in_words(self, field: BoundField) -> str:
        """Return the value as the reader sees it, of a long text its beginning."""
        value = field.value()
        if value and isinstance(field.field, ModelChoiceField):
            try:
                value = field.field.to_python(value)
            except ValidationError:
                return ""
        return Truncator(" ".join(str(value or "").split())).chars(self.MOST_CHARACTERS)
