"""The thresholds of the core elements: which hold on a day, and a new one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evaluation.fidelity.models import FidelityThreshold
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.validators import without_cpr


def thresholds_on(day: datetime.date) -> Mapping[int, FidelityThreshold]:
    """Return the threshold of each element that is in force on the day, by its number; none before the first.
    One query."""
    rows = FidelityThreshold.objects.filter(valid_from__lte=day).order_by("valid_from")
    return {row.element: row for row in rows}


class ThresholdForm(OnceMixin, EditFormMixin, ModelForm[FidelityThreshold]):
    """A new threshold of an element, from a day on; the earlier ones stay as they were."""

    title = _("Threshold of a core element")
    intro = _(
        "The share of the begun courses that is to meet the element. It holds from the day you state, and is "
        "the trial's own choice."
    )
    success = _("The threshold is entered.")

    class Meta:
        model = FidelityThreshold
        fields = ("element", "valid_from", "percent", "reason")
        widgets = {"valid_from": DateInput, "percent": DigitsInput}

    def clean_reason(self) -> str:
        """The reason without a CPR number."""
        reason: str = self.cleaned_data["reason"]
        without_cpr(reason)
        return reason

    def save(self, *, by: User, today: datetime.date) -> Any:
        """Save the threshold; the same form again saves nothing."""
        with transaction.atomic():
            if self.submission and FidelityThreshold.objects.filter(submission=self.submission).exists():
                return
            self.instance.entered_by = by
            self.instance.submission = self.submission
            self.instance.save()
