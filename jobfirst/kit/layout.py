"""Parts of a form's layout beyond those of crispy forms."""

from typing import Any

from crispy_forms.layout import Div
from django.forms import BaseForm
from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Folded(Div):
    """Fields that are rarely needed, folded away under `summary` while none has a value or an error."""

    template = "dkfds/layout/folded.html"

    def __init__(self, summary: str | Promise, *fields: Any) -> None:
        super().__init__(*fields)
        self.summary = summary
        self.is_open = False

    def render(self, form: BaseForm, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        """Return the fields, open when one of them is filled in or refused."""
        names = [pointer.name for pointer in self.get_field_names()]
        self.is_open = any(form[name].errors or form[name].value() for name in names)
        html: SafeString = super().render(form, context, *args, **kwargs)
        return html
