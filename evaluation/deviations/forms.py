"""The forms that record, correct and withdraw a deviation from the protocol (D59)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.forms.corrections import ReasonFormMixin, WithdrawRowForm
from cases.free_text import NO_PERSON
from evaluation.deviations.actions import (
    correct_deviation,
    may_be_without_reason,
    record_deviation,
    withdraw_deviation,
)
from evaluation.deviations.models import ARM_OF_KIND, Deviation, DeviationKind
from jobfirst import mode
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from randomization.models import Allocation


class DeviationForm(EditFormMixin, ModelForm[Deviation]):
    """Kind, day and reason of a deviation."""

    class Meta:
        model = Deviation
        fields = ("kind", "happened_on", "reason")
        labels = {"happened_on": gettext_lazy("Day it happened")}
        widgets = {"happened_on": DateInput, "reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, *args: Any, allocation: Allocation | None, today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._allocation = allocation
        self._not_after = mode.last_day_allowed(today)
        kinds = [
            (kind, label)
            for kind, label in DeviationKind.choices
            if allocation is None or ARM_OF_KIND.get(kind, allocation.arm) == allocation.arm
        ]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]  # a choice field
        self.fields["reason"].help_text = str(NO_PERSON)

    @property
    def values(self) -> dict[str, Any]:
        """The cleaned values of the deviation."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class RecordDeviationForm(OnceMixin, DeviationForm):
    """A deviation of a citizen of the led project."""

    title = gettext_lazy("Record a deviation")
    intro = gettext_lazy(
        "The citizen is still analysed in the arm that was drawn. The deviation is shown in the flow of the "
        "trial, and a second analysis takes it into account."
    )
    submit = gettext_lazy("Record")
    success = gettext_lazy("The deviation is recorded. The draw stands as it is.")
    as_agency = False

    def save(self, *, by: User, today: datetime.date) -> Deviation:
        """Record the deviation."""
        return record_deviation(
            self.allocation,
            **self.values,
            by=by,
            as_agency=self.as_agency,
            not_after=self._not_after,
            submission=self.submission,
        )

    @property
    def allocation(self) -> Allocation:
        """The draw of the citizen."""
        assert self._allocation is not None
        return self._allocation


class RecordTrialDeviationForm(RecordDeviationForm):
    """A deviation that the agency records, of the citizen with a number in the ledger."""

    as_agency = True
    field_order = ("number",)

    number = forms.IntegerField(
        label=gettext_lazy("Number in the ledger"), min_value=1, max_value=2**31 - 1, widget=DigitsInput
    )

    def clean_number(self) -> Allocation:
        """Find the draw of that number."""
        allocation = Allocation.objects.filter(sequence=self.cleaned_data["number"]).first()
        if allocation is None:
            raise forms.ValidationError(_("Nobody is drawn with this number."), code="unknown")
        return allocation

    @property
    def allocation(self) -> Allocation:
        """The draw of the number."""
        allocation: Allocation = self.cleaned_data["number"]
        return allocation


class CorrectDeviationForm(VersionedFormMixin, ReasonFormMixin, DeviationForm):
    """Correct kind, day or reason of a deviation."""

    title = gettext_lazy("Correct the deviation")
    success = gettext_lazy("The correction is saved.")

    def __init__(self, *args: Any, instance: Deviation, by: User, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, allocation=instance.allocation, **kwargs)
        self.ask_reason(is_needed=not may_be_without_reason(instance, by))

    def save(self, *, by: User, today: datetime.date) -> Deviation:
        """Save the correction."""
        return correct_deviation(
            self.instance,
            self.values,
            by=by,
            reason=self.reason,
            version=self.opened_version,
            not_after=self._not_after,
        )


class WithdrawDeviationForm(WithdrawRowForm):
    """Withdraw a deviation that was recorded in error."""

    title = gettext_lazy("Entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the deviation."""
        withdraw_deviation(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)
