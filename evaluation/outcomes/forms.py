"""The months of the page of results."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.outcomes.period import OutcomePeriod
from jobfirst.exchange.rows import iso_month
from jobfirst.kit.days import written_day
from jobfirst.values.dates import MONTH


class PeriodForm(forms.Form):
    """The first and the last month, of those in which there may be outcomes; empty: the whole period."""

    first = forms.ChoiceField(label=gettext_lazy("From month"), required=False)
    last = forms.ChoiceField(label=gettext_lazy("To month"), required=False)

    def __init__(self, *args: Any, whole: OutcomePeriod | None, **kwargs: Any) -> None:
        """`whole` are the months to choose from."""
        super().__init__(*args, **kwargs)
        months = [(f"{month:%Y-%m}", str(written_day(month, "F Y"))) for month in _months(whole)]
        for name, empty in (("first", _("The first one")), ("last", _("The last one"))):
            field: Any = self.fields[name]
            field.choices = [("", empty), *months]
        self.whole = whole

    def clean(self) -> dict[str, Any]:
        """Refuse a first month after the last one."""
        cleaned = super().clean() or self.cleaned_data
        first, last = (iso_month(cleaned.get(name) or "") for name in ("first", "last"))
        if first and last and first > last:
            self.add_error("first", _("The first month lies after the last one."))
        return cleaned

    @property
    def period(self) -> OutcomePeriod | None:
        """The chosen months, the whole period for what is not chosen or cannot be read."""
        if self.whole is None or not self.is_bound or not self.is_valid():
            return self.whole
        first, last = (iso_month(self.cleaned_data[name]) for name in ("first", "last"))
        return OutcomePeriod(first or self.whole.first, last or self.whole.last)


def _months(whole: OutcomePeriod | None) -> list[datetime.date]:
    months = []
    month = whole.first if whole else None
    while whole and month and month <= whole.last:
        months.append(month)
        month += MONTH
    return months
