"""Confirmation checkboxes, shown only when a value is unusual."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # a name of the type stubs


def differs_much(before: Decimal, now: Decimal) -> bool:
    """Whether a number differs by more than half from what it was; False when it was zero."""
    return bool(before) and 2 * abs(now - before) > before


class ConfirmationsMixin(forms.BaseForm):
    """A form with confirmation checkboxes, hidden until an error is added to one of them.

    `confirmations` are their field names.
    """

    confirmations: tuple[str, ...] = ()

    def add_confirmation(self, name: str, label: "str | _StrPromise") -> None:
        """Add a checkbox at the end of the form, hidden until it is needed or ticked."""
        self.fields[name] = forms.BooleanField(label=label, required=False, widget=forms.HiddenInput)
        self.confirmations = (*self.confirmations, name)
        if self.data.get(name):
            self._show(name)

    def add_difference_confirmation(self) -> None:
        """Add the checkbox that confirms values far from the earlier ones (`differs_much`)."""
        self.add_confirmation("sure", _("Yes, it is meant to differ this much"))

    def confirm_differences(self, labels: list[str]) -> None:
        """Refuse the form until the checkbox is ticked; `labels` are those of the fields that differ much."""
        if labels and not self.cleaned_data.get("sure"):
            message = _("Very different from before: %(fields)s. Tick the box if that is what is meant.")
            self.add_error("sure", forms.ValidationError(message, params={"fields": ", ".join(labels)}))

    def _show(self, name: str) -> None:
        self.fields[name].widget = forms.CheckboxInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the checkbox that the error is about, if it is one."""
        if field in self.confirmations:
            self._show(field)
        super().add_error(field, error)
