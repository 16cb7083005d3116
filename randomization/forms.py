"""The one form of the draw: which project, and in a rehearsal which day."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from jobfirst import mode
from jobfirst.kit.forms import DateInput, OnceMixin, form_helper
from randomization.models import Allocation, AllocationEvent


class DrawForm(forms.Form):
    """Asks before drawing; there is no way back (D5)."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), to_field_name="slug", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, projects: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
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


class EventForm(OnceMixin, forms.ModelForm):
    """A correction to a drawn citizen. It changes nothing of the draw, and cannot be taken back."""

    class Meta:
        model = AllocationEvent
        fields = ("kind", "happened_on", "reason")
        labels = {"happened_on": gettext_lazy("Day it happened")}
        widgets = {"happened_on": DateInput, "reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, allocation: Allocation, not_after: datetime.date | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._allocation, self._not_after = allocation, not_after
        self.fields["reason"].help_text = _("Write why, without CPR numbers. The agency does not see it.")
        self.helper = form_helper(_("Record"))

    def clean_happened_on(self) -> datetime.date:
        """A day from the draw on, and not in the future."""
        day = self.cleaned_data["happened_on"]
        if day < self._allocation.allocated_on and self.cleaned_data.get("kind") != "referred_in_error":
            raise forms.ValidationError(_("The day must not be before the draw."))
        if self._not_after and day > self._not_after:
            raise forms.ValidationError(_("The day must not be in the future."))
        return day
