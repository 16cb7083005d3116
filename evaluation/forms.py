"""Forms of the trial's pages: what is looked at, and the municipalities' own target groups."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality, Project
from evaluation.models import TargetGroupCount
from jobfirst.kit.forms import DateInput, DigitsInput, ModelForm, form_helper


class TrialForm(forms.Form):
    """Which project, and which day, the trial is looked at."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.order_by("name"),
        to_field_name="slug",
        required=False,
        label=gettext_lazy("Project"),
        empty_label=gettext_lazy("All"),
    )
    on = forms.DateField(label=gettext_lazy("As of"), widget=DateInput, required=False)


class TargetGroupForm(ModelForm[TargetGroupCount]):
    """A municipality's own target groups on a day; the same day again corrects it."""

    class Meta:
        model = TargetGroupCount
        fields = ("municipality", "as_of", "resource_programme", "activity_ready")
        widgets = {"as_of": DateInput, "resource_programme": DigitsInput, "activity_ready": DigitsInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipality: Any = self.fields["municipality"]  # a ModelChoiceField, made from the model
        municipality.queryset = Municipality.objects.exclude(place=None).order_by("name")
        self.helper = form_helper(_("Save"))

    def clean(self) -> dict[str, Any]:
        """Take up the count that is there for that day: saving corrects it."""
        stated = super().clean() or self.cleaned_data
        if stated.get("municipality") and stated.get("as_of"):
            counts = TargetGroupCount.objects.filter(
                municipality=stated["municipality"], as_of=stated["as_of"]
            )
            self.instance = counts.first() or self.instance
        return stated
