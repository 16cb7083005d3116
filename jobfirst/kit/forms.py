"""Form kit: widgets with the right keyboard on a phone, and the crispy helper shared by all forms."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _


class DateInput(forms.DateInput):
    """The browser's date picker; sends ISO dates and shows the reader's format."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class TimeInput(forms.TimeInput):
    """The browser's picker of a time of day."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%H:%M")


class DigitsInput(forms.TextInput):
    """Digits only (CPR, CVR, P-number): number pad on a phone, no autocomplete."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "jf-digits"}
        super().__init__(attrs={**base, **(attrs or {})})


class PhoneInput(forms.TextInput):
    """A phone number: the phone's own number pad."""

    input_type = "tel"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", "class": "jf-phone", **(attrs or {})})


class DecimalInput(forms.TextInput):
    """Hours or kroner with a comma or a point: decimal pad on a phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "jf-short", **(attrs or {})}
        )


def form_helper(
    submit: str = "",
    *,
    layout: Layout | None = None,
    action: str = "",
    cancel_url: str = "",
    css_class: str = "",
    method: str = "post",
    form_tag: bool = True,
) -> FormHelper:
    """Return the crispy helper of a form: errors beside the fields and in a summary, a button, a cancel link.

    The browser's own validation is off: our messages are in the reader's language and say how to correct the
    input.
    """
    helper = FormHelper()
    helper.form_method = method
    helper.form_tag = form_tag
    helper.form_class = f"jf-form {css_class}".strip()
    helper.attrs = {"novalidate": "novalidate", "autocomplete": "off"}
    if action:
        helper.form_action = action
    helper.layout = layout
    helper.render_hidden_fields = True  # a layout need not name them
    if form_tag:
        helper.add_input(Submit("", submit or _("Save"), css_class="button-primary"))
    helper.cancel_url = cancel_url
    helper.cancel_label = _("Cancel")
    return helper


class OnceMixin(forms.BaseForm):
    """For a form that makes a row: carries a token, so that the same form sent twice makes one row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"] = forms.UUIDField(
            widget=forms.HiddenInput, initial=uuid.uuid4, required=False
        )

    @property
    def submission(self) -> uuid.UUID | None:
        """The token of this form; None when it was sent without one."""
        submission: uuid.UUID | None = self.cleaned_data.get("submission")
        return submission


def submission_token(text: str) -> uuid.UUID | None:
    """Return the submission token in `text`, or None when it is not a token."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
