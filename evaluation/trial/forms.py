"""Forms of the trial's pages: project and day of the report, and the municipalities' own target groups."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import Municipality, Project, User
from evaluation.models import TargetGroupCount
from evaluation.trial.target_groups import MunicipalityCount, save_count
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput, DigitsInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class TrialForm(forms.Form):
    """The project (none: all) and the day of the report."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Project"),
        empty_label=gettext_lazy("All"),
    )
    on = DayField(label=gettext_lazy("As of"), widget=DateInput, required=False)


class TargetGroupForm(VersionedFormMixin, EditFormMixin, ModelForm[TargetGroupCount]):
    """A municipality's own target groups on a day; entering the same day again corrects them.

    It is opened empty: when the day has other numbers already, both are shown before they are corrected.
    """

    title = gettext_lazy("Target groups of a municipality")
    intro = gettext_lazy(
        "How many citizens the municipality has in each target group. The mix of both arms should mirror it."
    )
    success = gettext_lazy("The target groups are saved.")

    class Meta:
        model = TargetGroupCount
        fields = ("municipality", "as_of", "resource_programme", "activity_ready")
        widgets = {"as_of": DateInput, "resource_programme": DigitsInput, "activity_ready": DigitsInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, version=0, **kwargs)
        municipality: Any = self.fields["municipality"]  # a ModelChoiceField, made from the model
        municipality.queryset = Municipality.objects.exclude(place=None).order_by("name")

    def clean(self) -> dict[str, Any]:
        """Bind the form to the existing count of that day, which saving then corrects."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("municipality") and cleaned.get("as_of"):
            counts = TargetGroupCount.objects.filter(
                municipality=cleaned["municipality"], as_of=cleaned["as_of"]
            )
            self.instance = counts.first() or self.instance
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> None:
        """Save the count, or correct the existing count of the day."""
        save_count(
            MunicipalityCount(
                self.cleaned_data["municipality"].pk,
                self.cleaned_data["as_of"],
                self.cleaned_data["resource_programme"],
                self.cleaned_data["activity_ready"],
            ),
            self.opened_version,
        )
