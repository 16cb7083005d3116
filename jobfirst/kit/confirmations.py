"""Boxes that nobody needs until something unusual is to be entered, and that then say it is meant."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def far_from(before: Decimal, now: Decimal) -> bool:
    """Whether a number differs by more than half from what it was; never from nothing."""
    return bool(before) and 2 * abs(now - before) > before


class AskedMixin(forms.BaseForm):
    """A form with hidden boxes; an error said of one brings it."""

    asked: tuple[str, ...] = ()

    def add_box(self, name: str, label: Any) -> None:
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
            said = _("Very different from before: %(fields)s. Tick the box if that is what is meant.")
            self.add_error("sure", forms.ValidationError(said, params={"fields": ", ".join(named)}))

    def _show(self, name: str) -> None:
        self.fields[name].widget = forms.CheckboxInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Said of a box, an error brings the box."""
        if field in self.asked:
            self._show(field)
        super().add_error(field, error)
