"""Form kit: widgets that bring the right keyboard on a phone, and the crispy helper all forms share."""

import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext as _


class DateInput(forms.DateInput):
    """The browser's own date picker; ISO on the wire, the reader's format on the screen."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%Y-%m-%dT%H:%M")


class DigitsInput(forms.TextInput):
    """Digits only (CPR, CVR, P-number): the phone's number pad, never remembered by the browser."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "jf-digits"}
        super().__init__(attrs={**base, **(attrs or {})})


class DecimalInput(forms.TextInput):
    """Hours or kroner with a comma or a point: the phone's decimal pad."""

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
    """The helper of an ordinary form: errors beside the fields and summed up on top, one button, a way out.

    The browser's own checks are off: ours are in the reader's language and say how to mend what is wrong.
    """
    helper = FormHelper()
    helper.form_method = method
    helper.form_tag = form_tag
    helper.form_class = f"jf-form {css_class}".strip()
    helper.attrs = {"novalidate": "novalidate", "autocomplete": "off"}
    if action:
        helper.form_action = action
    helper.layout = layout
    if form_tag:
        helper.add_input(Submit("", submit or _("Save"), css_class="button-primary"))
    helper.cancel_url = cancel_url
    helper.cancel_label = _("Cancel")
    return helper


class OnceMixin(forms.BaseForm):
    """For a form that makes a row: carries a token of its own, so that the same form sent twice makes one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"] = forms.UUIDField(
            widget=forms.HiddenInput, initial=uuid.uuid4, required=False
        )

    @property
    def submission(self) -> uuid.UUID | None:
        """The token of this form; None when somebody posts without one."""
        submission: uuid.UUID | None = self.cleaned_data.get("submission")
        return submission


def submission_token(text: str) -> uuid.UUID | None:
    """Return the token of a form that makes one row however often it is sent; None for anything else."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
