"""Confirmation checkboxes, shown only when a value is unusual."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # a name of the type stubs


def far_from(before: Decimal, now: Decimal) -> bool:
    """Whether a number differs by more than half from what it was; never from nothing."""
    return bool(before) and 2 * abs(now - before) > before


class AskedMixin(forms.BaseForm):
    """A form with hidden checkboxes; an error of one of them shows it."""

    asked: tuple[str, ...] = ()

    def add_box(self, name: str, label: "str | _StrPromise") -> None:
        """Add a box at the end of the form, hidden until it is asked for."""
        self.fields[name] = forms.BooleanField(label=label, required=False, widget=forms.HiddenInput)
        self.asked = (*self.asked, name)
        if self.data.get(name):
            self._show(name)

    def add_sure(self) -> None:
        """The box for what differs much from before."""
        self.add_box("sure", _("Yes, it is meant to differ this much"))

    def ask_sure(self, named: list[str]) -> None:
        """Ask for the box, unless it is ticked; `named` are the labels of what differs much."""
        if named and not self.cleaned_data.get("sure"):
            message = _("Very different from before: %(fields)s. Tick the box if that is what is meant.")
            self.add_error("sure", forms.ValidationError(message, params={"fields": ", ".join(named)}))

    def _show(self, name: str) -> None:
        self.fields[name].widget = forms.CheckboxInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the checkbox that the error is about, if it is one."""
        if field in self.asked:
            self._show(field)
        super().add_error(field, error)
