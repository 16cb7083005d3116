"""Forms of the trial's pages: project and day of the report, and the municipalities' own target groups."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality, Project, User
from evaluation.models import TargetGroupCount
from evaluation.trial.target_groups import MunicipalityCount, save_count
from jobfirst.kit.days import written_day
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DateInput, DigitsInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class TrialForm(forms.Form):
    """The project (none: all) and the day of the report: today, or the end of a published month.

    No other day is offered: two days close to each other would tell what happened to few between them.
    """

    project = forms.ChoiceField(label=gettext_lazy("Project"), required=False)
    on = forms.ChoiceField(label=gettext_lazy("As of"), required=False)

    def __init__(
        self, *args: Any, projects: Sequence[Project], days: Iterable[datetime.date], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._projects = {project.slug: project for project in projects}
        self._days = {day.isoformat(): day for day in days}
        names = [(slug, project.name) for slug, project in self._projects.items()]
        written = [(text, str(written_day(day, "DATE_FORMAT"))) for text, day in self._days.items()]
        self.fields["project"].choices = [("", _("All")), *names]  # type: ignore[attr-defined]  # a choice field
        self.fields["on"].choices = [("", _("Today")), *written]  # type: ignore[attr-defined]  # a choice field

    @property
    def chosen_project(self) -> Project | None:
        """The chosen project; None: all of them."""
        return self._projects.get(self._chosen("project"))

    @property
    def chosen_day(self) -> datetime.date | None:
        """The chosen day; None: today."""
        return self._days.get(self._chosen("on"))

    def _chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "") if self.is_valid() else ""


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
