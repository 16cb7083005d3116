"""The forms of the draw: which project (and in a rehearsal which day), and corrections afterwards."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from jobfirst import mode
from jobfirst.kit.forms import DateInput, ModelForm, OnceMixin, form_helper
from randomization.models import Allocation, AllocationEvent, EventKind


class DrawForm(forms.Form):
    """Asks before drawing; there is no way back (D5)."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), to_field_name="slug", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, projects: QuerySet[Project], today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        project: Any = self.fields["project"]  # the ModelChoiceField above
        project.queryset = projects
        if mode.is_rehearsal():
            self.fields["on"] = forms.DateField(
                label=_("Day of the draw"),
                widget=DateInput,
                initial=today,
                help_text=_("Only in a rehearsal. A real trial draws on the day itself."),
            )
        self.helper = form_helper(_("Draw now"))

    @property
    def on(self) -> datetime.date:
        """The day of allocation: the one given in a rehearsal, otherwise today."""
        return self.cleaned_data.get("on") or self._today


class EventForm(OnceMixin, ModelForm[AllocationEvent]):
    """A correction to a drawn citizen. It changes nothing of the draw, and cannot be taken back."""

    class Meta:
        model = AllocationEvent
        fields = ("kind", "happened_on", "reason")
        labels = {"happened_on": gettext_lazy("Day it happened")}
        widgets = {"happened_on": DateInput, "reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, *args: Any, allocation: Allocation, not_after: datetime.date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._allocation, self._not_after = allocation, not_after
        self.fields["reason"].help_text = _("Write why, without CPR numbers. The agency does not see it.")
        self.helper = form_helper(_("Record"))

    def clean_happened_on(self) -> datetime.date:
        """A day from the draw on, and not in the future."""
        day: datetime.date = self.cleaned_data["happened_on"]
        is_error = self.cleaned_data.get("kind") == EventKind.REFERRED_IN_ERROR
        if day < self._allocation.allocated_on and not is_error:
            raise forms.ValidationError(_("The day must not be before the draw."))
        if self._not_after and day > self._not_after:
            raise forms.ValidationError(_("The day must not be in the future."))
        return day
