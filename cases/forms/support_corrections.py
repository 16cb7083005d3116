"""Forms that correct needs, efforts and accommodations, or withdraw them (D11, D41)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.support_corrections import SupportRow, correct_support, restore_support, withdraw_support
from cases.forms.corrections import ReasonFormMixin, RestoreRowForm, WithdrawRowForm
from cases.forms.course_form import CourseFormMixin
from cases.models import Accommodation, ParallelEffort, UncoveredNeed
from jobfirst.kit.forms import DateInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

TEXT = forms.Textarea(attrs={"rows": 3})


class CorrectSupportForm(VersionedFormMixin, ReasonFormMixin, CourseFormMixin, ModelForm[Any]):
    """Base of the forms that correct a row of the support section."""

    success = _("The correction is saved.")

    def __init__(self, *args: Any, instance: SupportRow, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.ask_reason(is_needed=True)

    def save(self, *, by: User, today: datetime.date) -> SupportRow:
        """Save the correction."""
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        return correct_support(self.instance, values, by=by, reason=self.reason, version=self.opened_version)


class CorrectNeedForm(CorrectSupportForm):
    """Correct a need, and when and how it was covered; without the day it is not covered."""

    title = _("Correct the need")

    class Meta:
        model = UncoveredNeed
        fields = ["description", "noted_on", "covered_on", "covered_how"]
        widgets = {
            "description": TEXT,
            "covered_how": TEXT,
            "noted_on": DateInput,
            "covered_on": DateInput,
        }
        labels = {
            "description": _("Need"),
            "noted_on": _("Noted on"),
            "covered_on": _("Covered on"),
            "covered_how": _("How was it covered?"),
        }


class CorrectEffortForm(CorrectSupportForm):
    """Correct a parallel effort."""

    title = _("Correct the effort")

    class Meta:
        model = ParallelEffort
        fields = ["kind", "description", "coordinator", "starts_on", "ends_on"]
        widgets = {"description": TEXT, "starts_on": DateInput, "ends_on": DateInput}
        labels = {
            "kind": _("Kind"),
            "description": _("What"),
            "coordinator": _("Who coordinates?"),
            "starts_on": _("From"),
            "ends_on": _("To"),
        }


class CorrectAccommodationForm(CorrectSupportForm):
    """Correct the words and the days of an accommodation; its limits have a page of their own."""

    title = _("Correct the accommodation")

    class Meta:
        model = Accommodation
        fields = ["description", "from_on", "until_on"]
        widgets = {"description": TEXT, "from_on": DateInput, "until_on": DateInput}
        labels = {"description": _("Accommodation"), "from_on": _("From"), "until_on": _("To")}


class WithdrawSupportForm(WithdrawRowForm):
    """Withdraw a row of the support section."""

    title = _("Entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the row."""
        withdraw_support(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestoreSupportForm(RestoreRowForm):
    """Let a row of the support section stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let it stand again."""
        restore_support(self.row, by=by, reason=self.reason, version=self.version_seen)
