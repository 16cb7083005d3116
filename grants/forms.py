"""The choice of year and cut-off above a statement."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from grants.statement import Draft, NoTermsError, compute, default_cut_off
from jobfirst.kit.forms import DateInput, DigitsInput


class StatementForm(forms.Form):
    """Which statement to show. An empty cut-off is 31 December of the year."""

    year = forms.IntegerField(
        label=_("Year"), min_value=2015, max_value=2199, widget=DigitsInput(attrs={"class": "jf-short"})
    )
    cut_off = forms.DateField(
        label=_("Cut-off"),
        required=False,
        widget=DateInput(),
        help_text=_("Empty: 31 December of the year."),
    )

    def __init__(self, data: Any, *, year: int) -> None:
        """`data` is the query string; without a year in it, `year` is shown."""
        given = data.dict()
        super().__init__({**given, "year": given.get("year") or year})

    def clean(self) -> dict[str, Any]:
        """Fill in the cut-off that follows from the year."""
        cleaned = super().clean() or self.cleaned_data
        if "year" in cleaned and not cleaned.get("cut_off") and "cut_off" not in self.errors:
            cleaned["cut_off"] = default_cut_off(cleaned["year"])
        return cleaned

    def draft(self, projects: Iterable[Project]) -> Draft | None:
        """The statement that was asked for; None, with the reason beside the field, if there is none."""
        if not self.is_valid():
            return None
        try:
            return compute(self.cleaned_data["year"], self.cleaned_data["cut_off"], projects)
        except NoTermsError as error:
            self.add_error("cut_off", str(error))
            return None
